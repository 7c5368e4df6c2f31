package io.callrecords.cli.connect;

import java.util.Map;

/**
 * A partition of a connector and the offset that is stored for it, as a worker returns them.
 *
 * @param partition the partition
 * @param offset the offset
 */
public record StoredOffset(Map<String, Object> partition, Map<String, Object> offset) {}
