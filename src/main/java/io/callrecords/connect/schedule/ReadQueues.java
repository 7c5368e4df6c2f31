package io.callrecords.connect.schedule;

import io.callrecords.connect.fetch.RangeQueue;

/**
 * The queues that a task reads from. {@link BatchSource} hands their results over in this order;
 * {@code Priority} orders their requests.
 *
 * @param live what is new
 * @param recheck windows that were read before and may have gained records
 * @param backlog all else that is unread
 */
record ReadQueues(RangeQueue live, RangeQueue recheck, RangeQueue backlog) {}
