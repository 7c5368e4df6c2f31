package io.callrecords.cli.check;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What may be shown of texts of the API, which can hold anything in any place. */
final class SafeText {
  /** Stands for a status that is none. */
  static final String OTHER_STATUS = "another status";

  private static final String OTHER_TEXT = "another text";
  private static final Pattern STATUS = Pattern.compile("-?[0-9]{1,5}");

  /** A name that a program has given; one with many digits is likely somebody's number. */
  private static final Pattern KEY =
      Pattern.compile("(?!.*[0-9]{5})[A-Za-z_][A-Za-z0-9_]{0,40}", Pattern.DOTALL);

  private static final Pattern DIGIT = Pattern.compile("[0-9]");

  private static final int LONGEST_SHAPE = 40;
  private static final int MOST_KEYS = 50;

  private SafeText() {}

  /** Whether a key is one that a program has given, and no text of a call. */
  static boolean isKey(String key) {
    return KEY.matcher(key).matches();
  }

  /** The keys that may be shown, and how many others there are. */
  static List<String> keys(Collection<String> keys) {
    List<String> shown =
        new ArrayList<>(
            new TreeSet<>(keys).stream().filter(SafeText::isKey).limit(MOST_KEYS).toList());
    int others = keys.size() - shown.size();
    if (others > 0) {
      shown.add(others == 1 ? "(1 other)" : "(" + others + " others)");
    }
    return shown;
  }

  /** A status as the API writes it, where it is one. */
  static String status(String text) {
    return STATUS.matcher(text).matches() ? text : OTHER_STATUS;
  }

  /** The shape of a text with digits: d for each of them, a for each letter. */
  static String shape(String text) {
    if (text.length() > LONGEST_SHAPE || !DIGIT.matcher(text).find()) {
      return OTHER_TEXT;
    }
    StringBuilder shape = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      shape.append(shape(text, i));
    }
    return shape.toString();
  }

  private static char shape(String text, int at) {
    char c = text.charAt(at);
    if (isDigit(text, at)) {
      return 'd';
    }
    boolean isMark = "-+:./, ".indexOf(c) >= 0;
    boolean isBetweenDigits = isDigit(text, at - 1) && isDigit(text, at + 1);
    boolean isLast = at == text.length() - 1 && isDigit(text, at - 1);
    return isMark || (c == 'T' && isBetweenDigits) || (c == 'Z' && isLast) ? c : 'a';
  }

  private static boolean isDigit(String text, int at) {
    return at >= 0 && at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
  }
}
