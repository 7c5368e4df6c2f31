package io.callrecords.connect.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.callrecords.connect.ConnectorFile;
import io.callrecords.simulator.Simulator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Starts a worker with the settings of the one in a container, which come from its environment, and
 * creates the connector that goes with it.
 */
@Tag("slow")
class DeployWorkerIT {
  private static final Path SETTINGS =
      Path.of(
          System.getProperty("basedir", ""), "config", "deploy", "connect-distributed.properties");

  private static final int CALLS = 200;
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  /** Of a copy that lies deeper than the plugin that each worker of the tests has. */
  private static final String VERSION = "98.1.0";

  @TempDir private Path folder;

  @Test
  void bringsTheCallsOfTheSimulatedApi() throws IOException {
    // As deep as Strimzi unpacks a ZIP: under the plugin's name, and a folder for each artifact.
    Path plugins = folder.resolve("plugins");
    PluginZip.find()
        .withVersion(VERSION, folder)
        .unpackInto(plugins.resolve("kafka-connect-call-records").resolve("0a1b2c3d"));
    try (BrokerProcess broker = BrokerProcess.start("deploy-broker");
        Simulator account = Simulator.builder().calls(CALLS, Duration.ofDays(2)).start();
        WorkerProcess worker = worker(broker, plugins);
        TopicReader topic = new TopicReader(broker.bootstrapServers(), "call-records")) {
      worker.awaitReady();
      ConnectorFile file = ConnectorFile.read("deploy/call-records.json");
      worker.rest().create(file.name(), file.with(Map.of("api.url", account.url())));

      worker.await(
          "the calls are in the topic",
          PATIENCE,
          () -> {
            worker.rest().failIfFailed(file.name());
            topic.read();
            return topic.count() > 0 && topic.distinct().containsAll(account.ids());
          });
      assertThat(topic.repeated()).isEmpty();
      JsonNode status = worker.rest().status(file.name());
      assertThat(status.path("connector").path("version").asText()).isEqualTo(VERSION);
    }
  }

  private static WorkerProcess worker(BrokerProcess broker, Path plugins) throws IOException {
    Properties file = new Properties();
    try (InputStream in = Files.newInputStream(SETTINGS)) {
      file.load(in);
    }
    Map<String, String> settings = new HashMap<>();
    file.stringPropertyNames().forEach(key -> settings.put(key, file.getProperty(key)));
    // Paths and ports of a container.
    settings.remove("listeners");
    settings.put("plugin.path", plugins.toString());
    return WorkerProcess.launch(
        "deploy-worker",
        Platform.ofTests(),
        WorkerJvm.small(512),
        settings,
        Map.of(
            "CALL_RECORDS_BOOTSTRAP_SERVERS",
            broker.bootstrapServers(),
            "CALL_RECORDS_ADVERTISED_HOST",
            "127.0.0.1",
            "CALL_RECORDS_API_KEY",
            LocalCluster.KEY,
            "CALL_RECORDS_API_SECRET",
            LocalCluster.SECRET));
  }
}
