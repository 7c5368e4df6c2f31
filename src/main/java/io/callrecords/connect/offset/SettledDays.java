package io.callrecords.connect.offset;

import io.callrecords.connect.split.Split;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Days that are settled although their own offsets do not say so.
 *
 * <p>An offset reaches Kafka only with a record, and a day at the live edge settles when it has no
 * record left to emit. So the offsets of the days that the task continues with say it instead, each
 * day with the digest of its own offset. A day whose stored offset has another digest, because a
 * worker died before the commit or because an operator changed it, does not count as settled.
 *
 * @param digests the digest of each day's own offset ({@link OffsetCodec#digest}), or {@link
 *     #WITHOUT_OFFSET}
 */
public record SettledDays(SortedMap<Split, String> digests) {
  /** No days. */
  public static final SettledDays NONE = new SettledDays(new TreeMap<>());

  /** Stands for the digest of a day that has no offset, since no record of it was ever emitted. */
  public static final String WITHOUT_OFFSET = "-";

  private static final String UNCONFIRMED = "?";

  /** After the digest of a day whose ids the journal had. */
  private static final String WITHOUT_IDS = "!";

  /** The characters of a date, an equals sign, and a space. */
  private static final int DAY_LENGTH = 12;

  private static final Pattern FORM = Pattern.compile("([0-9]{4}-[0-9]{2}-[0-9]{2})=(\\S+)");

  /** Copies the map. */
  public SettledDays {
    digests = Collections.unmodifiableSortedMap(new TreeMap<>(digests));
  }

  /**
   * The digest by which a day is reported as read, and not as settled yet: what seemed empty of it
   * is unread in its own offset until that is confirmed.
   *
   * @param digest that of its own offset
   */
  public static String unconfirmed(String digest) {
    if (digest.equals(WITHOUT_OFFSET)) {
      return digest;
    }
    return bare(digest) + UNCONFIRMED;
  }

  private static String bare(String digest) {
    boolean isMarked = digest.endsWith(WITHOUT_IDS) || digest.endsWith(UNCONFIRMED);
    return isMarked ? digest.substring(0, digest.length() - 1) : digest;
  }

  /**
   * The digest by which a day is reported whose ids were in the journal, which does without them
   * from then on: unlike others, it is settled for good, even if {@code late.arrival.ms} is raised
   * or clocks are set back. Read once more, all of its calls would come twice.
   *
   * @param digest that of its own offset
   */
  public static String withoutIds(String digest) {
    return digest + WITHOUT_IDS;
  }

  /** Whether a day is among them that has an offset, all of it confirmed. */
  public boolean isSettled(Split day) {
    String digest = digests.get(day);
    return digest != null && !digest.equals(WITHOUT_OFFSET) && !digest.endsWith(UNCONFIRMED);
  }

  /** The union of several; where several hold a day, the digest of the last one wins. */
  public static SettledDays all(Collection<SettledDays> several) {
    SortedMap<Split, String> all = new TreeMap<>();
    several.forEach(days -> all.putAll(days.digests));
    return new SettledDays(all);
  }

  /** These and one more day. */
  public SettledDays plus(Split day, String digest) {
    SortedMap<Split, String> both = new TreeMap<>(digests);
    both.put(day, digest);
    return new SettledDays(both);
  }

  /** These without a day. */
  public SettledDays without(Split day) {
    if (!digests.containsKey(day)) {
      return this;
    }
    SortedMap<Split, String> others = new TreeMap<>(digests);
    others.remove(day);
    return new SettledDays(others);
  }

  /** Those of the days that pass a test of their offset's digest. */
  SettledDays matching(BiPredicate<Split, String> isTrue) {
    SortedMap<Split, String> matching = new TreeMap<>(digests);
    matching.entrySet().removeIf(day -> !isTrue.test(day.getKey(), bare(day.getValue())));
    return matching.size() == digests.size() ? this : new SettledDays(matching);
  }

  /** The days from the given one on. */
  public SettledDays from(Split first) {
    return digests.isEmpty() || digests.firstKey().compareTo(first) >= 0
        ? this
        : new SettledDays(digests.tailMap(first));
  }

  /** The days before the given one, and those that are settled for good. */
  public SettledDays finalBefore(Split end) {
    if (digests.isEmpty() || digests.lastKey().compareTo(end) < 0) {
      return this;
    }
    SortedMap<Split, String> kept = new TreeMap<>(digests);
    kept.tailMap(end).values().removeIf(digest -> !digest.endsWith(WITHOUT_IDS));
    return new SettledDays(kept);
  }

  /** The length of the text form in characters, or one more. */
  public int length() {
    return digests.values().stream().mapToInt(digest -> DAY_LENGTH + digest.length()).sum();
  }

  /** The text form: days with their digests, the oldest first. */
  String encode() {
    return digests.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(" "));
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when the text is not one
   */
  static SettledDays decode(@Nullable Object text) {
    SortedMap<Split, String> digests = new TreeMap<>();
    for (String part : String.valueOf(text).split(" ", -1)) {
      Matcher matcher = FORM.matcher(part);
      if (!matcher.matches()) {
        throw new IllegalArgumentException(
            "its settled days are not of the form '2026-11-01=<digest> 2026-11-02=-'");
      }
      try {
        digests.put(new Split(LocalDate.parse(matcher.group(1))), matcher.group(2));
      } catch (DateTimeException e) {
        // Without the cause, which quotes what was sent.
        throw new IllegalArgumentException("its settled days name a day that does not exist");
      }
    }
    return new SettledDays(digests);
  }
}
