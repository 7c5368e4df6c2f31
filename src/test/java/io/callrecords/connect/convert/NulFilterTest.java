package io.callrecords.connect.convert;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.callrecords.connect.Seeds;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Proves that U+0000 is dropped wherever it is, and nothing else. */
class NulFilterTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final AtomicInteger dropped = new AtomicInteger();
  private final NulFilter filter = new NulFilter(false, dropped::incrementAndGet);

  @Test
  void dropsItFromTextsAndLists() {
    assertThat(filter.concerns("a\0b")).isTrue();
    assertThat(filter.filtered("a\0b\0")).isEqualTo("ab");
    assertThat(filter.concerns(List.of("a", "\0"))).isTrue();
    assertThat(filter.filtered(List.of("a", "\0"))).isEqualTo(List.of("a", ""));
    assertThat(dropped).hasValue(2);
  }

  @Test
  void leavesAllElseAsItIs() {
    assertThat(filter.concerns("a\\u0000")).isFalse();
    assertThat(filter.filtered("a\\u0000")).isEqualTo("a\\u0000");
    assertThat(filter.filtered(7)).isEqualTo(7);
    assertThat(filter.filtered(null)).isNull();
    assertThat(filter.concerns(null)).isFalse();
    assertThat(dropped).hasValue(0);
  }

  @Test
  void keepsItWhereThatIsWanted() {
    NulFilter keeping = new NulFilter(true, dropped::incrementAndGet);

    assertThat(keeping.concerns("a\0b")).isFalse();
    assertThat(keeping.text("a\0b")).isEqualTo("a\0b");
    assertThat(keeping.json("\"\\u0000\"")).isEqualTo("\"\\u0000\"");
    assertThat(dropped).hasValue(0);
  }

  /** Texts of backslashes, the letters of the escape and U+0000 itself, as JSON has them. */
  @RepeatedTest(300)
  void dropsTheEscapeOfJson(RepetitionInfo repetition) throws JsonProcessingException {
    Random random = new Random(Seeds.of(repetition));
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(12);
    for (int i = 0; i < length; i++) {
      text.append(List.of("\\", "u0000", "\0", "x", "\"").get(random.nextInt(5)));
    }
    String json = JSON.writeValueAsString(Map.of("field", text.toString()));
    Map<String, String> extra = Map.of("a\0", json);

    Map<?, ?> filtered = (Map<?, ?>) filter.filtered(extra);

    assertThat(filter.concerns(extra)).isTrue();
    assertThat(filtered.keySet()).isEqualTo(Set.of("a"));
    assertThat(JSON.readTree(String.valueOf(filtered.get("a"))).get("field").asText())
        .isEqualTo(text.toString().replace("\0", ""));
  }
}
