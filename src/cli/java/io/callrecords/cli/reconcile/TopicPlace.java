package io.callrecords.cli.reconcile;

/**
 * Where a record stands in a topic.
 *
 * @param partition the partition's number
 * @param offset its offset there
 * @param timestamp its timestamp, in milliseconds
 */
record TopicPlace(int partition, long offset, long timestamp) {}
