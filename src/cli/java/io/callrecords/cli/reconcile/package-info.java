/** Compares a topic with what the API returns, and signs what came of it. */
@NullMarked
package io.callrecords.cli.reconcile;

import org.jspecify.annotations.NullMarked;
