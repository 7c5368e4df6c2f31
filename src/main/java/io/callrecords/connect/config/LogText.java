package io.callrecords.connect.config;

/**
 * A text from outside as logs and errors show it: on one line, and no longer than a line may be.
 * Whoever names a connector, or sends an offset, must not be able to write lines of the log.
 */
public final class LogText {
  /** How many characters of a text are shown. */
  public static final int MAX_LENGTH = 100;

  private static final String CUT = "...";

  private LogText() {}

  /**
   * A text without what would end the line, or change how it is shown: each such character becomes
   * a question mark, and what is too long is cut.
   */
  public static String of(String text) {
    StringBuilder shown = new StringBuilder();
    int at = 0;
    while (at < text.length() && shown.length() <= MAX_LENGTH) {
      int character = text.codePointAt(at);
      shown.appendCodePoint(isShown(character) ? character : '?');
      at += Character.charCount(character);
    }
    if (shown.length() <= MAX_LENGTH) {
      return shown.toString();
    }
    int end = MAX_LENGTH - CUT.length();
    return shown.substring(0, Character.isLowSurrogate(shown.charAt(end)) ? end - 1 : end) + CUT;
  }

  private static boolean isShown(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          false;
      default -> true;
    };
  }
}
