package io.callrecords.connect.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.storage.StringConverter;
import org.apache.kafka.connect.util.clusters.EmbeddedKafkaCluster;
import org.apache.kafka.connect.util.clusters.WorkerHandle;

/** A Kafka broker and a Connect worker in this process, for as long as the demo runs. */
final class LocalConnect implements AutoCloseable {
  /** Where a Connect worker usually listens. */
  private static final int USUAL_PORT = 8083;

  private static final int PORTS_TRIED = 10;

  private final EmbeddedKafkaCluster kafka;
  private final WorkerHandle worker;
  private final URI url;

  private LocalConnect(EmbeddedKafkaCluster kafka, WorkerHandle worker, URI url) {
    this.kafka = kafka;
    this.worker = worker;
    this.url = url;
  }

  /**
   * Starts both, which takes some seconds.
   *
   * @param atExit gets what has to be done before the process ends
   */
  static LocalConnect start(Consumer<Runnable> atExit) {
    Exit.setShutdownHookAdder(
        (name, hook) -> {
          // The worker would end by itself, before the last records are seen.
          if (name.contains("delete")) {
            atExit.accept(hook);
          }
        });
    Properties broker = new Properties();
    broker.put("transaction.state.log.replication.factor", "1");
    broker.put("transaction.state.log.min.isr", "1");
    broker.put("transaction.state.log.num.partitions", "1");
    broker.put("offsets.topic.num.partitions", "1");
    EmbeddedKafkaCluster kafka = new EmbeddedKafkaCluster(1, broker);
    kafka.start();
    URI url = URI.create("http://localhost:" + freePort());
    WorkerHandle worker = WorkerHandle.start("demo", settings(kafka.bootstrapServers(), url));
    return new LocalConnect(kafka, worker, url);
  }

  private static Map<String, String> settings(String bootstrapServers, URI url) {
    Map<String, String> settings = new HashMap<>();
    settings.put("bootstrap.servers", bootstrapServers);
    settings.put("group.id", "call-records-connect");
    settings.put("listeners", url.toString());
    settings.put("plugin.discovery", "service_load");
    settings.put("exactly.once.source.support", "enabled");
    settings.put("key.converter", StringConverter.class.getName());
    settings.put("value.converter", JsonConverter.class.getName());
    settings.put("value.converter.schemas.enable", "false");
    for (String kept : new String[] {"offset", "config", "status"}) {
      settings.put(kept + ".storage.topic", "call-records-connect-" + kept + "s");
      settings.put(kept + ".storage.replication.factor", "1");
    }
    settings.put("offset.storage.partitions", "1");
    settings.put("status.storage.partitions", "1");
    return settings;
  }

  private static int freePort() {
    for (int port = USUAL_PORT; port < USUAL_PORT + PORTS_TRIED; port++) {
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException e) {
        // Somebody else has it: perhaps a worker of the user's own.
      }
    }
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("No free port", e);
    }
  }

  String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  /** The worker's REST address. */
  URI url() {
    return url;
  }

  void createTopic(String name) {
    kafka.createTopic(name, 1);
  }

  /** A consumer that sees what is committed. */
  KafkaConsumer<byte[], byte[]> consumer() {
    return kafka.createConsumer(Map.of("isolation.level", "read_committed"));
  }

  @Override
  public void close() {
    worker.stop();
    kafka.stop();
  }
}
