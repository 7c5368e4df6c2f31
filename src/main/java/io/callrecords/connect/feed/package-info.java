/** Describes a kind of record, and reads its records from JSON. */
@NullMarked
package io.callrecords.connect.feed;

import org.jspecify.annotations.NullMarked;
