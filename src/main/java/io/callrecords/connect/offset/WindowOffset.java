package io.callrecords.connect.offset;

import io.callrecords.connect.split.TimeRange;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an offset says of one window: how far it is, and which of its records were sent.
 *
 * <p>Immutable. Its text form is made once and kept, since an unchanged window is written again
 * with every offset of its split.
 */
public final class WindowOffset {
  /** The {@link #total()} of a window for which none is known. */
  public static final long UNKNOWN = -1;

  private static final Pattern FORM =
      Pattern.compile(
          "(\\S+) (partial|read|settled) total=(-?[0-9]+) sent=([0-9]+) late=([0-9]+)"
              + " updated=([0-9]+) ids=(\\S*)");

  private final TimeRange range;
  private final State state;
  private final long total;
  private final LateCounts tally;
  private final IdSet ids;
  private @Nullable String text;

  /** How far a window is. */
  public enum State {
    /** Some of its records were sent. */
    PARTIAL,
    /** All that the API showed was sent; more may still appear. */
    READ,
    /** All was sent, and it is not looked at again. */
    SETTLED
  }

  /**
   * Creates a window's state.
   *
   * @param range the window
   * @param state how far it is
   * @param total what the API reported for exactly this window when it was last read whole, or
   *     {@link #UNKNOWN}
   * @param tally which of its records came late, and how many came again
   * @param ids the records sent; a settled window needs none
   */
  public WindowOffset(TimeRange range, State state, long total, LateCounts tally, IdSet ids) {
    this.range = range;
    this.state = state;
    this.total = total;
    this.tally = tally;
    this.ids = ids;
  }

  /** The window. */
  public TimeRange range() {
    return range;
  }

  /** How far it is. */
  public State state() {
    return state;
  }

  /** What the API reported for exactly this window, or {@link #UNKNOWN}. */
  public long total() {
    return total;
  }

  /** How many of its records came late, and how many came again. */
  public LateCounts tally() {
    return tally;
  }

  /** The records sent. */
  public IdSet ids() {
    return ids;
  }

  /** How much it adds to an offset, in characters, with its key and what JSON puts around it. */
  public int encodedLength() {
    return encode().length() + 40;
  }

  /** The text form: end, state, total, tally, ids. */
  String encode() {
    String known = text;
    if (known == null) {
      known =
          range.to()
              + " "
              + state.name().toLowerCase(Locale.ROOT)
              + " total="
              + total
              + " sent="
              + ids.size()
              + " late="
              + tally.late()
              + " updated="
              + tally.updated()
              + " ids="
              + (ids.size() == 0 ? "" : ids.encode());
      text = known;
    }
    return known;
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is none
   */
  static WindowOffset decode(String from, String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "a window is not of the form"
              + " '<end> partial|read|settled total=<n> sent=<n> late=<n> updated=<n> ids=<text>'");
    }
    try {
      TimeRange range = new TimeRange(Instant.parse(from), Instant.parse(matcher.group(1)));
      String encoded = matcher.group(7);
      IdSet ids = encoded.isEmpty() ? IdSet.EMPTY : IdSet.decode(encoded);
      if (ids.size() != Integer.parseInt(matcher.group(4))) {
        throw new IllegalArgumentException(
            "it holds " + ids + ", but says sent=" + matcher.group(4));
      }
      return new WindowOffset(
          range,
          State.valueOf(matcher.group(2).toUpperCase(Locale.ROOT)),
          Long.parseLong(matcher.group(3)),
          new LateCounts(Long.parseLong(matcher.group(5)), Long.parseLong(matcher.group(6))),
          ids);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("a window's time is not like 2026-11-01T00:00:00Z", e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WindowOffset that
        && range.equals(that.range)
        && state == that.state
        && total == that.total
        && tally.equals(that.tally)
        && ids.equals(that.ids);
  }

  @Override
  public int hashCode() {
    return Objects.hash(range, state, total, tally, ids);
  }

  @Override
  public String toString() {
    return range + " " + state + " total=" + total + " " + tally + " " + ids;
  }
}
