package io.callrecords.cli.status;

import java.util.Locale;

/** How far a part of the range is. */
public enum CalendarState {
  /** It has not begun. */
  AHEAD(' ', "not begun yet"),
  /** No offset says that it was read. */
  UNREAD('.', "no offset says that it was read; a part without calls leaves none"),
  /** Nothing has come since: it may have been read without finding a call. */
  QUIET('~', "at the live edge, and nothing has come since"),
  /** A part of it was read, or of a window of it. */
  PARTLY_READ('-', "a part of it is read"),
  /** Read whole; calls may still come late. */
  READ('=', "read, and may still gain late calls"),
  /** Read whole and not read any more. */
  SETTLED('#', "complete, and not read any more"),
  /** The API no longer returned it before it was read, or before that can be told. */
  EXPIRED('x', "the API no longer keeps it, and nothing shows that it was read"),
  /** It has grown since it was settled. */
  DRIFTED('!', "the API returns more calls than when it was settled; load it again");

  private final char symbol;
  private final String meaning;

  CalendarState(char symbol, String meaning) {
    this.symbol = symbol;
    this.meaning = meaning;
  }

  /** The character that stands for it in a terminal. */
  public char symbol() {
    return symbol;
  }

  /** What it means. */
  public String meaning() {
    return meaning;
  }

  /** Its name as documents and people have it, such as {@code partly-read}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The same as words. */
  public String label() {
    return id().replace('-', ' ');
  }
}
