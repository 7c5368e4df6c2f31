package io.callrecords.connect.process;

import java.util.List;
import java.util.stream.Stream;

/**
 * The JVM of a broker or a worker.
 *
 * @param megabytes how large its heap may grow
 * @param options what else it is started with
 */
public record WorkerJvm(int megabytes, List<String> options) {
  /** One that starts quickly and takes little: for tests. */
  static WorkerJvm small(int megabytes) {
    return new WorkerJvm(megabytes, List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
  }

  /** One with the options that Kafka's own start scripts choose. */
  public static WorkerJvm asDelivered(int megabytes) {
    return new WorkerJvm(
        megabytes,
        List.of(
            "-server",
            "-XX:+UseG1GC",
            "-XX:MaxGCPauseMillis=20",
            "-XX:InitiatingHeapOccupancyPercent=35",
            "-XX:+ExplicitGCInvokesConcurrent"));
  }

  /** The same in a time zone, by default that of the machine. */
  WorkerJvm inZone(String zone) {
    return new WorkerJvm(
        megabytes, Stream.concat(options.stream(), Stream.of("-Duser.timezone=" + zone)).toList());
  }

  /** All as the command line has it. */
  List<String> arguments() {
    return Stream.concat(Stream.of("-Xmx" + megabytes + "m"), options.stream()).toList();
  }
}
