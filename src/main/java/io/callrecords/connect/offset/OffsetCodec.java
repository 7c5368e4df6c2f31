package io.callrecords.connect.offset;

import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
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
 * <p>{@code ids} is {@link IdSet}'s text form, {@code settled days} that of {@link SettledDays}.
 */
public final class OffsetCodec {
  /** The version of the map form that this code writes; it reads the earlier ones, too. */
  public static final long VERSION = 2;

  private static final String FEED = "feed";
  private static final String SPLIT = "split";
  private static final String VERSION_KEY = "version";
  private static final String START = "start";
  private static final String SETTLED = "settled";
  private static final String SETTLED_DAYS = "settled days";
  private static final String TAKEN_UP = "taken up";
  private static final String WINDOW = "window ";
  private static final Set<String> KEYS =
      Set.of(VERSION_KEY, START, SETTLED, SETTLED_DAYS, TAKEN_UP);

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
    Map<String, String> partition = new LinkedHashMap<>();
    partition.put(FEED, feed);
    partition.put(SPLIT, split.toString());
    return Collections.unmodifiableMap(partition);
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
        throw noDay(day, e);
      }
    }
    throw new ConnectException(
        "Not a source partition of this connector: " + partition + "; " + form());
  }

  private ConnectException noDay(String day, @Nullable Exception cause) {
    return new ConnectException("Not a day: the partition's split " + day + "; " + form(), cause);
  }

  /**
   * Checks an offset that somebody wants to store. What passes can be restored: a task that starts
   * on it reads what it does not cover.
   *
   * @param offset null resets the split
   * @throws ConnectException if partition or offset cannot be used; shows the right form
   */
  public void check(Map<String, ?> partition, @Nullable Map<String, ?> offset) {
    Split split = split(partition);
    if (!List.copyOf(partition.keySet()).equals(List.of(FEED, SPLIT))) {
      throw new ConnectException(
          "The worker would not find an offset stored for "
              + partition
              + ", since it compares partitions byte by byte; "
              + form()
              + ", in that order");
    }
    if (offset == null) {
      return;
    }
    if (split.toString().length() != DAY_LENGTH) {
      throw noDay(split.toString(), null);
    }
    try {
      checkWritten(read(split, offset));
    } catch (IllegalArgumentException e) {
      throw new ConnectException(
          "Not an offset of split "
              + split
              + ": "
              + e.getMessage()
              + "; use the form that GET /connectors/<name>/offsets returns, or null to load the"
              + " day again, or {\"version\": 1, \"start\": \""
              + split.range().from()
              + "\", \"settled\": \""
              + split.range().to()
              + "\"} to leave the day out up to 'settled'",
          e);
    }
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

  private String form() {
    return "use the form {\"feed\": \"" + feed + "\", \"split\": \"2026-11-01\"}";
  }

  /**
   * The map of an offset that is worked out when the map is first looked into.
   *
   * <p>Every record carries an offset, but a worker writes only the last of many: encoding the ones
   * between would be work thrown away.
   */
  public Map<String, Object> lazily(Supplier<SplitOffset> offset) {
    return new AbstractMap<>() {
      private volatile @Nullable Map<String, Object> encoded;

      @Override
      public Set<Entry<String, Object>> entrySet() {
        Map<String, Object> known = encoded;
        if (known == null) {
          known = encode(offset.get());
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

  /** The map form of an offset. */
  public Map<String, Object> encode(SplitOffset offset) {
    return map(offset);
  }

  private static Map<String, Object> map(SplitOffset offset) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put(VERSION_KEY, VERSION);
    map.put(START, offset.start().toString());
    map.put(SETTLED, offset.settled().toString());
    for (WindowOffset window : offset.windows()) {
      map.put(WINDOW + window.range().from(), window.encode());
    }
    if (offset.openedAt() != null) {
      map.put(TAKEN_UP, offset.openedAt().toString());
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
   * Reads the map form of a split's offset.
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
    if (!(map.get(VERSION_KEY) instanceof Number version)) {
      throw new IllegalArgumentException("it has no number 'version'");
    }
    if (version.longValue() < 1 || version.longValue() > VERSION) {
      throw new IllegalArgumentException(
          "its version is " + version + ", and this connector reads 1 to " + VERSION);
    }
    List<WindowOffset> windows = new ArrayList<>();
    map.forEach(
        (key, value) -> {
          if (key.startsWith(WINDOW)) {
            windows.add(WindowOffset.decode(key.substring(WINDOW.length()), String.valueOf(value)));
          } else if (!KEYS.contains(key)) {
            throw new IllegalArgumentException("it holds an unknown '" + key + "'");
          }
        });
    windows.sort(Comparator.comparing((WindowOffset w) -> w.range().from()));
    SplitOffset offset =
        new SplitOffset(
            time(map, START), time(map, SETTLED), windows, settledDays(map), openedAt(map));
    check(split, offset);
    return offset;
  }

  private static @Nullable Instant openedAt(Map<String, ?> map) {
    return map.containsKey(TAKEN_UP) ? time(map, TAKEN_UP) : null;
  }

  private static SettledDays settledDays(Map<String, ?> map) {
    return map.containsKey(SETTLED_DAYS)
        ? SettledDays.decode(map.get(SETTLED_DAYS))
        : SettledDays.NONE;
  }

  private static void check(Split split, SplitOffset offset) {
    TimeRange day = split.range();
    Instant settled = offset.settled();
    if (settled.isBefore(day.from()) || settled.isAfter(day.to())) {
      throw new IllegalArgumentException("'settled' lies outside of the day");
    }
    if (offset.start().isAfter(day.to())) {
      throw new IllegalArgumentException("'start' lies after the day");
    }
    Instant previous = day.from();
    for (WindowOffset window : offset.windows()) {
      TimeRange range = window.range();
      boolean acrossSettled = range.from().isBefore(settled) && range.to().isAfter(settled);
      if (range.from().isBefore(previous) || !day.contains(range) || acrossSettled) {
        throw new IllegalArgumentException("its windows overlap or lie outside of the day");
      }
      if (range.isEmpty()) {
        throw new IllegalArgumentException("a window holds no time");
      }
      if (!isPlausible(window)) {
        throw new IllegalArgumentException("a window's total or count cannot be");
      }
      previous = range.to();
    }
  }

  private static boolean isPlausible(WindowOffset window) {
    return window.total() >= WindowOffset.UNKNOWN
        && window.total() <= MAX_COUNT
        && window.lateCounts().late() <= MAX_COUNT
        && window.lateCounts().updated() <= MAX_COUNT;
  }

  private static Instant time(Map<String, ?> map, String key) {
    @Nullable Object value = map.get(key);
    try {
      Instant time = Instant.parse(String.valueOf(value));
      if (time.equals(time.truncatedTo(ChronoUnit.SECONDS))) {
        return time;
      }
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "'" + key + "' is not a time like 2026-11-01T00:00:00Z", e);
    }
    throw new IllegalArgumentException("'" + key + "' is not in whole seconds");
  }
}
