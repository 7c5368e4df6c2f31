package io.callrecords.connect.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Ids of settled windows are known again, within a limit. */
class SettledIdsTest {
  @Test
  void whatWasAddedIsKnownAgain() {
    SettledIds ids = new SettledIds();
    for (int i = 0; i < 100; i++) {
      int from = i * 100;
      ids.addAll(IntStream.range(from, from + 100).mapToObj(String::valueOf).toList());
    }

    assertThat(ids.among(Set.of("0", "5000", "9999", "10000", "")))
        .containsExactlyInAnyOrder("0", "5000", "9999");
  }

  @Test
  void theOldestAreForgotten() {
    SettledIds ids = new SettledIds(100);
    ids.addAll(List.of("first", "second"));
    ids.addAll(IntStream.range(0, 99).mapToObj(String::valueOf).toList());

    assertThat(ids.among(Set.of("first", "second", "0", "98")))
        .containsExactlyInAnyOrder("second", "0", "98");
  }
}
