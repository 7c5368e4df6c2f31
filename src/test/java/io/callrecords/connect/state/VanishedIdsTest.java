package io.callrecords.connect.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Ids that the API no longer returns where they were emitted are known again elsewhere. */
class VanishedIdsTest {
  private final VanishedIds vanished = new VanishedIds();

  @Test
  void onlyWhatIsNotReturnedHasVanished() {
    vanished.addAll(List.of("a", "b", "c"), Set.of("b"));

    assertThat(vanished.among(Set.of("a", "b", "d"))).containsExactly("a");
  }

  @Test
  void theOldestAreForgotten() {
    for (int i = 0; i < 11; i++) {
      int thousand = i * 1000;
      vanished.addAll(
          IntStream.range(thousand, thousand + 1000).mapToObj(String::valueOf).toList(), Set.of());
    }

    assertThat(vanished.among(Set.of("999", "1000", "10999")))
        .containsExactlyInAnyOrder("1000", "10999");
  }
}
