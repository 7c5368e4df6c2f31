package io.callrecords.connect;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.source.SourceConnectorContext;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;

/**
 * What a worker hands to a connector and its tasks. It is too old to have metrics for plugins, so
 * that a task shows its own.
 *
 * @param offsetStorageReader finds the stored offsets
 * @param errors gets what a connector fails with
 */
public record OldWorker(OffsetStorageReader offsetStorageReader, Consumer<Exception> errors)
    implements SourceTaskContext, SourceConnectorContext {
  /**
   * A worker with stored offsets.
   *
   * @param stored the offsets, by source partition; what is added to them is found, too
   */
  public static OldWorker storing(Map<Map<String, ?>, Map<String, Object>> stored) {
    return storing(
        stored,
        e -> {
          throw new IllegalStateException(e);
        });
  }

  /** The same; a connector that fails tells of it. */
  static OldWorker storing(
      Map<Map<String, ?>, Map<String, Object>> stored, Consumer<Exception> errors) {
    return new OldWorker(new OldWorkerReader(stored), errors);
  }

  @Override
  public Map<String, String> configs() {
    return Map.of();
  }

  @Override
  public PluginMetrics pluginMetrics() {
    throw new NoSuchMethodError("An older worker");
  }

  @Override
  public void requestTaskReconfiguration() {}

  @Override
  public void raiseError(Exception e) {
    errors.accept(e);
  }

  private record OldWorkerReader(Map<Map<String, ?>, Map<String, Object>> stored)
      implements OffsetStorageReader {
    @Override
    public <T> @Nullable Map<String, Object> offset(Map<String, T> partition) {
      return stored.get(partition);
    }

    @Override
    public <T> Map<Map<String, T>, Map<String, Object>> offsets(
        Collection<Map<String, T>> partitions) {
      Map<Map<String, T>, Map<String, Object>> found = new HashMap<>();
      partitions.forEach(partition -> found.put(partition, stored.get(partition)));
      return found;
    }
  }
}
