/** Reads topics: their records from a time on, and what an audit record says. */
@NullMarked
package io.callrecords.cli.topic;

import org.jspecify.annotations.NullMarked;
