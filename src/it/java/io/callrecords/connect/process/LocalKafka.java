package io.callrecords.connect.process;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs a broker and a distributed worker with the packaged plugin until Ctrl-C, for who has no
 * Kafka: at the addresses that the example configurations name.
 */
public final class LocalKafka {
  private static final String BROKER = "localhost:9092";
  private static final String WORKER = "http://localhost:8083";
  private static final int MEGABYTES = 768;

  private LocalKafka() {}

  /**
   * Starts both.
   *
   * @param args nothing, or how many seconds until it ends by itself
   */
  public static void main(String[] args) throws InterruptedException {
    List<Integer> taken = Stream.of(9092, 8083).filter(LocalKafka::isTaken).toList();
    if (!taken.isEmpty()) {
      System.err.println(
          "Somebody else listens at "
              + taken.stream().map(port -> "localhost:" + port).collect(joining(" and "))
              + ", such as a demo or another worker: end that first.");
      System.exit(1);
    }
    run(args);
  }

  /** Another worker there would answer as if it were this one. */
  private static boolean isTaken(int port) {
    try (Socket socket = new Socket("localhost", port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static void run(String[] args) throws InterruptedException {
    long seconds = args.length > 0 && !args[0].isBlank() ? Long.parseLong(args[0]) : 0;
    try (LocalCluster cluster =
        new LocalCluster(BrokerProcess.start("local-broker", BROKER), new ArrayList<>())) {
      Map<String, String> settings =
          Map.of(
              "bootstrap.servers",
              BROKER,
              "listeners",
              WORKER,
              "plugin.path",
              System.getProperty("plugins.folder"),
              // A worker of which there is one has nobody to wait for.
              "scheduled.rebalance.max.delay.ms",
              "0");
      cluster
          .workers()
          .add(
              WorkerProcess.launch(
                  "local-worker",
                  Platform.ofTests(),
                  WorkerJvm.small(MEGABYTES),
                  settings,
                  Map.of()));
      cluster.worker().awaitReady();
      say("broker  " + BROKER);
      say("worker  " + WORKER);
      say("logs    target/process-logs/local-broker.log, local-worker.log");
      // Ctrl-C ends this process, and what it has started with it.
      new CountDownLatch(1).await(seconds > 0 ? seconds : Long.MAX_VALUE, TimeUnit.SECONDS);
    }
  }

  private static void say(String line) {
    System.out.println(line);
  }
}
