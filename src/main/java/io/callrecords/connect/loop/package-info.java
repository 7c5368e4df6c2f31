/** The one thread and the clock that a task lives on. */
@NullMarked
package io.callrecords.connect.loop;

import org.jspecify.annotations.NullMarked;
