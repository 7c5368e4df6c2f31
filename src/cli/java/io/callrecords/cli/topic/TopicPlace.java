package io.callrecords.cli.topic;

/**
 * Where a record stands in a topic.
 *
 * @param partition the partition's number
 * @param offset its offset there
 * @param timestamp its timestamp, in milliseconds
 */
public record TopicPlace(int partition, long offset, long timestamp) {}
