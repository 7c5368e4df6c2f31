/** A simulator of the call-records API, written from its documentation alone. */
@NullMarked
package io.callrecords.simulator;

import org.jspecify.annotations.NullMarked;
