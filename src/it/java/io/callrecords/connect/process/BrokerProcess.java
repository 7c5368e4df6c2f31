package io.callrecords.connect.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;

/** A Kafka cluster of one node, broker and KRaft controller in one process. */
public final class BrokerProcess implements AutoCloseable {
  private static final Duration FORMATS_WITHIN = Duration.ofMinutes(4);
  private static final Duration STARTS_WITHIN = Duration.ofMinutes(4);
  private static final List<String> TOOL_JVM =
      List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
  private static final int MEGABYTES = 512;

  private final ProcessHome home;
  private final JavaProcess process;
  private final String bootstrapServers;

  private BrokerProcess(ProcessHome home, JavaProcess process, String bootstrapServers) {
    this.home = home;
    this.process = process;
    this.bootstrapServers = bootstrapServers;
  }

  /**
   * Starts a broker with new storage and waits until it serves.
   *
   * @param name names the log file, {@code target/process-logs/<name>.log}
   */
  public static BrokerProcess start(String name) {
    return start(name, "127.0.0.1:" + ProcessHome.freePort(), WorkerJvm.small(MEGABYTES));
  }

  /**
   * Starts a broker with new storage at a free address, and waits until it serves.
   *
   * @param name names the log file, {@code target/process-logs/<name>.log}
   * @param jvm its heap, and how else it runs
   */
  static BrokerProcess start(String name, WorkerJvm jvm) {
    return start(name, "127.0.0.1:" + ProcessHome.freePort(), jvm);
  }

  /**
   * Starts a broker with new storage at an address, and waits until it serves.
   *
   * @param name names the log file, {@code target/process-logs/<name>.log}
   */
  static BrokerProcess start(String name, String address) {
    return start(name, address, WorkerJvm.small(MEGABYTES));
  }

  private static BrokerProcess start(String name, String address, WorkerJvm jvm) {
    return start(name, address, jvm, Map.of(), List.of());
  }

  /**
   * Starts a broker with new storage that has a second listener, and waits until it serves. The
   * first listener stays as it is, without encryption or authentication.
   *
   * @param name names the log file, {@code target/process-logs/<name>.log}
   * @param listener the second one, such as {@code SASL_SSL://127.0.0.1:9093}
   * @param settings what else differs in the broker's settings
   * @param format what else its storage is formatted with
   */
  static BrokerProcess start(
      String name, String listener, Map<String, String> settings, List<String> format) {
    String address = "127.0.0.1:" + ProcessHome.freePort();
    Map<String, String> all = new HashMap<>(settings);
    all.put("advertised.listeners", "PLAINTEXT://" + address + "," + listener);
    return start(name, address, WorkerJvm.small(MEGABYTES), all, format);
  }

  private static BrokerProcess start(
      String name,
      String address,
      WorkerJvm jvm,
      Map<String, String> settings,
      List<String> format) {
    ProcessHome home = new ProcessHome(name, Platform.ofTests());
    try {
      Map<String, String> all = config(home.folder(), address);
      all.putAll(settings);
      String controller = all.get("controller.quorum.voters").replace("1@", "CONTROLLER://");
      all.put("listeners", all.get("advertised.listeners") + "," + controller);
      Path config = home.write("server.properties", all);
      List<String> arguments =
          new ArrayList<>(
              List.of(
                  "format",
                  "--cluster-id",
                  Uuid.randomUuid().toString(),
                  "--config",
                  config.toString()));
      arguments.addAll(format);
      home.start(Map.of(), TOOL_JVM, "kafka.tools.StorageTool", arguments)
          .awaitSuccess(FORMATS_WITHIN);
      JavaProcess process =
          home.start(Map.of(), jvm.arguments(), "kafka.Kafka", List.of(config.toString()));
      process.await(
          "the broker serves", STARTS_WITHIN, () -> process.hasPrinted("Kafka Server started"));
      return new BrokerProcess(home, process, address);
    } catch (RuntimeException | Error e) {
      home.close();
      throw e;
    }
  }

  private static Map<String, String> config(Path folder, String address) {
    String controller = "127.0.0.1:" + ProcessHome.freePort();
    Map<String, String> config = new HashMap<>();
    config.put("process.roles", "broker,controller");
    config.put("node.id", "1");
    config.put("advertised.listeners", "PLAINTEXT://" + address);
    config.put("controller.listener.names", "CONTROLLER");
    config.put("controller.quorum.voters", "1@" + controller);
    config.put("log.dirs", folder.resolve("data").toString());
    config.put("num.partitions", "1");
    config.put("offsets.topic.num.partitions", "1");
    config.put("offsets.topic.replication.factor", "1");
    config.put("transaction.state.log.num.partitions", "2");
    config.put("transaction.state.log.replication.factor", "1");
    config.put("transaction.state.log.min.isr", "1");
    config.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
    config.put("share.coordinator.state.topic.replication.factor", "1");
    config.put("share.coordinator.state.topic.min.isr", "1");
    config.put("group.initial.rebalance.delay.ms", "0");
    config.put("group.min.session.timeout.ms", "1000");
    config.put("log.cleaner.dedupe.buffer.size", "4194304");
    return config;
  }

  /**
   * Runs one of Kafka's command-line tools, and expects that it succeeds.
   *
   * @param mainClass the tool
   * @param arguments what it gets
   */
  void run(String mainClass, List<String> arguments) {
    home.start(Map.of(), TOOL_JVM, mainClass, arguments).awaitSuccess(FORMATS_WITHIN);
  }

  /** Where clients find the cluster. */
  public String bootstrapServers() {
    return bootstrapServers;
  }

  /** The number that the system knows its process by. */
  public long id() {
    return process.id();
  }

  @Override
  public void close() {
    home.close();
  }
}
