/** Makes source records of what was read. */
@NullMarked
package io.callrecords.connect.convert;

import org.jspecify.annotations.NullMarked;
