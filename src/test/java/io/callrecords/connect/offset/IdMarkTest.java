package io.callrecords.connect.offset;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.Seeds;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class IdMarkTest {
  @Test
  void nothingIsKnownOfNone() {
    assertThat(IdMark.fingerprint(IdMark.NONE)).isEqualTo(IdSet.UNKNOWN);
    assertThat(IdMark.secondOfDay(IdMark.NONE)).isEqualTo(-1);
    assertThat(IdMark.counts(IdMark.NONE)).isEqualTo(LateCounts.NONE);
  }

  @RepeatedTest(50)
  void keepsItsPartsApart(RepetitionInfo repetition) {
    SplittableRandom random = new SplittableRandom(Seeds.of(repetition));
    int fingerprint = random.nextInt();
    Instant day = Instant.parse("2026-11-01T00:00:00Z");
    int second = random.nextInt(86_400);
    long mark = IdMark.of(fingerprint, day.getEpochSecond() + second);
    mark = IdMark.plus(mark, new LateCounts(1, 0));
    int updates = random.nextInt(5);
    for (int i = 0; i < updates; i++) {
      mark = IdMark.plus(mark, new LateCounts(0, 1));
    }

    assertThat(IdMark.fingerprint(mark)).isEqualTo(fingerprint);
    assertThat(IdMark.secondOfDay(mark)).isEqualTo(second);
    assertThat(IdMark.counts(mark)).isEqualTo(new LateCounts(1, updates));
    assertThat(IdMark.withFingerprint(mark, ~fingerprint)).isNotEqualTo(mark);
    assertThat(IdMark.counts(IdMark.withFingerprint(mark, 3))).isEqualTo(IdMark.counts(mark));
    assertThat(IdMark.fingerprint(IdMark.withSecond(mark, 5))).isEqualTo(fingerprint);
    assertThat(IdMark.secondOfDay(IdMark.withSecond(mark, 5))).isEqualTo(5);
  }

  @Test
  void countsAsManyUpdatesAsItCan() {
    long mark = IdMark.NONE;
    for (int i = 0; i < 10_000; i++) {
      mark = IdMark.plus(mark, new LateCounts(0, 1));
    }

    assertThat(IdMark.counts(mark).updated()).isEqualTo(0xFFF);
    assertThat(IdMark.counts(mark).late()).isZero();
    assertThat(IdMark.secondOfDay(mark)).isEqualTo(-1);
  }
}
