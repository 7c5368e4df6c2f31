/** Time ranges, day splits and their planning: pure. */
@NullMarked
package io.callrecords.connect.split;

import org.jspecify.annotations.NullMarked;
