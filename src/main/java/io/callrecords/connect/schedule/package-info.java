/** What a task reads next: the live edge, rechecks, the backlog; and how it hands over. */
@NullMarked
package io.callrecords.connect.schedule;

import org.jspecify.annotations.NullMarked;
