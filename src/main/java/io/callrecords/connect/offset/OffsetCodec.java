package io.callrecords.connect.offset;

import io.callrecords.connect.config.LogText;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * The one place that knows what source partitions and offsets look like as maps.
 *
 * <p>A partition is {@code {"feed": "call-center", "split": "2026-11-01"}}. An offset, which
 * Connect allows to hold plain values only, is
 *
 * <pre>
 * {
 *   "version": 2,
 *   "start": "2026-10-01T00:00:00Z",
 *   "settled": "2026-11-01T08:00:00Z",
 *   "window 2026-11-01T08:00:00Z": "2026-11-01T09:00:00Z read total=2 sent=2 late=0 updated=0 ids=EQLk0bzzseCwLvev1EAAAA",
 *   "taken up": "2026-11-01T07:12:45Z",
 *   "settled days": "2026-10-30=Yw0Sm1pTZzcx 2026-10-31=-"
 * }
 * </pre>
 *
 * <p>{@code ids} is {@link IdSet}'s text form, {@code settled days} that of {@link SettledDays}. A
 * day of which a person has something loaded again has {@code "replay": true}, which the task that
 * opens it makes {@code "replay": "2026-11-01T07:12:45Z"}, the moment of opening, until it is
 * settled; a day whose ids are also in the journal has version 3 and a {@code journal} that names
 * them. {@link SegmentCodec} knows what the journal's segments look like.
 */
public final class OffsetCodec {
  /** The last version of the map form; this code reads the earlier ones, too. */
  public static final long VERSION = 3;

  /** The version of an offset that says nothing of the journal. */
  private static final long VERSION_WITHOUT_JOURNAL = 2;

  static final String VERSION_KEY = "version";
  static final String START = "start";
  static final String SETTLED_DAYS = "settled days";
  static final String WINDOW = "window ";
  private static final String FEED = "feed";
  private static final String SPLIT = "split";
  private static final String SETTLED = "settled";
  private static final String GENERATION = "journal";
  private static final String REPLAY = "replay";

  /** The stored form says it in other words, which stay. */
  private static final String OPENED_AT = "taken up";

  private static final Set<String> KEYS =
      Set.of(VERSION_KEY, START, SETTLED, SETTLED_DAYS, OPENED_AT, GENERATION, REPLAY);

  /** The form of the name of a day's ids in the journal: whatever tells two of them apart. */
  private static final Pattern NAME = Pattern.compile("\\S{1,40}");

  /** How far the clocks of worker and API may be apart where offsets are written by hand. */
  private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(10);

  /** As much of a digest as tells the offsets of a day apart. */
  private static final int DIGEST_BYTES = 9;

  /** More than any account has, and few enough that sums of it do not overflow. */
  private static final long MAX_COUNT = 1_000_000_000_000L;

  /** The length of a date with a year of four digits. */
  private static final int DAY_LENGTH = 10;

  private final String feed;

  /**
   * Creates a codec.
   *
   * @param feed name of the feed in partitions
   */
  public OffsetCodec(String feed) {
    this.feed = feed;
  }

  /**
   * The source partition of a split.
   *
   * <p>The order of its keys is fixed: a worker finds an offset by the bytes of the partition's
   * JSON, and the order of {@code Map.of} differs from one Java process to the next. It is also the
   * order into which a worker's REST API puts the keys of any partition, that of a {@code HashMap}.
   * A new key would have to fit into both.
   */
  public Map<String, String> partition(Split split) {
    return partition(split.toString());
  }

  /** The source partition of a segment of the journal. */
  public Map<String, String> segmentPartition(int number) {
    return partition(SegmentCodec.name(number));
  }

  /** The source partition under which an offset is stored. */
  public Map<String, String> partition(RecordOffset offset) {
    return offset.match(day -> partition(day.day()), segment -> segmentPartition(segment.number()));
  }

  private Map<String, String> partition(String name) {
    Map<String, String> partition = new LinkedHashMap<>();
    partition.put(FEED, feed);
    partition.put(SPLIT, name);
    return Collections.unmodifiableMap(partition);
  }

  /** The number of the segment whose source partition a map is; 0 when it is none of this feed. */
  public int segment(Map<String, ?> partition) {
    return partition.keySet().equals(Set.of(FEED, SPLIT)) && feed.equals(partition.get(FEED))
        ? SegmentCodec.number(partition.get(SPLIT))
        : 0;
  }

  /**
   * The split of a source partition.
   *
   * @throws ConnectException if the map is not a partition of this feed
   */
  public Split split(Map<String, ?> partition) {
    if (partition.keySet().equals(Set.of(FEED, SPLIT))
        && feed.equals(partition.get(FEED))
        && partition.get(SPLIT) instanceof String day) {
      try {
        return new Split(LocalDate.parse(day));
      } catch (DateTimeException e) {
        // Without the cause, which quotes what was sent.
        throw noDay(day);
      }
    }
    throw new ConnectException(
        "Not a source partition of this connector: "
            + LogText.of(partition.toString())
            + "; "
            + form());
  }

  private ConnectException noDay(String day) {
    return new ConnectException(
        "Not a day: the partition's split " + LogText.of(day) + "; " + form());
  }

  /**
   * Checks an offset that somebody wants to store. What passes can be restored: a task that starts
   * on it reads what it does not cover.
   *
   * @param offset null resets the split
   * @param now what lies after the present cannot be settled
   * @throws ConnectException if partition or offset cannot be used; shows the right form
   */
  public void check(Map<String, ?> partition, @Nullable Map<String, ?> offset, Instant now) {
    int segment = segment(partition);
    Split split = segment > 0 ? null : split(partition);
    if (!List.copyOf(partition.keySet()).equals(List.of(FEED, SPLIT))) {
      throw new ConnectException(
          "The worker would not find an offset stored for "
              + LogText.of(partition.toString())
              + ", since it compares partitions byte by byte; "
              + form()
              + ", in that order");
    }
    if (offset == null) {
      return;
    }
    if (split == null) {
      decodeSegment(segment, offset);
    } else {
      check(split, offset, now);
    }
  }

  private void check(Split split, Map<String, ?> offset, Instant now) {
    if (split.toString().length() != DAY_LENGTH) {
      throw noDay(split.toString());
    }
    try {
      SplitOffset written = read(split, offset);
      List<String> defects = defects(split, written);
      if (!defects.isEmpty()) {
        throw new IllegalArgumentException(String.join("; ", defects));
      }
      checkWritten(written);
      checkPresent(written, now);
    } catch (IllegalArgumentException e) {
      throw new ConnectException(
          "Not an offset of split " + split + ": " + e.getMessage() + "; " + rightForm(split, now),
          e);
    }
  }

  private static String rightForm(Split split, Instant now) {
    TimeRange day = split.range();
    if (day.from().isAfter(now)) {
      return "the day has not begun, so it has no offset yet: leave it out, or use null";
    }
    return "use the form that GET /connectors/<name>/offsets returns, or null to load the day again,"
        + " or {\"version\": 1, \"start\": \""
        + day.from()
        + "\", \"settled\": \""
        + (day.to().isAfter(now) ? now.truncatedTo(ChronoUnit.HOURS) : day.to())
        + "\"} to leave the day out up to 'settled'";
  }

  /** What the connector itself never writes, although it would not fail on it. */
  private static void checkWritten(SplitOffset offset) {
    if (offset.start().isBefore(Instant.EPOCH)) {
      throw new IllegalArgumentException("'start' lies before 1970");
    }
    for (WindowOffset window : offset.windows()) {
      TimeRange range = window.range();
      // Between 'start' and 'settled' all is settled: a window there would contradict that.
      if (range.from().isBefore(offset.settled()) && range.to().isAfter(offset.start())) {
        throw new IllegalArgumentException("it has windows before 'settled'; leave them out");
      }
      if (range.from().isBefore(offset.start()) && range.to().isAfter(offset.start())) {
        throw new IllegalArgumentException("a window reaches across 'start'; let it end there");
      }
    }
  }

  /** Calls that are yet to come would be lost without a word. */
  private static void checkPresent(SplitOffset offset, Instant now) {
    Instant latest = now.plus(CLOCK_TOLERANCE);
    boolean isAhead =
        offset.settled().isAfter(latest)
            || offset.windows().stream()
                .anyMatch(
                    window ->
                        window.state() == WindowOffset.State.SETTLED
                            && window.range().to().isAfter(latest));
    if (isAhead) {
      throw new IllegalArgumentException(
          "it settles what lies after the present ("
              + now.truncatedTo(ChronoUnit.SECONDS)
              + "), so that calls which are yet to come would not be read");
    }
  }

  private String form() {
    return "use the form {\"feed\": \"" + feed + "\", \"split\": \"2026-11-01\"}";
  }

  /**
   * The map of an offset that is worked out when the map is first looked into.
   *
   * <p>Every record carries an offset, but a worker writes only the last of many: encoding the ones
   * between would be work thrown away.
   */
  public Map<String, Object> lazily(RecordOffset offset) {
    return new AbstractMap<>() {
      private volatile @Nullable Map<String, Object> encoded;

      @Override
      public Set<Entry<String, Object>> entrySet() {
        Map<String, Object> known = encoded;
        if (known == null) {
          known = encode(offset);
          encoded = known;
        }
        return known.entrySet();
      }

      /**
       * The same for all: an exactly-once worker takes the hash of each record, which covers its
       * offset, and would else have every one of them encoded.
       */
      @Override
      public int hashCode() {
        return 0;
      }
    };
  }

  /** The map form of the offset of a day or segment. */
  public Map<String, Object> encode(RecordOffset offset) {
    return offset.match(
        day -> map(day.offset().get()), segment -> SegmentCodec.encode(segment.offset().get()));
  }

  /** The map form of a day's offset. */
  public Map<String, Object> encode(SplitOffset offset) {
    return map(offset);
  }

  private static Map<String, Object> map(SplitOffset offset) {
    Map<String, Object> map = new LinkedHashMap<>();
    String generation = offset.generation();
    map.put(VERSION_KEY, generation == null ? VERSION_WITHOUT_JOURNAL : VERSION);
    map.put(START, offset.start().toString());
    map.put(SETTLED, offset.settled().toString());
    for (WindowOffset window : offset.windows()) {
      map.put(
          WINDOW + window.range().from(),
          generation == null ? window.encode() : window.encodeWithCounts());
    }
    if (offset.openedAt() != null) {
      map.put(OPENED_AT, offset.openedAt().toString());
    }
    if (generation != null) {
      map.put(GENERATION, generation);
    }
    Instant replayedTo = offset.replayedTo();
    if (replayedTo != null) {
      map.put(REPLAY, replayedTo.equals(SplitOffset.WHEN_OPENED) ? true : replayedTo.toString());
    }
    if (!offset.settledDays().equals(SettledDays.NONE)) {
      map.put(SETTLED_DAYS, offset.settledDays().encode());
    }
    return map;
  }

  /**
   * Tells an offset from any other of its split, but for what it says of other days, and for the
   * version of its form, which is another one once it has been read.
   */
  public static String digest(SplitOffset offset) {
    return digest(map(offset));
  }

  /** The {@link #digest(SplitOffset)} of a map form. */
  static String digest(Map<String, ?> map) {
    MessageDigest digest = sha256();
    new TreeMap<>(map)
        .forEach(
            (key, value) -> {
              if (!key.equals(SETTLED_DAYS) && !key.equals(VERSION_KEY)) {
                digest.update((key + '=' + value + '\n').getBytes(StandardCharsets.UTF_8));
              }
            });
    byte[] start = Arrays.copyOf(digest.digest(), DIGEST_BYTES);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(start);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has it", e);
    }
  }

  /**
   * Reads the map form of a split's offset. What an earlier version let a person store although it
   * cannot be is no reason to fail.
   *
   * @throws ConnectException when it is not one, with what is wrong and how to get out
   */
  public SplitOffset decode(Split split, Map<String, ?> map) {
    return usable(split, () -> read(split, map));
  }

  /**
   * Reads what the map form of a split's offset says of other days, and nothing else of it.
   *
   * @throws ConnectException as {@link #decode} does
   */
  SettledDays settledDays(Split split, Map<String, ?> map) {
    return usable(split, () -> settledDays(map));
  }

  /**
   * Reads where the connector's range began when the map form of a split's offset was written.
   *
   * @throws ConnectException as {@link #decode} does
   */
  Instant start(Split split, Map<String, ?> map) {
    return usable(split, () -> time(map, START));
  }

  /** Whether the map form of a split's offset says by itself that all of its day is settled. */
  static boolean saysAllIsSettled(Split split, Map<String, ?> map) {
    try {
      return new SplitOffset(time(map, START), time(map, SETTLED), List.of())
          .saysAllIsSettled(split);
    } catch (IllegalArgumentException e) {
      // Whoever needs the offset will say what is wrong with it.
      return false;
    }
  }

  /**
   * Reads what the map form of a split's offset proves about when a task was running: when the task
   * began that has written it, and on the day itself, since no record comes before its day. A plain
   * offset that a person has written proves nothing.
   *
   * @throws ConnectException as {@link #decode} does
   */
  Optional<ResumeState.Run> run(Split split, Map<String, ?> map) {
    return usable(
        split,
        () -> {
          Instant openedAt = openedAt(map);
          if (openedAt == null && map.keySet().stream().noneMatch(key -> key.startsWith(WINDOW))) {
            return Optional.empty();
          }
          Instant day = split.range().from();
          Instant at = openedAt == null || openedAt.isBefore(day) ? day : openedAt;
          return Optional.of(new ResumeState.Run(time(map, START), at));
        });
  }

  /**
   * Reads the map form of a segment's offset.
   *
   * @throws ConnectException when it is not one, with what is wrong and how to get out
   */
  public SegmentOffset decodeSegment(int number, Map<String, ?> map) {
    return decodeSegment(number, map, true);
  }

  /**
   * The same.
   *
   * @param withIds whether its ids are wanted, which are most of it
   */
  SegmentOffset decodeSegment(int number, Map<String, ?> map, boolean withIds) {
    try {
      return SegmentCodec.decode(number, map, withIds);
    } catch (IllegalArgumentException e) {
      throw new ConnectException(
          "Not an offset of "
              + SegmentCodec.name(number)
              + ": "
              + e.getMessage()
              + "; the connector alone writes these. Use what GET /connectors/<name>/offsets has"
              + " returned, or null for this partition and for the days whose calls are to be"
              + " loaded again",
          e);
    }
  }

  private <T> T usable(Split split, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (IllegalArgumentException e) {
      throw new ConnectException(
          "The stored offset of split "
              + split
              + " cannot be used: "
              + e.getMessage()
              + ". Reset it to load the day again: PUT /connectors/<name>/stop, PATCH"
              + " /connectors/<name>/offsets with a null offset for "
              + partition(split)
              + ", PUT /connectors/<name>/resume",
          e);
    }
  }

  private static SplitOffset read(Split split, Map<String, ?> map) {
    checkVersion(map, 1);
    List<WindowOffset> windows = new ArrayList<>();
    map.forEach(
        (key, value) -> {
          if (key.startsWith(WINDOW)) {
            windows.add(WindowOffset.decode(key.substring(WINDOW.length()), String.valueOf(value)));
          } else if (!KEYS.contains(key)) {
            throw new IllegalArgumentException("it holds an unknown '" + LogText.of(key) + "'");
          }
        });
    windows.sort(Comparator.comparing((WindowOffset w) -> w.range().from()));
    SplitOffset offset =
        new SplitOffset(
            time(map, START),
            time(map, SETTLED),
            windows,
            settledDays(map),
            openedAt(map),
            generation(map),
            replayedTo(map),
            null);
    checkWindows(split, offset);
    return offset;
  }

  /** Refuses what an earlier version cannot have written, and a later one has. */
  static void checkVersion(Map<String, ?> map, long first) {
    if (!(map.get(VERSION_KEY) instanceof Number version)) {
      throw new IllegalArgumentException("it has no number 'version'");
    }
    if (version.longValue() < first || version.longValue() > VERSION) {
      throw new IllegalArgumentException(
          "its version is "
              + LogText.of(version.toString())
              + ", and this connector reads "
              + (first == VERSION ? "" : first + " to ")
              + VERSION);
    }
  }

  private static @Nullable Instant openedAt(Map<String, ?> map) {
    return map.containsKey(OPENED_AT) ? time(map, OPENED_AT) : null;
  }

  static SettledDays settledDays(Map<String, ?> map) {
    return map.containsKey(SETTLED_DAYS)
        ? SettledDays.decode(map.get(SETTLED_DAYS))
        : SettledDays.NONE;
  }

  private static @Nullable Instant replayedTo(Map<String, ?> map) {
    if (!map.containsKey(REPLAY)) {
      return null;
    }
    // Connect keeps what it is given: a person may write it as a text.
    return String.valueOf(map.get(REPLAY)).equals("true")
        ? SplitOffset.WHEN_OPENED
        : time(map, REPLAY);
  }

  /** What the map form of a split's offset names its ids in the journal, whether it can or not. */
  static @Nullable String generationName(Map<String, ?> map) {
    return map.containsKey(GENERATION) ? String.valueOf(map.get(GENERATION)) : null;
  }

  private static @Nullable String generation(Map<String, ?> map) {
    String name = generationName(map);
    if (name == null) {
      return null;
    }
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("its 'journal' is no name");
    }
    return name;
  }

  private static void checkWindows(Split split, SplitOffset offset) {
    TimeRange day = split.range();
    Instant settled = offset.settled();
    if (settled.isBefore(day.from()) || settled.isAfter(day.to())) {
      throw new IllegalArgumentException("'settled' lies outside of the day");
    }
    Instant previous = day.from();
    for (WindowOffset window : offset.windows()) {
      TimeRange range = window.range();
      boolean acrossSettled = range.from().isBefore(settled) && range.to().isAfter(settled);
      if (range.from().isBefore(previous) || !day.contains(range) || acrossSettled) {
        throw new IllegalArgumentException("its windows overlap or lie outside of the day");
      }
      previous = range.to();
    }
  }

  /**
   * What an offset says that cannot be, and that a task which starts on it does without: nothing is
   * settled before a start after the day, a window without time covers none, and a count that
   * cannot be is none. The connector never writes this, but its earlier versions let a person store
   * it.
   */
  static List<String> defects(Split split, SplitOffset offset) {
    Set<String> defects = new LinkedHashSet<>();
    if (offset.start().isAfter(split.range().to())) {
      defects.add("'start' lies after the day");
    }
    for (WindowOffset window : offset.windows()) {
      if (window.range().isEmpty()) {
        defects.add("a window holds no time");
      }
      if (!isPlausible(window)) {
        defects.add("a window's total or count cannot be");
      }
    }
    return List.copyOf(defects);
  }

  /** An offset without the counts that cannot be. All else that is wrong leaves no trace anyway. */
  static SplitOffset withPlausibleCounts(SplitOffset offset) {
    List<WindowOffset> windows =
        offset.windows().stream()
            .map(window -> isPlausible(window) ? window : withoutCounts(window))
            .toList();
    return offset.withWindows(windows);
  }

  private static WindowOffset withoutCounts(WindowOffset window) {
    return new WindowOffset(
        window.range(), window.state(), WindowOffset.UNKNOWN, LateCounts.NONE, window.ids());
  }

  private static boolean isPlausible(WindowOffset window) {
    return window.total() >= WindowOffset.UNKNOWN
        && window.total() <= MAX_COUNT
        && window.lateCounts().late() <= MAX_COUNT
        && window.lateCounts().updated() <= MAX_COUNT;
  }

  static Instant time(Map<String, ?> map, String key) {
    @Nullable Object value = map.get(key);
    try {
      Instant time = Instant.parse(String.valueOf(value));
      if (time.equals(time.truncatedTo(ChronoUnit.SECONDS))) {
        return time;
      }
    } catch (DateTimeException e) {
      // Without the cause, which quotes what was sent.
      throw new IllegalArgumentException("'" + key + "' is not a time like 2026-11-01T00:00:00Z");
    }
    throw new IllegalArgumentException("'" + key + "' is not in whole seconds");
  }
}
