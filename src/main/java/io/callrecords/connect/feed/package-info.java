/** What one kind of record is: its path, request fields, schema, id and time. */
@NullMarked
package io.callrecords.connect.feed;

import org.jspecify.annotations.NullMarked;
