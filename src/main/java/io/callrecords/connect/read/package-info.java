/** Reads windows, verifies and settles them, and schedules what is read next. */
@NullMarked
package io.callrecords.connect.read;

import org.jspecify.annotations.NullMarked;
