package io.callrecords.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How to reach Kafka, for commands that read topics. */
public final class KafkaOptions {
  @Option(
      names = "--bootstrap-server",
      paramLabel = "HOST:PORT",
      description = "A broker of the cluster that holds the topics.")
  private @Nullable String bootstrapServer;

  @Option(
      names = "--command-config",
      paramLabel = "FILE",
      description =
          "Properties of Kafka's clients, such as those of TLS and SASL, as Kafka's own tools take"
              + " them.")
  private @Nullable Path commandConfig;

  /**
   * The settings of a consumer that reads what is committed, and leaves nothing in the cluster: no
   * topic, no group.
   *
   * @param client the settings of a client
   */
  public static Map<String, Object> reading(Map<String, Object> client) {
    Map<String, Object> settings = new TreeMap<>(client);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, IsolationLevel.READ_COMMITTED.toString());
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
    return settings;
  }

  /** Whether a cluster is named. */
  public boolean isGiven() {
    return bootstrapServer != null || commandConfig != null;
  }

  /**
   * The settings of a client.
   *
   * @throws CliException when they cannot be read
   */
  public Map<String, Object> settings() {
    Map<String, Object> settings = new TreeMap<>();
    Path file = commandConfig;
    if (file != null) {
      if (!Files.isRegularFile(file)) {
        throw CliException.usage("--command-config: there is no file " + file);
      }
      Properties properties = new Properties();
      try (Reader reader = Files.newBufferedReader(file, UTF_8)) {
        properties.load(reader);
      } catch (IOException | IllegalArgumentException e) {
        throw CliException.usage(
            "--command-config " + file + " cannot be read: " + e + ". Name a file of properties",
            e);
      }
      properties
          .stringPropertyNames()
          .forEach(key -> settings.put(key, properties.getProperty(key)));
    }
    if (bootstrapServer != null) {
      settings.put("bootstrap.servers", bootstrapServer);
    }
    if (!settings.containsKey("bootstrap.servers")) {
      throw CliException.usage("Which Kafka? Name a broker, as --bootstrap-server localhost:9092");
    }
    return settings;
  }
}
