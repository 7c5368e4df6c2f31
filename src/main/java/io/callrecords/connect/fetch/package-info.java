/** Fetches ranges completely: cut into windows, read page by page, verified. */
@NullMarked
package io.callrecords.connect.fetch;

import org.jspecify.annotations.NullMarked;
