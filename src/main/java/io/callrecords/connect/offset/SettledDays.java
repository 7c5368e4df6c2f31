package io.callrecords.connect.offset;

import io.callrecords.connect.split.Split;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Days that are settled although their own offsets do not say so.
 *
 * <p>An offset reaches Kafka with a record only, and a day that is followed settles when it has
 * none left to send. So the offsets of the days that a task goes on with say it for the day, each
 * with the digest of the day's own offset: a day whose stored offset is another one, since a worker
 * died before it was committed or since a person has changed it, is not among them.
 *
 * @param digests the digest of each day's own offset ({@link OffsetCodec#digest}), or {@link
 *     #WITHOUT_OFFSET}
 */
public record SettledDays(SortedMap<Split, String> digests) {
  /** No day. */
  public static final SettledDays NONE = new SettledDays(new TreeMap<>());

  /** Stands for the digest of a day that has no offset, since nothing was ever sent of it. */
  public static final String WITHOUT_OFFSET = "-";

  /** A date, a sign between it and its digest, and a space. */
  private static final int DAY_LENGTH = 12;

  private static final Pattern FORM = Pattern.compile("([0-9]{4}-[0-9]{2}-[0-9]{2})=(\\S+)");

  /** Copies the map. */
  public SettledDays {
    digests = Collections.unmodifiableSortedMap(new TreeMap<>(digests));
  }

  /** What any of several says; of a day that several hold, the last one's digest counts. */
  public static SettledDays all(Collection<SettledDays> several) {
    SortedMap<Split, String> all = new TreeMap<>();
    several.forEach(days -> all.putAll(days.digests));
    return new SettledDays(all);
  }

  /** These and one more. */
  public SettledDays plus(Split day, String digest) {
    SortedMap<Split, String> both = new TreeMap<>(digests);
    both.put(day, digest);
    return new SettledDays(both);
  }

  /** Those from a day on. */
  public SettledDays from(Split first) {
    return digests.isEmpty() || digests.firstKey().compareTo(first) >= 0
        ? this
        : new SettledDays(digests.tailMap(first));
  }

  /** Those before a day. */
  public SettledDays before(Split end) {
    return digests.isEmpty() || digests.lastKey().compareTo(end) < 0
        ? this
        : new SettledDays(digests.headMap(end));
  }

  /** How many characters the text form has, or one more. */
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
   * @throws IllegalArgumentException when it is none
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
        throw new IllegalArgumentException("its settled days name a day that is none", e);
      }
    }
    return new SettledDays(digests);
  }
}
