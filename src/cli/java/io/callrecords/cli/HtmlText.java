package io.callrecords.cli;

/** Writes texts that others have chosen, so that they stay texts. */
public final class HtmlText {
  private HtmlText() {}

  /** The text as it may stand in an element or between the quotes of an attribute. */
  public static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&quot;");
        case '\'' -> escaped.append("&#39;");
        // Controls are no characters of a page; surrogates that stand alone cannot be encoded.
        default -> escaped.append(isCharacter(text, i) ? c : '\ufffd');
      }
    }
    return escaped.toString();
  }

  private static boolean isCharacter(String text, int at) {
    char c = text.charAt(at);
    if (Character.isHighSurrogate(c)) {
      return at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1));
    }
    if (Character.isLowSurrogate(c)) {
      return at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
    }
    return c >= ' ' || c == '\n' || c == '\t';
  }
}
