/**
 * What is known of each split: its windows, what was emitted of them, and when they are rechecked.
 */
@NullMarked
package io.callrecords.connect.state;

import org.jspecify.annotations.NullMarked;
