/** Shows how far a connector is: a calendar of its range, its tasks, and what ails it. */
@NullMarked
package io.callrecords.cli.status;

import org.jspecify.annotations.NullMarked;
