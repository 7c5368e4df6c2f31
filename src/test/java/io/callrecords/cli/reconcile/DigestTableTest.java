package io.callrecords.cli.reconcile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.cli.reconcile.CallDigests.IdDigest;
import io.callrecords.cli.topic.TopicPlace;
import org.junit.jupiter.api.Test;

/** Proves which record of a call counts, and which are too many. */
class DigestTableTest {
  private static final IdDigest ID = new IdDigest(1, 2);

  private final DigestTable table = new DigestTable(10);

  private static CallDigest digest(String content) {
    return CallDigest.of(CallDigests.sha256().digest(content.getBytes(UTF_8)));
  }

  private void add(String content, int partition, long offset, long time, boolean isReplayed) {
    table.add(
        new TopicEntry(
            ID, digest(content), new TopicPlace(partition, offset, time), 0, isReplayed));
  }

  @Test
  void theNewestCounts() {
    add("a", 0, 1, 50, false);
    add("b", 0, 2, 10, false);
    add("c", 1, 1, 5, false);

    assertThat(table.size()).isEqualTo(1);
    assertThat(table.records()).isEqualTo(3);
    assertThat(table.hasDigest(0, digest("b"))).isTrue();
    assertThat(table.excess(0, true)).isZero();
    assertThat(table.excess(0, false)).isEqualTo(2);
  }

  @Test
  void theSameAgainIsTooMuchEvenWhereThereMayBeVersions() {
    add("a", 0, 1, 0, false);
    add("b", 0, 2, 0, false);
    add("b", 0, 3, 0, false);
    add("a", 0, 4, 0, false);

    assertThat(table.excess(0, true)).isEqualTo(1);
    assertThat(table.hasDigest(0, digest("a"))).isTrue();
  }

  @Test
  void aRunThatComesAgainIsTooMuchAndAChangeBackIsNot() {
    add("a", 0, 1, 0, false);
    add("b", 0, 2, 0, false);
    add("a", 0, 3, 0, false);
    assertThat(table.excess(0, true)).isZero();
    add("c", 0, 4, 0, false);
    assertThat(table.excess(0, true)).isZero();
    add("a", 0, 5, 0, false);
    add("b", 0, 6, 0, false);
    assertThat(table.excess(0, true)).isEqualTo(2);
    add("c", 0, 7, 0, false);
    assertThat(table.excess(0, true)).isEqualTo(3);
    add("d", 0, 8, 0, false);
    assertThat(table.excess(0, true)).isEqualTo(3);
  }

  @Test
  void aRunThatWasLoadedAgainIsNotTooMuch() {
    add("a", 0, 1, 0, false);
    add("b", 0, 2, 0, false);
    add("a", 0, 3, 0, true);
    add("b", 0, 4, 0, true);
    assertThat(table.excess(0, true)).isZero();
  }

  @Test
  void whatSaysThatItWasLoadedAgainIsNotTooMuch() {
    add("a", 0, 1, 0, false);
    add("a", 0, 2, 0, true);

    assertThat(table.excess(0, true)).isZero();
    assertThat(table.excess(0, false)).isZero();
    assertThat(table.replays(0)).isEqualTo(1);
  }

  @Test
  void idsWithTheSameSlotStayApart() {
    DigestTable many = new DigestTable(100);
    for (int i = 0; i < 100; i++) {
      many.add(
          new TopicEntry(new IdDigest(0, i), digest("" + i), new TopicPlace(0, i, 0), i, false));
    }

    for (int i = 0; i < 100; i++) {
      assertThat(many.hasDigest(many.find(new IdDigest(0, i)), digest("" + i))).isTrue();
    }
    assertThat(many.find(new IdDigest(0, 100))).isNegative();
  }
}
