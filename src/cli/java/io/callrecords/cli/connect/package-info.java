/** Kafka Connect's REST API, as commands use it. */
@NullMarked
package io.callrecords.cli.connect;

import org.jspecify.annotations.NullMarked;
