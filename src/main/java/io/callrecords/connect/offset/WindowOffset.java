package io.callrecords.connect.offset;

import io.callrecords.connect.split.TimeRange;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an offset says of one window: its state, and which of its records were emitted.
 *
 * <p>Immutable. The text form is built once and kept, since an unchanged window is written again
 * with every offset of its split.
 */
public final class WindowOffset {
  /** The {@link #total()} of a window for which none is known. */
  public static final long UNKNOWN = -1;

  private static final Pattern FORM =
      Pattern.compile(
          "(\\S+) (partial|read|settled) total=(-?[0-9]+) sent=([0-9]+) late=([0-9]+)"
              + " updated=([0-9]+) ids=(\\S*)(?: counts=(\\S+))?");

  private final TimeRange range;
  private final State state;
  private final long total;
  private final LateCounts unattributed;
  private final IdSet ids;
  private @Nullable String text;

  /** The states that a window goes through. */
  public enum State {
    /** Some of its records were emitted; it has to be read again. */
    PARTIAL,
    /** All that the API returned was emitted; more may still appear. */
    READ,
    /** All was emitted, and it is not rechecked. */
    SETTLED
  }

  /** The ids of some windows with their marks; of one that several hold, that of the last. */
  public static Map<String, Long> marks(Collection<WindowOffset> windows) {
    Map<String, Long> marks = new HashMap<>();
    windows.forEach(window -> window.ids().forEachMark(marks::put));
    return marks;
  }

  /**
   * Creates a window's state.
   *
   * @param range the window
   * @param total what the API reported for exactly this window when it was last read whole, or
   *     {@link #UNKNOWN}
   * @param unattributed how many of its records were emitted late or again, beside what the marks
   *     of the ids tell
   * @param ids the records emitted; a settled window needs none
   */
  public WindowOffset(
      TimeRange range, State state, long total, LateCounts unattributed, IdSet ids) {
    this.range = range;
    this.state = state;
    this.total = total;
    this.unattributed = unattributed;
    this.ids = ids;
  }

  /** The window. */
  public TimeRange range() {
    return range;
  }

  /** Its state. */
  public State state() {
    return state;
  }

  /** What the API reported for exactly this window, or {@link #UNKNOWN}. */
  public long total() {
    return total;
  }

  /** How many of its records were emitted late or again. */
  public LateCounts lateCounts() {
    return unattributed.plus(ids.lateCounts());
  }

  /** How many of its records were emitted late or again, beside what the marks of the ids tell. */
  public LateCounts unattributed() {
    return unattributed;
  }

  /** The records emitted. */
  public IdSet ids() {
    return ids;
  }

  /** The text form with the counts of each id, for offsets of a day that has ids in the journal. */
  String encodeWithCounts() {
    String counts = ids.encodeCounts();
    return counts.isEmpty() ? encode() : encode() + " counts=" + counts;
  }

  /** How many characters it adds to an offset in JSON, key and punctuation included. */
  public int encodedLength() {
    return encode().length() + 40;
  }

  /** The text form: end, state, total, counts, ids. */
  String encode() {
    String known = text;
    if (known == null) {
      LateCounts lateCounts = lateCounts();
      known =
          range.to()
              + " "
              + state.name().toLowerCase(Locale.ROOT)
              + " total="
              + total
              + " sent="
              + ids.size()
              + " late="
              + lateCounts.late()
              + " updated="
              + lateCounts.updated()
              + " ids="
              + (ids.size() == 0 ? "" : ids.encode());
      text = known;
    }
    return known;
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when the text is not one
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
      String counts = matcher.group(8);
      IdSet marked = counts == null ? ids : ids.withCounts(counts);
      LateCounts all =
          new LateCounts(Long.parseLong(matcher.group(5)), Long.parseLong(matcher.group(6)));
      return new WindowOffset(
          range,
          State.valueOf(matcher.group(2).toUpperCase(Locale.ROOT)),
          Long.parseLong(matcher.group(3)),
          all.minus(marked.lateCounts()),
          marked);
    } catch (DateTimeException e) {
      // Without the cause, which quotes what was sent.
      throw new IllegalArgumentException("a window's time is not like 2026-11-01T00:00:00Z");
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WindowOffset that
        && range.equals(that.range)
        && state == that.state
        && total == that.total
        && lateCounts().equals(that.lateCounts())
        && ids.equals(that.ids);
  }

  @Override
  public int hashCode() {
    return Objects.hash(range, state, total, lateCounts(), ids);
  }

  @Override
  public String toString() {
    return range + " " + state + " total=" + total + " " + lateCounts() + " " + ids;
  }
}
