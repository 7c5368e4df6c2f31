package io.callrecords.connect.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callrecords.connect.Seeds;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves that a task reads from its settings what the plan gave it. */
class AssignmentTest {
  private static final Split DAY = new Split(LocalDate.of(2026, 11, 1));

  @Test
  void hasATextThatPeopleCanRead() {
    Assignment assignment = new Assignment(List.of(DAY, DAY.next()), DAY.next().next());

    assertThat(assignment).hasToString("2026-11-01,2026-11-02,2026-11-03/..");
    assertThat(new Assignment(List.of(), DAY)).hasToString("2026-11-01/..");
    assertThat(new Assignment(List.of(DAY), null)).hasToString("2026-11-01");
  }

  @RepeatedTest(20)
  void isTheSameAfterItsTextForm(RepetitionInfo repetition) {
    long seed = Seeds.of(repetition);
    RandomGenerator random = new SplittableRandom(seed);
    List<Split> days = new ArrayList<>();
    for (int i = random.nextInt(1, 70); i > 0; i--) {
      days.add(new Split(LocalDate.ofEpochDay(random.nextInt(40_000))));
    }
    Split open = random.nextBoolean() ? new Split(LocalDate.ofEpochDay(50_000)) : null;
    Assignment assignment = new Assignment(days, open);

    assertThat(Assignment.parse(assignment.toString())).as("seed %d", seed).isEqualTo(assignment);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "yesterday",
        "2026-11-31",
        "2026-11-01,,2026-11-02",
        "/..",
        "2026-11-01/.." + ",x"
      })
  void refusesATextThatIsNone(String text) {
    assertThatThrownBy(() -> Assignment.parse(text)).isInstanceOf(DateTimeException.class);
  }
}
