/** What a task tells of itself, through the worker's metrics or as JMX beans of its own. */
@NullMarked
package io.callrecords.connect.metrics;

import org.jspecify.annotations.NullMarked;
