/** The typed offset, and the only code that knows its map form. */
@NullMarked
package io.callrecords.connect.offset;

import org.jspecify.annotations.NullMarked;
