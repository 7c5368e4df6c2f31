package io.callrecords.connect.feed;

import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Recognizes a phone number however it is written, and the country code that it begins with. */
final class PhoneNumber {
  /** Extensions and most codes are shorter. */
  private static final int MIN_DIGITS = 7;

  /** E.164 allows no more; ids are longer. */
  private static final int MAX_DIGITS = 15;

  /** What else may stand beside the digits and count: a plus, zeros, and parentheses. */
  private static final int MAX_MARKS = 16;

  private static final int MAX_CODE_DIGITS = 3;

  private static final String SCHEME = "tel:";

  /** The zero that is dialled within a country only. */
  private static final String TRUNK_ZERO = "(0)";

  /** In Italy that zero is part of the number. */
  private static final String CODE_WITH_ZERO = "39";

  /** A number that was kept as a decimal: no other has its only point before a last zero. */
  private static final Pattern DECIMAL =
      Pattern.compile("[0-9]+\\.0|[0-9](\\.[0-9]{1,15})?[eE]\\+?[0-9]{1,2}");

  /** What E.164 assigns, none of which another one begins with. */
  private static final Set<String> CODES =
      Set.of(
          ("1 7 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61"
                  + " 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98"
                  + " 211 212 213 216 218 220 221 222 223 224 225 226 227 228 229 230 231 232 233 234"
                  + " 235 236 237 238 239 240 241 242 243 244 245 246 247 248 249 250 251 252 253 254"
                  + " 255 256 257 258 260 261 262 263 264 265 266 267 268 269 290 291 297 298 299"
                  + " 350 351 352 353 354 355 356 357 358 359 370 371 372 373 374 375 376 377 378 379"
                  + " 380 381 382 383 385 386 387 389 420 421 423"
                  + " 500 501 502 503 504 505 506 507 508 509 590 591 592 593 594 595 596 597 598 599"
                  + " 670 672 673 674 675 676 677 678 679 680 681 682 683 685 686 687 688 689 690 691"
                  + " 692 800 808 850 852 853 855 856 870 878 880 881 882 883 886"
                  + " 960 961 962 963 964 965 966 967 968 970 971 972 973 974 975 976 977 979"
                  + " 992 993 994 995 996 998")
              .split(" "));

  private PhoneNumber() {}

  /**
   * The digits of a number, of whatever script, without the {@code +} or {@code 00} of its
   * international form, and without the {@code (0)} after a country code.
   *
   * @return null where the text is no number: where it has anything but digits, a {@code +} or
   *     {@code tel:} before them, and spaces, dashes, dots, slashes, parentheses, and characters
   *     that are not seen, or not 7 to 15 digits
   */
  static @Nullable String digits(String text) {
    if (isPlain(text)) {
      return digitsOf(text);
    }
    if (DECIMAL.matcher(text).matches()) {
      String whole = JsonText.wholeNumber(text);
      return whole == null ? null : digitsOf(whole);
    }
    String marked = withoutSeparators(text);
    return marked == null ? null : digitsOf(withoutTrunkZero(marked));
  }

  /** Whether there is nothing to leave out, as in most numbers: a short cut. */
  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (character != '+' && (character < '0' || character > '9')) {
        return false;
      }
    }
    return true;
  }

  /** Its digits, a plus and parentheses; null where there is anything else that is seen. */
  private static @Nullable String withoutSeparators(String text) {
    StringBuilder marked = new StringBuilder();
    for (int i = begin(text); i < text.length(); ) {
      int character = text.codePointAt(i);
      i += Character.charCount(character);
      int mark = mark(character);
      if (mark >= 0) {
        marked.append((char) mark);
      } else if (!isSeparator(character)) {
        return null;
      }
      if (marked.length() > MAX_DIGITS + MAX_MARKS) {
        return null;
      }
    }
    return marked.toString();
  }

  /** Where the number begins: behind the scheme of its address, if it has one. */
  private static int begin(String text) {
    int begin = 0;
    while (begin < text.length() && isSeparator(text.codePointAt(begin))) {
      begin += Character.charCount(text.codePointAt(begin));
    }
    return text.regionMatches(true, begin, SCHEME, 0, SCHEME.length())
        ? begin + SCHEME.length()
        : begin;
  }

  /** The same mark in ASCII; -1 where it is none. */
  private static int mark(int character) {
    int digit = Character.digit(character, 10);
    if (digit >= 0) {
      return '0' + digit;
    }
    return switch (character) {
      case '+', '\uff0b', '\ufe62' -> '+';
      case '(', '\uff08' -> '(';
      case ')', '\uff09' -> ')';
      default -> -1;
    };
  }

  private static boolean isSeparator(int character) {
    return switch (Character.getType(character)) {
      case Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.CONTROL,
          Character.FORMAT,
          Character.DASH_PUNCTUATION ->
          true;
      default ->
          switch (character) {
            case '.', '/', '[', ']', '\u00b7', '\u2212', '\uff0e', '\uff0f' -> true;
            default -> false;
          };
    };
  }

  private static String withoutTrunkZero(String marked) {
    int zero = marked.indexOf(TRUNK_ZERO);
    if (zero < 0) {
      return marked;
    }
    String code = international(marked.substring(0, zero));
    return CODES.contains(code) && !code.equals(CODE_WITH_ZERO)
        ? marked.substring(0, zero) + marked.substring(zero + TRUNK_ZERO.length())
        : marked;
  }

  private static @Nullable String digitsOf(String marked) {
    String digits = international(marked);
    boolean isNumber = digits.length() >= MIN_DIGITS && digits.length() <= MAX_DIGITS;
    return isNumber && digits.indexOf('+') < 0 ? digits : null;
  }

  /** Without parentheses, and what begins the international form. */
  private static String international(String marked) {
    String digits = marked.replace("(", "").replace(")", "");
    String rest = digits.startsWith("+") ? digits.substring(1) : digits;
    return rest.startsWith("00") ? rest.substring(2) : rest;
  }

  /** The country code that digits in international form begin with; empty where they have none. */
  static String countryCode(String digits) {
    for (int i = 1; i <= MAX_CODE_DIGITS; i++) {
      if (CODES.contains(digits.substring(0, i))) {
        return digits.substring(0, i);
      }
    }
    return "";
  }
}
