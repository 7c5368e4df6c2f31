package io.callrecords.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Proves that whoever reads a topic leaves nothing in the cluster, whatever the file says. */
class KafkaOptionsTest {
  @Test
  void aReaderMakesNoTopicAndJoinsNoGroup() {
    Map<String, Object> settings =
        KafkaOptions.reading(
            Map.of(
                "bootstrap.servers", "localhost:9092",
                "security.protocol", "SSL",
                "group.id", "reports",
                "enable.auto.commit", "true",
                "allow.auto.create.topics", "true",
                "isolation.level", "read_uncommitted"));

    assertThat(settings)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "bootstrap.servers", "localhost:9092",
                "security.protocol", "SSL",
                "enable.auto.commit", "false",
                "allow.auto.create.topics", "false",
                "auto.offset.reset", "earliest",
                "isolation.level", "read_committed"));
  }
}
