package io.callrecords.connect.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What a connector's audit topic says of the range that it reads. */
final class AuditTrail implements AutoCloseable {
  private final TopicReader topic;
  private final Instant from;
  private final Instant to;

  /**
   * Prepares the reading of an audit topic.
   *
   * @param from where the connector's range begins
   * @param to where it ends
   */
  AuditTrail(String bootstrapServers, String topic, Instant from, Instant to) {
    this.topic = new TopicReader(bootstrapServers, topic);
    this.from = from;
    this.to = to;
  }

  /**
   * Reads on.
   *
   * @return whether all of the range is settled by what has been read
   */
  boolean coversAll() {
    topic.read();
    Instant covered = from;
    for (Settled window : windows()) {
      if (window.from().isAfter(covered)) {
        return false;
      }
      covered = window.to().isAfter(covered) ? window.to() : covered;
    }
    return !covered.isBefore(to);
  }

  /** Reads on, and tells whether all that is committed has been read. */
  boolean readToEnd() {
    return topic.readToEnd();
  }

  /**
   * Expects that each moment of the range was settled, and none twice, but for what was empty: a
   * run that does not know whether that was an outage reads it again.
   */
  void expectNoGapsAndNoOverlaps() {
    List<Instant> starts = new ArrayList<>();
    List<Instant> ends = new ArrayList<>();
    ends.add(from);
    for (Settled window : withoutRepeatedlyEmpty(windows())) {
      starts.add(window.from());
      ends.add(window.to());
    }
    starts.add(to);
    assertThat(starts).as("where windows begin, and where they end").isEqualTo(ends);
    assertThat(windows()).extracting(Settled::outcome).containsOnly("settled");
  }

  /** How many different records the settled windows have brought. */
  long emitted() {
    return windows().stream().mapToLong(Settled::emitted).sum();
  }

  /** How many of them came late. */
  long late() {
    return windows().stream().mapToLong(Settled::late).sum();
  }

  /** The same windows, with empty ones that overlap as one. */
  private static List<Settled> withoutRepeatedlyEmpty(List<Settled> windows) {
    List<Settled> merged = new ArrayList<>();
    for (Settled window : windows) {
      Settled last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
      if (last != null && last.isEmpty() && window.isEmpty() && window.from().isBefore(last.to())) {
        merged.set(merged.size() - 1, last.extendedTo(window.to()));
      } else {
        merged.add(window);
      }
    }
    return merged;
  }

  private List<Settled> windows() {
    return topic.values().stream()
        .map(value -> Settled.of(value.has("payload") ? value.path("payload") : value))
        .sorted(Comparator.comparing(Settled::from))
        .toList();
  }

  /** An audit record, as far as it matters here. */
  private record Settled(Instant from, Instant to, String outcome, long emitted, long late) {
    static Settled of(JsonNode value) {
      return new Settled(
          Instant.ofEpochMilli(value.path("from").asLong()),
          Instant.ofEpochMilli(value.path("to").asLong()),
          value.path("outcome").asText(),
          value.path("emitted").asLong(),
          value.path("late").asLong());
    }

    boolean isEmpty() {
      return emitted == 0;
    }

    Settled extendedTo(Instant end) {
      return end.isAfter(to) ? new Settled(from, end, outcome, emitted, late) : this;
    }
  }

  @Override
  public void close() {
    topic.close();
  }
}
