package io.callrecords.cli.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callrecords.cli.CliException;
import io.callrecords.cli.topic.AuditedWindow;
import io.callrecords.cli.topic.MadeUpTopics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** Proves that each record of the audit topic is read once, whatever happens in between. */
class AuditTopicTest {
  private static final String TOPIC = "calls-audit";
  private static final long HOUR = 3_600_000;

  private final MadeUpTopics topics = new MadeUpTopics(2);
  private final AuditTopic audit = new AuditTopic(topics, TOPIC);

  private void add(int hour) {
    String value =
        """
        {"feed":"call-center","outcome":"settled","emitted":%d,"settledAt":%d,"from":%d,"to":%d}"""
            .formatted(hour, (hour + 2) * HOUR, hour * HOUR, (hour + 1) * HOUR);
    add("hour " + hour, value);
  }

  private void add(String id, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    topics.add(TOPIC, id, id.getBytes(StandardCharsets.UTF_8), bytes, Instant.EPOCH);
  }

  private void hasRead(long... hours) {
    assertThat(audit.windows())
        .extracting(AuditedWindow::emitted)
        .containsExactlyInAnyOrder(Arrays.stream(hours).boxed().toArray(Long[]::new));
  }

  @Test
  void goesOnWhereItWas() {
    add(1);
    add(2);
    audit.readToEnd();
    hasRead(1, 2);

    add(3);
    audit.readToEnd();
    audit.readToEnd();

    hasRead(1, 2, 3);
  }

  @Test
  void goesOnAfterAnError() {
    for (int hour = 1; hour <= 5; hour++) {
      add(hour);
    }
    topics.breakAfter(3);

    assertThatThrownBy(audit::readToEnd).isInstanceOf(CliException.class);
    hasRead(1, 2, 3);
    audit.readToEnd();

    hasRead(1, 2, 3, 4, 5);
  }

  @Test
  void saysWhatCannotBeRead() {
    add(1);
    add(2);
    topics.breakAfter(1);
    UnseenThings unseen = new UnseenThings();

    assertThat(StatusReader.read(audit, TOPIC, unseen)).hasSize(1);

    assertThat(unseen.texts())
        .singleElement(InstanceOfAssertFactories.STRING)
        .startsWith("The audit, or the rest of it, cannot be read: ");
    assertThat(unseen.isPartial()).isTrue();
  }

  @Test
  void countsWhatIsNoAudit() {
    add("text", "no JSON");
    add("empty", "");
    add("list", "[1]");
    add("avro", "\u0000\u0001Avro");
    add("other", "{\"feed\":\"others\"}");
    add(1);

    audit.readToEnd();

    hasRead(1);
    assertThat(audit.unreadable()).isEqualTo(5);
  }
}
