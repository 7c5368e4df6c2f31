package io.callrecords.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.simulator.Fault;
import io.callrecords.simulator.Quirks;
import io.callrecords.simulator.Simulator;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * What a task hands to the worker of a simulated account of which some rows cannot be converted:
 * calls, malformed rows and audits, each in its topic.
 */
final class EmittedRecords {
  /** The topic of the calls, as the shipped files name it. */
  static final String CALLS = "call-records";

  static final String MALFORMED = "call-records-malformed";
  static final String AUDIT = "call-records-audit";

  private static final int COUNT = 200;

  private EmittedRecords() {}

  /** Reads the account to the end of a range, as a task does. */
  static List<SourceRecord> read() {
    return read(Map.of());
  }

  /** The same with further settings. */
  static List<SourceRecord> read(Map<String, String> further) {
    Quirks quirks = Quirks.newBuilder().unknownFields(true).agentAccounts(true).costs(true).build();
    List<SourceRecord> records = new CopyOnWriteArrayList<>();
    Instant end = Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofHours(4));
    Instant start = end.minus(Duration.ofHours(2));
    try (Simulator simulator =
            Simulator.builder()
                .seed(5)
                .quirks(quirks)
                .load((generator, now) -> generator.uniform(COUNT, start, end.minusSeconds(600)))
                .start();
        TaskRun run =
            new TaskRun(
                settings(spoiled(simulator), start, end, further),
                new ConcurrentHashMap<>(),
                records::add)) {
      run.await(() -> hasAll(records, start, end));
      assertThat(run.failure()).isNull();
    }
    assertThat(records).extracting(SourceRecord::topic).contains(CALLS, MALFORMED, AUDIT);
    return List.copyOf(records);
  }

  /** Whether the audits cover the range: nothing further is read of it. */
  private static boolean hasAll(List<SourceRecord> records, Instant start, Instant end) {
    long millis =
        records.stream()
            .filter(record -> record.topic().equals(AUDIT))
            .map(record -> (Struct) record.value())
            .mapToLong(audit -> time(audit, "to") - time(audit, "from"))
            .sum();
    return millis >= Duration.between(start, end).toMillis();
  }

  // Connect's Timestamp is a java.util.Date.
  @SuppressWarnings("JavaUtilDate")
  private static long time(Struct audit, String field) {
    Object value = audit.get(field);
    return value instanceof Date date
        ? date.getTime()
        : Instant.parse(value.toString()).toEpochMilli();
  }

  /** Lets it return texts for some durations, and some rows without an id. */
  private static Simulator spoiled(Simulator simulator) {
    simulator
        .faults()
        .when(
            request -> true,
            Fault.rewritten(
                "rows that cannot be converted",
                body ->
                    body.replace("\"callDuration\":\"7", "\"callDuration\":\"about 7")
                        .replaceAll("\"callSessionId\":\"[0-9]*0\"", "\"callSessionId\":\"\"")));
    return simulator;
  }

  private static Map<String, String> settings(
      Simulator simulator, Instant start, Instant end, Map<String, String> further) {
    Map<String, String> settings = settings(simulator, start, end);
    settings.putAll(further);
    return settings;
  }

  private static Map<String, String> settings(Simulator simulator, Instant start, Instant end) {
    return TestSettings.with(
        "api.url",
        simulator.url(),
        "api.key",
        simulator.key(),
        "api.secret",
        simulator.secret(),
        "topic",
        CALLS,
        "audit.topic",
        AUDIT,
        "malformed.records",
        "topic",
        "malformed.topic",
        MALFORMED,
        "start.time",
        start.toString(),
        "end.time",
        end.toString(),
        "late.arrival.ms",
        "60000",
        "record.timestamp",
        "call.start",
        "poll.interval.ms",
        "100",
        "requests.per.second",
        "500");
  }
}
