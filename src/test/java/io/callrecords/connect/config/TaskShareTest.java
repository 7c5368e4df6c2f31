package io.callrecords.connect.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** How tasks share requests in flight. */
class TaskShareTest {
  private static List<Integer> requests(List<Integer> weights, int perTask) {
    return IntStream.range(0, weights.size())
        .mapToObj(task -> new TaskShare(task, weights).requests(perTask))
        .toList();
  }

  @Test
  void givesEachTaskTheSameWhereNothingElseIsSaid() {
    assertThat(TaskShare.ALONE.requests(4)).isEqualTo(4);
    assertThat(new TaskShare(2, 5).requests(64)).isEqualTo(64);
    assertThat(new TaskShare(1, 3)).isEqualTo(new TaskShare(1, List.of(1, 1, 1)));
    assertThat(new TaskShare(1, 3).count()).isEqualTo(3);
  }

  @Test
  void givesMoreToATaskThatHasMoreToRead() {
    assertThat(requests(List.of(500, 250, 250), 16)).containsExactly(24, 12, 12);
    assertThat(requests(List.of(980, 10, 10), 4)).containsExactly(10, 1, 1);
    assertThat(requests(List.of(990, 10), 64)).containsExactly(64, 64);
    assertThat(requests(List.of(600, 400), 1)).containsExactly(1, 1);
  }

  @RepeatedTest(50)
  void givesAllOfThemAndNobodyNone(RepetitionInfo repetition) {
    long seed = Seeds.of(repetition);
    RandomGenerator random = new SplittableRandom(seed);
    List<Integer> weights = new ArrayList<>();
    for (int task = random.nextInt(1, 12); task > 0; task--) {
      weights.add(random.nextInt(1, 1_000));
    }
    int perTask = random.nextInt(1, 65);

    List<Integer> requests = requests(weights, perTask);

    String what = "seed %d: %s of %d, each %d".formatted(seed, requests, perTask, weights.size());
    assertThat(requests).as(what).allMatch(own -> own >= 1 && own <= 64);
    assertThat(requests.stream().mapToInt(Integer::intValue).sum())
        .as(what)
        .isEqualTo(perTask * weights.size());
  }
}
