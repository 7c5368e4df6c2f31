package io.callrecords.connect.offset;

import io.callrecords.connect.config.LogText;
import io.callrecords.connect.offset.SegmentOffset.DayClaim;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The map form of a segment of the journal, which has the partition {@code {"feed": "call-center",
 * "split": "segment 7"}}:
 *
 * <pre>
 * {
 *   "version": 3,
 *   "sequence": 21,
 *   "start": "2026-10-01T00:00:00Z",
 *   "day 2026-11-01": "journal=2026-11-01T00:00:05Z named=yes settled=2026-11-01T00:00:00Z read=2026-11-01T00:00:00Z/2026-11-01T14:23:10Z",
 *   "ids 2026-11-01": "sent=2 ids=EQLk0bzzseCwLvev1EAAAA at=6McGUg counts=AQE",
 *   "settled days": "2026-10-30=Yw0Sm1pTZzcx"
 * }
 * </pre>
 */
final class SegmentCodec {
  private static final String NAME = "segment ";
  private static final String SEQUENCE = "sequence";
  private static final String DAY = "day ";
  private static final String IDS = "ids ";
  private static final Set<String> KEYS =
      Set.of(OffsetCodec.VERSION_KEY, SEQUENCE, OffsetCodec.START, OffsetCodec.SETTLED_DAYS);

  private static final Pattern NUMBER = Pattern.compile(NAME + "([1-9][0-9]{0,5})");
  private static final Pattern SENT =
      Pattern.compile("sent=([0-9]+) ids=(\\S+) at=(\\S+)(?: counts=(\\S+))?");
  private static final Pattern CLAIM =
      Pattern.compile(
          "journal=(\\S{1,40}) named=(yes|no) settled=(\\S+) read=(\\S*)(?: besides=(\\S+))?");

  private SegmentCodec() {}

  /** The name of a segment in its partition. */
  static String name(int number) {
    return NAME + number;
  }

  /** The number of the segment that has a name; 0 when none has. */
  static int number(@Nullable Object name) {
    Matcher matcher = NUMBER.matcher(String.valueOf(name));
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
  }

  static Map<String, Object> encode(SegmentOffset offset) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put(OffsetCodec.VERSION_KEY, OffsetCodec.VERSION);
    map.put(SEQUENCE, offset.sequence());
    map.put(OffsetCodec.START, offset.start().toString());
    offset.days().forEach((day, claim) -> map.put(DAY + day, encode(claim)));
    offset.ids().forEach((day, ids) -> map.put(IDS + day, encode(ids)));
    if (!offset.settledDays().equals(SettledDays.NONE)) {
      map.put(OffsetCodec.SETTLED_DAYS, offset.settledDays().encode());
    }
    return map;
  }

  private static String encode(IdSet ids) {
    String counts = ids.encodeCounts();
    return "sent="
        + ids.size()
        + " ids="
        + ids.encode()
        + " at="
        + ids.encodeSeconds()
        + (counts.isEmpty() ? "" : " counts=" + counts);
  }

  private static String encode(DayClaim claim) {
    return "journal="
        + claim.generation()
        + " named="
        + (claim.isNamed() ? "yes" : "no")
        + " settled="
        + claim.settled()
        + " read="
        + encode(claim.read())
        + (claim.besides().isEmpty() ? "" : " besides=" + encode(claim.besides()));
  }

  private static String encode(List<TimeRange> ranges) {
    return ranges.stream().map(TimeRange::toString).collect(Collectors.joining(","));
  }

  /**
   * Reads the map form.
   *
   * @param withIds whether its ids are wanted, which are most of it
   * @throws IllegalArgumentException when it is not one
   */
  static SegmentOffset decode(int number, Map<String, ?> map, boolean withIds) {
    OffsetCodec.checkVersion(map, OffsetCodec.VERSION);
    if (!(map.get(SEQUENCE) instanceof Number sequence)) {
      throw new IllegalArgumentException("it has no number 'sequence'");
    }
    SortedMap<Split, DayClaim> days = new TreeMap<>();
    SortedMap<Split, IdSet> ids = new TreeMap<>();
    map.forEach(
        (key, value) -> {
          String text = String.valueOf(value);
          if (key.startsWith(IDS)) {
            ids.put(day(key.substring(IDS.length())), withIds ? ids(text) : IdSet.EMPTY);
          } else if (key.startsWith(DAY)) {
            days.put(day(key.substring(DAY.length())), claim(text));
          } else if (!KEYS.contains(key)) {
            throw new IllegalArgumentException("it holds an unknown '" + LogText.of(key) + "'");
          }
        });
    if (!days.keySet().containsAll(ids.keySet())) {
      throw new IllegalArgumentException("it has ids of a day of which it says nothing");
    }
    return new SegmentOffset(
        number,
        sequence.longValue(),
        OffsetCodec.time(map, OffsetCodec.START),
        days,
        ids,
        OffsetCodec.settledDays(map));
  }

  private static Split day(String text) {
    try {
      return new Split(LocalDate.parse(text));
    } catch (DateTimeException e) {
      // Without the cause, which quotes what was sent.
      throw new IllegalArgumentException("it names a day that does not exist");
    }
  }

  private static IdSet ids(String text) {
    Matcher matcher = SENT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("ids are not of the form 'sent=<n> ids=<text> at=<text>'");
    }
    IdSet ids = IdSet.decode(matcher.group(2)).withSeconds(matcher.group(3));
    if (ids.size() != Integer.parseInt(matcher.group(1))) {
      throw new IllegalArgumentException("it holds " + ids + ", but says sent=" + matcher.group(1));
    }
    String counts = matcher.group(4);
    return counts == null ? ids : ids.withCounts(counts);
  }

  private static DayClaim claim(String text) {
    Matcher matcher = CLAIM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "a day is not of the form 'journal=<name> named=yes|no settled=<time>"
              + " read=<time>/<time>,...'");
    }
    try {
      return new DayClaim(
          matcher.group(1),
          matcher.group(2).equals("yes"),
          Instant.parse(matcher.group(3)),
          ranges(matcher.group(4)),
          ranges(matcher.group(5)));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("a time of a day is not like 2026-11-01T00:00:00Z");
    }
  }

  private static List<TimeRange> ranges(@Nullable String text) {
    List<TimeRange> ranges = new ArrayList<>();
    for (String part : text == null ? new String[0] : text.split(",", -1)) {
      if (!part.isEmpty()) {
        int slash = part.indexOf('/');
        ranges.add(
            new TimeRange(
                Instant.parse(part.substring(0, Math.max(0, slash))),
                Instant.parse(part.substring(slash + 1))));
      }
    }
    return ranges;
  }
}
