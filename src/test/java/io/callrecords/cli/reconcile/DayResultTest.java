package io.callrecords.cli.reconcile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.cli.reconcile.CallDigests.IdDigest;
import io.callrecords.connect.split.Split;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Proves that the topic's digest is made of what the topic has, and of nothing else. */
class DayResultTest {
  private static final IdDigest ID = new IdDigest(1, 2);

  private final DayResult day = new DayResult(Split.of(Instant.parse("2026-11-01T00:00:00Z")));

  private static CallDigest digest(String content) {
    return CallDigest.of(CallDigests.sha256().digest(content.getBytes(UTF_8)));
  }

  private static ContentDigest content(String... calls) {
    ContentDigest content = new ContentDigest();
    for (String call : calls) {
      content.add(digest(call));
    }
    return content;
  }

  private Discrepancy finding(FindingKind kind, String ofApi) {
    return new Discrepancy(
        kind,
        FindingCause.UNKNOWN,
        "1",
        ID,
        day.day(),
        null,
        null,
        null,
        digest(ofApi),
        1,
        List.of());
  }

  @Test
  void aRecordThatCameLaterReplacesTheOneBefore() {
    day.setDigests(content("a", "b").digest(), content("a", "old").digest());
    day.keepTopic(content("a", "old"), Map.of(ID, digest("old")));
    day.countLater(finding(FindingKind.DIFFERENT, "b"));
    day.settle();

    assertThat(day.topicDigest()).isEqualTo(day.apiDigest());
  }

  @Test
  void aRecordThatCameLaterDoesNotMakeUpForAnother() {
    day.setDigests(content("a", "b").digest(), content("other").digest());
    day.keepTopic(content("other"), Map.of());
    day.countLater(finding(FindingKind.MISSING, "b"));
    day.settle();

    assertThat(day.topicDigest()).isNotEqualTo(day.apiDigest());
    assertThat(day.hasOldDigest()).isFalse();
  }

  @Test
  void saysWhereTheDigestIsThatOfTheFirstReading() {
    day.setDigests(content("b").digest(), content().digest());
    day.countLater(finding(FindingKind.MISSING, "b"));
    day.settle();

    assertThat(day.topicDigest()).isNotEqualTo(day.apiDigest());
    assertThat(day.hasOldDigest()).isTrue();
  }
}
