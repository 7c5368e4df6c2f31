/** The thread and the clock that a task lives on, its invariants, and how it closes its parts. */
@NullMarked
package io.callrecords.connect.loop;

import org.jspecify.annotations.NullMarked;
