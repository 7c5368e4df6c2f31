package io.callrecords.connect.bench;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;

/**
 * A connector that does nothing but hand over records which are ready: what a worker does with them
 * is all that its speed is made of.
 */
public final class ReadyConnector extends SourceConnector {
  static final String FILE = "file";
  static final String TOPIC = "topic";
  static final String COUNT = "count";
  static final String BATCH = "batch";

  private Map<String, String> settings = Map.of();

  @Override
  public String version() {
    return "1";
  }

  @Override
  public ConfigDef config() {
    return new ConfigDef()
        .define(FILE, ConfigDef.Type.STRING, Importance.HIGH, "records as JSON, one a line")
        .define(TOPIC, ConfigDef.Type.STRING, Importance.HIGH, "where they go")
        .define(COUNT, ConfigDef.Type.LONG, Importance.HIGH, "how many are handed over")
        .define(BATCH, ConfigDef.Type.INT, Importance.HIGH, "how many at once");
  }

  @Override
  public ExactlyOnceSupport exactlyOnceSupport(Map<String, String> connectorConfig) {
    return ExactlyOnceSupport.SUPPORTED;
  }

  @Override
  public Class<? extends Task> taskClass() {
    return ReadyTask.class;
  }

  @Override
  public void start(Map<String, String> newSettings) {
    settings = Map.copyOf(newSettings);
  }

  @Override
  public List<Map<String, String>> taskConfigs(int maxTasks) {
    return List.of(settings);
  }

  @Override
  public void stop() {
    settings = Map.of();
  }
}
