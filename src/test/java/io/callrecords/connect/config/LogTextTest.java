package io.callrecords.connect.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves that no text from outside ends a line of the log, or fills it. */
class LogTextTest {
  @Test
  void leavesAnyWritingAsItIs() {
    for (String text : new String[] {"", "calls-1", "Anrufe für Köln", "通话记录", "a 📞 b"}) {
      assertThat(LogText.of(text)).isEqualTo(text);
    }
  }

  /** Line breaks of all kinds, escape sequences of terminals, and what turns text around. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\n", "\r", "\t", "\0", "\u001b", "\u007f", "\u0085", "\u2028", "\u2029", "\u202e", "\ud800"
      })
  void replacesWhatIsNoWriting(String odd) {
    assertThat(LogText.of("a" + odd + "b")).isEqualTo("a?b");
  }

  @Test
  void cutsWhatIsTooLong() {
    String most = "x".repeat(LogText.MAX_LENGTH);

    assertThat(LogText.of(most)).isEqualTo(most);
    assertThat(LogText.of(most + "x"))
        .hasSize(LogText.MAX_LENGTH)
        .startsWith("xxx")
        .endsWith("x...");
  }

  @Test
  void isOneShortLineWhateverTheText() {
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(300); j > 0; j--) {
        text.appendCodePoint(random.nextInt(random.nextBoolean() ? 256 : 0x110000));
      }
      String shown = LogText.of(text.toString());

      assertThat(shown.length()).isLessThanOrEqualTo(LogText.MAX_LENGTH);
      assertThat(shown.codePoints().filter(Character::isISOControl)).isEmpty();
      assertThat(shown.codePoints().filter(c -> Character.getType(c) == Character.SURROGATE))
          .isEmpty();
    }
  }
}
