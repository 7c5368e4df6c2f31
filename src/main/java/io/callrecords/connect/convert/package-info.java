/** Converts batches of rows and audits into source records. */
@NullMarked
package io.callrecords.connect.convert;

import org.jspecify.annotations.NullMarked;
