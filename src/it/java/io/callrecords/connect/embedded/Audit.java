package io.callrecords.connect.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.json.JsonConverter;

/**
 * An audit record.
 *
 * @param window the window, as its key says
 * @param value its value
 */
record Audit(TimeRange window, Struct value) {
  /** With these settings, a connector writes records that can be read back with their schemas. */
  static final Map<String, String> SETTINGS =
      Map.of(
          "value.converter",
          JsonConverter.class.getName(),
          "value.converter.schemas.enable",
          "true");

  /** The audit records of a topic that have been read, in the order of their windows. */
  static List<Audit> of(Topic topic) {
    return topic.records().stream()
        .map(record -> new Audit(range(Topic.key(record)), struct(record)))
        .sorted(Comparator.comparing(audit -> audit.window().from()))
        .toList();
  }

  private static TimeRange range(String interval) {
    String[] ends = interval.split("/", -1);
    return new TimeRange(Instant.parse(ends[0]), Instant.parse(ends[1]));
  }

  /** The value of a record of any topic. */
  static Struct struct(ConsumerRecord<byte[], byte[]> record) {
    try (JsonConverter converter = new JsonConverter()) {
      converter.configure(Map.of("schemas.enable", "true"), false);
      return (Struct) converter.toConnectData(record.topic(), record.value()).value();
    }
  }

  /** A number of the value. */
  long number(String field) {
    return value.getInt64(field);
  }

  /** The sum of a number over audit records. */
  static long sum(List<Audit> audits, String field) {
    return sum(audits, audit -> audit.number(field));
  }

  private static long sum(List<Audit> audits, ToLongFunction<Audit> number) {
    return audits.stream().mapToLong(number).sum();
  }

  /** Waits for the audit records of a range, and returns those whose windows touch it. */
  static List<Audit> await(Connector connector, Topic topic, TimeRange range) {
    connector.await(
        "audit records of " + range,
        () -> {
          topic.read();
          return sum(of(topic), audit -> audit.window().intersection(range).seconds())
              >= range.seconds();
        });
    topic.readToEnd();
    return of(topic).stream().filter(audit -> audit.window().overlaps(range)).toList();
  }

  /** Expects that windows follow one another over a range at least, each told of once. */
  static void expectToCover(List<Audit> audits, TimeRange range) {
    Instant at = range.from();
    for (Audit audit : audits) {
      assertThat(audit.window().from()).as("start of a window").isEqualTo(at);
      at = audit.window().to();
    }
    assertThat(at).as("end of the last window").isAfterOrEqualTo(range.to());
  }

  /** Expects of a window that was read when it was settled that its numbers agree. */
  void expectToAddUp() {
    assertThat(value.schema().name()).isEqualTo("io.callrecords.WindowAudit");
    assertThat(value.getString("feed")).isEqualTo("call-center");
    assertThat(value.getString("split")).isEqualTo(Split.of(window.from()).toString());
    assertThat(Split.of(window.from()).range().contains(window)).as("within its day").isTrue();
    assertThat(value.get("from")).isEqualTo(Date.from(window.from()));
    assertThat(value.get("to")).isEqualTo(Date.from(window.to()));
    assertThat(value.getString("outcome")).isEqualTo("settled");
    assertThat(value.getBoolean("unstable")).isFalse();
    assertThat(value.getInt32("passes")).isPositive();
    assertThat(number("emitted")).isEqualTo(number("distinct"));
    assertThat(number("total"))
        .isEqualTo(number("distinct") + number("outside") + number("duplicates"));
  }
}
