package io.callrecords.connect.feed;

import java.math.BigDecimal;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text of a decimal number, as a number of a fixed scale.
 *
 * <p>Eight digits behind the point hold what the API's samples have, four, with room for a finer
 * tariff. 38 digits in all are what Avro, Iceberg and most databases have for a decimal.
 */
public final class DecimalText {
  /** How many digits each number has behind the point. */
  public static final int SCALE = 8;

  /** How many digits it has at most. */
  public static final int PRECISION = 38;

  /** Plain or with a short exponent, such as 12, -0.5, .5 or 1.2E-3. */
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d{1,60}\\.?\\d{0,60}|\\.\\d{1,60})([eE][+-]?\\d{1,3})?");

  private DecimalText() {}

  /** Whether a text says nothing at all: then its cost is null. */
  public static boolean isNone(String text) {
    // The one knows control characters, the other all kinds of space.
    return text.trim().isBlank();
  }

  /**
   * The number that a text stands for; null where it stands for none, or for one with more digits.
   */
  public static @Nullable BigDecimal parse(String text) {
    String trimmed = text.trim();
    if (!NUMBER.matcher(trimmed).matches()) {
      return null;
    }
    BigDecimal number = new BigDecimal(trimmed).stripTrailingZeros();
    boolean fits =
        number.scale() <= SCALE && number.precision() - number.scale() <= PRECISION - SCALE;
    return fits ? number.setScale(SCALE) : null;
  }
}
