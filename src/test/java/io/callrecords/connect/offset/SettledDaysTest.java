package io.callrecords.connect.offset;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.split.Split;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Proves what days that are settled add up to, and what room they take. */
class SettledDaysTest {
  private static final Split MONDAY = new Split(LocalDate.of(2026, 11, 2));

  @Test
  void takeSoMuchRoomInAnOffset() {
    assertThat(SettledDays.NONE.length()).isZero();
    SettledDays days = SettledDays.NONE;
    for (Split day : MONDAY.to(new Split(LocalDate.of(2027, 11, 2))).toList()) {
      boolean isSunday = day.day().getDayOfWeek().getValue() == 7;
      days = days.plus(day, isSunday ? SettledDays.WITHOUT_OFFSET : "Yw0Sm1pTZzcx");

      assertThat(days.length() - days.encode().length()).isBetween(0, 1);
    }
  }

  @Test
  void ofSeveralHoldAllAndWhatTheLastOneSays() {
    SettledDays first = SettledDays.NONE.plus(MONDAY, "abc").plus(MONDAY.next(), "def");
    SettledDays second = SettledDays.NONE.plus(MONDAY, "ghi");

    assertThat(SettledDays.all(List.of(first, second)))
        .isEqualTo(SettledDays.NONE.plus(MONDAY, "ghi").plus(MONDAY.next(), "def"));
    assertThat(SettledDays.all(List.of())).isEqualTo(SettledDays.NONE);
  }

  @Test
  void areTakenFromADayOnAndBeforeOne() {
    SettledDays days = SettledDays.NONE.plus(MONDAY, "abc").plus(MONDAY.next(), "def");

    assertThat(days.from(MONDAY.next())).isEqualTo(SettledDays.NONE.plus(MONDAY.next(), "def"));
    assertThat(days.finalBefore(MONDAY.next())).isEqualTo(SettledDays.NONE.plus(MONDAY, "abc"));
    assertThat(days.from(MONDAY)).isEqualTo(days);
    assertThat(days.finalBefore(MONDAY)).isEqualTo(SettledDays.NONE);
  }

  /** Its ids are gone: what would be found again would come twice. */
  @Test
  void aDayWhoseIdsWereInTheJournalIsSettledForGood() {
    String digest = SettledDays.withoutIds("def");
    SettledDays days = SettledDays.NONE.plus(MONDAY, "abc").plus(MONDAY.next(), digest);

    assertThat(days.finalBefore(MONDAY)).isEqualTo(SettledDays.NONE.plus(MONDAY.next(), digest));
    assertThat(days.isSettled(MONDAY.next())).isTrue();
    assertThat(SettledDays.unconfirmed(digest)).isEqualTo(SettledDays.unconfirmed("def"));
  }
}
