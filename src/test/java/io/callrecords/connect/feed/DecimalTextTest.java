package io.callrecords.connect.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.Seeds;
import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves that a number is never changed, and that what cannot be held is told. */
class DecimalTextTest {
  @ParameterizedTest
  @CsvSource({
    "0.0120, 0.01200000",
    "12, 12.00000000",
    "' -0.5 ', -0.50000000",
    "+3., 3.00000000",
    ".5, 0.50000000",
    "1.2E-3, 0.00120000",
    "1.2e3, 1200.00000000",
    "0E999, 0.00000000",
    "0.0000000100000, 0.00000001",
    "123456789012345678901234567890, 123456789012345678901234567890.00000000"
  })
  void isANumberOfOneScale(String text, String number) {
    assertThat(DecimalText.parse(text)).isEqualTo(new BigDecimal(number));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ".",
        "USD 1",
        "1,5",
        "1 000",
        "0x10",
        "NaN",
        "1E999",
        "1E-999",
        "1E9999999999",
        "0.000000001",
        "1234567890123456789012345678901"
      })
  void isNothingElse(String text) {
    assertThat(DecimalText.parse(text)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t", "\u3000", "\0", " \0 "})
  void saysNothingWhereNothingIsToBeSeen(String text) {
    assertThat(DecimalText.isNone(text)).isTrue();
    assertThat(DecimalText.isNone(text + "0")).isFalse();
  }

  @RepeatedTest(200)
  void keepsEachNumberThatFits(RepetitionInfo repetition) {
    Random random = new Random(Seeds.of(repetition));
    int digits = 1 + random.nextInt(40);
    StringBuilder text = new StringBuilder(random.nextBoolean() ? "-" : "");
    for (int i = 0; i < digits; i++) {
      text.append((char) ('0' + random.nextInt(10)));
    }
    int point = random.nextInt(20);
    BigDecimal exact = new BigDecimal(text.toString()).movePointLeft(point);

    BigDecimal parsed = DecimalText.parse(exact.toPlainString());

    boolean fits =
        exact.stripTrailingZeros().scale() <= 8
            && exact.abs().compareTo(BigDecimal.TEN.pow(30)) < 0;
    assertThat(parsed != null).isEqualTo(fits);
    if (parsed != null) {
      assertThat(parsed).isEqualByComparingTo(exact);
      assertThat(parsed.scale()).isEqualTo(8);
      assertThat(parsed.precision()).isLessThanOrEqualTo(38);
    }
  }
}
