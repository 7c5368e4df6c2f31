package io.callrecords.cli.topic;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callrecords.cli.CliException;
import java.time.Duration;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.junit.jupiter.api.Test;

/** What is said of topics that cannot be read. */
class KafkaReadingTest {
  /** A worker makes a topic with its first record. */
  @Test
  void aTopicThatIsNotThereMayHaveNothingYet() {
    MockConsumer<byte[], byte[]> cluster = new MockConsumer<>("none");
    try (KafkaReading reading = new KafkaReading(cluster, Duration.ofSeconds(1))) {
      assertThatThrownBy(() -> reading.ends("calls-audit"))
          .isInstanceOf(CliException.class)
          .hasMessageContaining("Topic calls-audit does not exist, or nothing has been written to")
          .hasMessageContaining("name the cluster")
          .hasMessageContaining("--bootstrap-server");
    }
  }
}
