package io.callrecords.connect.offset;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.callrecords.connect.Seeds;
import io.callrecords.connect.config.MalformedPolicy;
import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.loop.Invariants;
import io.callrecords.connect.offset.WindowOffset.State;
import io.callrecords.connect.split.Assignment;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.split.WindowLimits;
import io.callrecords.connect.split.ZoneTransitions;
import io.callrecords.connect.state.JournalLimits;
import io.callrecords.connect.state.RecheckPolicy;
import io.callrecords.connect.state.TaskCounts;
import io.callrecords.connect.state.TaskSplits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.connect.errors.ConnectException;
import org.assertj.core.api.ThrowableAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Proves that an offset which a person writes is either refused with the right form, or leaves a
 * task that starts on it with exactly that to read which the offset does not cover.
 */
class AlteredOffsetsTest {
  private static final Instant LATER = Instant.parse("2030-01-01T00:00:00Z");
  private static final Split DAY = new Split(LocalDate.of(2026, 11, 1));
  private static final Instant MIDNIGHT = DAY.range().from();
  private static final Instant NOW = Instant.parse("2026-11-03T10:00:00Z");
  private static final String RIGHT_FORM =
      "{\"version\": 1, \"start\": \"2026-11-01T00:00:00Z\", \"settled\": \"2026-11-02T00:00:00Z\"}";

  private final OffsetCodec codec = new OffsetCodec("call-center");

  /** The worker logs what is refused, with its causes. */
  /** Whoever follows the advice is not refused again. */
  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1})
  void theFormThatARefusalProposesIsAccepted(int daysFromNow) throws Exception {
    Split day = Split.of(NOW.plus(Duration.ofDays(daysFromNow)));
    Map<String, String> partition = codec.partition(day);

    Throwable refusal =
        catchThrowable(() -> codec.check(partition, Map.of("version", 1, "settled", "soon"), NOW));

    String message = refusal.getMessage();
    int form = message.indexOf("{\"version\"");
    if (daysFromNow > 0) {
      assertThat(message).endsWith("so it has no offset yet: leave it out, or use null");
      codec.check(partition, null, NOW);
    } else {
      String json = message.substring(form, message.indexOf('}', form) + 1);
      codec.check(partition, new ObjectMapper().readValue(json, new TypeReference<>() {}), NOW);
    }
  }

  @Test
  void showsWhatIsWrittenOnOneShortLine() {
    String forged = "x\nERROR all is lost" + "y".repeat(500);
    List<Map<String, ?>> partitions =
        List.of(
            Map.of("feed", "call-center", "split", forged),
            Map.of("feed", forged),
            Map.of(forged, "call-center"));
    for (Map<String, ?> partition : partitions) {
      expectOneShortLine(() -> codec.check(partition, null, LATER));
    }
    for (String key :
        List.of("start", "settled", "taken up", "settled days", forged, "window " + forged)) {
      Map<String, Object> written = new HashMap<>(plain());
      written.put(key, forged);
      expectOneShortLine(() -> codec.check(codec.partition(DAY), written, LATER));
    }
    String window = "2026-11-01T12:00:00Z read total=0 sent=0 late=0 updated=0 ids=";
    Map<String, Object> written = new HashMap<>(plain());
    written.put("window " + forged, window);
    expectOneShortLine(() -> codec.check(codec.partition(DAY), written, LATER));
  }

  private static void expectOneShortLine(ThrowableAssert.ThrowingCallable check) {
    assertThatThrownBy(check)
        .isInstanceOf(ConnectException.class)
        .satisfies(
            thrown -> {
              for (Throwable e = thrown; e != null; e = e.getCause()) {
                assertThat(e.getMessage()).doesNotContain("\n", "y".repeat(100));
              }
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "start | 2026-11-02T00:00:01Z | 'start' lies after the day",
        "start | 2030-01-01T00:00:00Z | 'start' lies after the day",
        "window 2026-11-01T12:00:00Z | 2026-11-01T12:00:00Z read total=0 sent=0 late=0 updated=0 ids="
            + " | a window holds no time",
        "window 2026-11-01T12:00:00Z | 2026-11-01T13:00:00Z read total=-2 sent=0 late=0 updated=0 ids="
            + " | a window's total or count cannot be",
        "window 2026-11-01T12:00:00Z | 2026-11-01T13:00:00Z read total=0 sent=0 late=9000000000000000000"
            + " updated=0 ids= | a window's total or count cannot be",
      })
  void refusesWhatCannotBeButRestoresItFromKafka(String key, String value, String problem) {
    Map<String, Object> written = new HashMap<>(plain());
    written.put(key, value);

    assertThatThrownBy(() -> codec.check(codec.partition(DAY), written, LATER))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining(problem)
        .hasMessageContaining(RIGHT_FORM);
    // Version 0.2.0 accepted it, so that it may be stored.
    ResumeState state = ResumeState.of(codec, List.of(DAY), Map.of(DAY, written), Map.of(), NOW);
    assertThat(state.defects().get(DAY)).singleElement().asString().contains(problem);
    gaps(requireNonNull(state.offsets().get(DAY)), MIDNIGHT);
  }

  /** What is settled is not read: all calls until then would be missing, and nobody would know. */
  @ParameterizedTest
  @CsvSource({
    "2026-11-01T15:00:00Z, true",
    "2026-11-01T15:09:00Z, true",
    "2026-11-01T16:00:00Z, false",
    "2026-11-02T00:00:00Z, false"
  })
  void refusesToSettleWhatIsYetToCome(String settled, boolean isTaken) {
    Map<String, Object> settles =
        Map.of("version", 1L, "start", MIDNIGHT.toString(), "settled", settled);
    Map<String, Object> holdsSettled =
        Map.of(
            "version",
            1L,
            "start",
            MIDNIGHT.toString(),
            "settled",
            MIDNIGHT.toString(),
            "window 2026-11-01T14:00:00Z",
            settled + " settled total=-1 sent=0 late=0 updated=0 ids=");
    Instant now = Instant.parse("2026-11-01T15:00:00Z");
    for (Map<String, Object> written : List.of(settles, holdsSettled)) {
      if (isTaken) {
        codec.check(codec.partition(DAY), written, now);
      } else {
        assertThatThrownBy(() -> codec.check(codec.partition(DAY), written, now))
            .isInstanceOf(ConnectException.class)
            .hasMessageContaining("it settles what lies after the present (2026-11-01T15:00:00Z)")
            .hasMessageContaining("\"settled\": \"2026-11-01T15:00:00Z\"}");
      }
    }
  }

  /** The command of the page on offsets loads one hour again, and nothing else. */
  @Test
  @SuppressWarnings("unchecked")
  void thePageOnOffsetsLoadsAnHourAgain() throws IOException {
    String page = Files.readString(Path.of("docs", "OFFSETS.md"));
    Matcher command =
        Pattern.compile("## Load an hour again.*?-d '(\\{.*?})'\n", Pattern.DOTALL).matcher(page);
    assertThat(command.find()).isTrue();
    Map<String, List<Map<String, Map<String, Object>>>> body =
        new ObjectMapper().readValue(command.group(1), Map.class);
    Map<String, Map<String, Object>> change = body.get("offsets").get(0);

    codec.check(change.get("partition"), change.get("offset"), LATER);

    assertThat(codec.split(change.get("partition"))).isEqualTo(DAY);
    assertThat(gaps(restored(change.get("offset")), MIDNIGHT))
        .hasToString("[2026-11-01T14:00:00Z/2026-11-01T15:00:00Z]");
  }

  /** What it says to be settled is not believed; what it lists as sent is. */
  @Test
  void aDayWithAStartAfterItIsUnreadButForItsWindows() {
    Map<String, Object> written = new HashMap<>(plain());
    written.put("start", "2026-11-05T00:00:00Z");
    IdSet ids = IdSet.of(List.of("26110116301700042"));
    written.put(
        "window 2026-11-01T12:00:00Z",
        "2026-11-01T13:00:00Z read total=1 sent=1 late=0 updated=0 ids=" + ids.encode());

    SplitOffset offset = restored(written);

    assertThat(gaps(offset, MIDNIGHT))
        .hasToString(
            "[2026-11-01T00:00:00Z/2026-11-01T12:00:00Z, 2026-11-01T13:00:00Z/2026-11-02T00:00:00Z]");
    assertThat(offset.windows()).singleElement().extracting(WindowOffset::ids).isEqualTo(ids);
  }

  @Test
  void aWindowWithoutTimeCoversNothing() {
    Map<String, Object> written = new HashMap<>(plain());
    written.put(
        "window 2026-11-01T12:00:00Z",
        "2026-11-01T12:00:00Z read total=0 sent=0 late=0 updated=0 ids=");

    assertThat(gaps(restored(written), MIDNIGHT))
        .hasToString("[2026-11-01T08:00:00Z/2026-11-02T00:00:00Z]");
  }

  @Test
  void aCountThatCannotBeIsNoneAndTheIdsAreKept() {
    Map<String, Object> written = new HashMap<>(plain());
    IdSet ids = IdSet.of(List.of("26110116301700042"));
    written.put(
        "window 2026-11-01T12:00:00Z",
        "2026-11-01T13:00:00Z read total=-2 sent=1 late=9000000000000000000 updated=0 ids="
            + ids.encode());

    assertThat(restored(written).windows())
        .singleElement()
        .satisfies(
            window -> {
              assertThat(window.total()).isEqualTo(WindowOffset.UNKNOWN);
              assertThat(window.lateCounts()).isEqualTo(LateCounts.NONE);
              assertThat(window.ids()).isEqualTo(ids);
            });
  }

  private SplitOffset restored(Map<String, Object> written) {
    ResumeState state = ResumeState.of(codec, List.of(DAY), Map.of(DAY, written), Map.of(), NOW);
    return requireNonNull(state.offsets().get(DAY));
  }

  /** The connector never writes these; by hand they may be meant in more than one way. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-1000000000-01-01T00:00:00Z | 2026-11-01T08:00:00Z | 'start' lies before 1970",
        "1969-12-31T23:59:59Z | 2026-11-01T08:00:00Z | 'start' lies before 1970",
        "2026-11-01T12:30:00Z | 2026-11-01T08:00:00Z | a window reaches across 'start'",
        "2026-10-01T00:00:00Z | 2026-11-01T13:00:00Z | it has windows before 'settled'",
      })
  void refusesWhatMayBeMeantInTwoWays(String start, String settled, String problem) {
    Map<String, Object> written = new HashMap<>(plain());
    written.put("start", start);
    written.put("settled", settled);
    written.put(
        "window 2026-11-01T12:00:00Z",
        "2026-11-01T13:00:00Z read total=0 sent=0 late=0 updated=0 ids=");

    assertThatThrownBy(() -> codec.check(codec.partition(DAY), written, LATER))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining(problem)
        .hasMessageContaining(RIGHT_FORM);
  }

  @ParameterizedTest
  @ValueSource(strings = {"+999999999-12-31", "-999999999-01-01", "+12345-01-01", "-0001-12-31"})
  void refusesAnOffsetOfADayThatNoRangeReaches(String day) {
    Map<String, String> partition = new LinkedHashMap<>();
    partition.put("feed", "call-center");
    partition.put("split", day);

    assertThatThrownBy(() -> codec.check(partition, plain(), LATER))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("{\"feed\": \"call-center\", \"split\": \"2026-11-01\"}");
    // A reset of all offsets names every partition that is stored, whoever has stored it.
    codec.check(partition, null, LATER);
  }

  @Test
  void takesAStartThatTheDayHolds() {
    Map<String, Object> written = new HashMap<>(plain());
    written.put("start", "2026-11-01T12:00:00Z");
    written.put("settled", "2026-11-01T18:00:00Z");

    codec.check(codec.partition(DAY), written, LATER);

    assertThat(gaps(codec.decode(DAY, written), MIDNIGHT))
        .hasToString(
            "[2026-11-01T00:00:00Z/2026-11-01T12:00:00Z, 2026-11-01T18:00:00Z/2026-11-02T00:00:00Z]");
  }

  @RepeatedTest(50)
  void whateverIsAcceptedIsRestoredAndLeavesWhatItDoesNotCover(RepetitionInfo repetition) {
    long seed = Seeds.of(repetition);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 50; i++) {
      Map<String, Object> written = nearlyValid(random);
      String what = "seed %d, #%d: %s".formatted(seed, i, written);
      if (isAccepted(written, what)) {
        SplitOffset offset = codec.decode(DAY, written);
        for (Instant start : List.of(MIDNIGHT.minusSeconds(86_400), somewhere(random))) {
          List<TimeRange> gaps = gaps(offset, start);
          assertThat(gaps)
              .as(what + " from " + start)
              .isEqualTo(uncovered(offset, start.isBefore(MIDNIGHT) ? MIDNIGHT : start));
        }
        // The connector, too, plans by it.
        assertThat(
                ResumeState.of(codec, List.of(DAY), Map.of(DAY, written), Map.of(), NOW)
                    .offsets()
                    .keySet())
            .as(what)
            .containsExactly(DAY);
      }
    }
  }

  /** Guards the property above: it would hold if nothing were accepted, or nothing refused. */
  @Test
  void drawsOffsetsOfBothKinds() {
    SplittableRandom random = new SplittableRandom(1);
    int accepted = 0;
    for (int i = 0; i < 1_000; i++) {
      accepted += isAccepted(nearlyValid(random), "#" + i) ? 1 : 0;
    }

    assertThat(accepted).isBetween(200, 800);
  }

  private boolean isAccepted(Map<String, Object> written, String what) {
    try {
      codec.check(codec.partition(DAY), written, LATER);
      return true;
    } catch (ConnectException e) {
      assertThat(e).as(what).hasMessageContaining(RIGHT_FORM);
      return false;
    }
  }

  /** What a task that starts on an offset, with a range from a start on, has to read of the day. */
  private static List<TimeRange> gaps(SplitOffset offset, Instant start) {
    ReadOptions options =
        new ReadOptions(
            start,
            null,
            Duration.ofDays(59),
            Duration.ofSeconds(30),
            Duration.ofDays(1),
            false,
            true,
            MalformedPolicy.FAIL);
    TaskSplits splits =
        new TaskSplits(
            options,
            new Assignment(List.of(DAY), null),
            new RecheckPolicy(options.pollInterval(), options.lateArrival(), ZoneTransitions.NONE),
            new WindowLimits(100),
            new TaskCounts(),
            JournalLimits.DEFAULT,
            Invariants.strict());
    splits.restore(Map.of(DAY, offset), List.of(), NOW);
    List<TimeRange> gaps = new ArrayList<>();
    splits.unread().visit(NOW, gaps::add);
    return gaps;
  }

  /** The same, worked out piece by piece. */
  private static List<TimeRange> uncovered(SplitOffset offset, Instant start) {
    TreeSet<Instant> edges = new TreeSet<>(List.of(start, DAY.range().to(), offset.settled()));
    edges.add(offset.start());
    offset.windows().forEach(w -> edges.addAll(List.of(w.range().from(), w.range().to())));
    List<TimeRange> gaps = new ArrayList<>();
    for (Instant at : edges.tailSet(start).headSet(DAY.range().to())) {
      Instant next = requireNonNull(edges.higher(at));
      if (!isCovered(offset, at)) {
        int last = gaps.size() - 1;
        boolean goesOn = last >= 0 && gaps.get(last).to().equals(at);
        gaps.add(new TimeRange(goesOn ? gaps.remove(last).from() : at, next));
      }
    }
    return gaps;
  }

  private static boolean isCovered(SplitOffset offset, Instant at) {
    return (!at.isBefore(offset.start()) && at.isBefore(offset.settled()))
        || offset.windows().stream()
            .anyMatch(
                window ->
                    window.state() != State.PARTIAL
                        && window.range().contains(at.getEpochSecond()));
  }

  // ---- offsets at random

  private static Map<String, Object> plain() {
    return Map.of("version", 1, "start", "2026-10-01T00:00:00Z", "settled", "2026-11-01T08:00:00Z");
  }

  /** Mostly right, since of what is all wrong nothing is learned; some of it wrong by a little. */
  private static Map<String, Object> nearlyValid(RandomGenerator random) {
    Map<String, Object> map = new HashMap<>();
    map.put("version", oneOf(random, 1, 2L, 2, rarely(random, 0, 3, 1.5, "2", -1L)));
    Instant settled = oneOf(random, MIDNIGHT, DAY.range().to(), somewhere(random));
    map.put("start", oneOf(random, START, START, settled, somewhere(random), extreme(random)));
    map.put("settled", rarely(random) ? extreme(random) : settled);
    map.replaceAll((key, value) -> value instanceof Instant time ? time.toString() : value);
    Instant at = rarely(random) ? somewhere(random) : settled;
    for (int i = random.nextInt(4); i > 0; i--) {
      Instant from = at.plusSeconds(random.nextInt(3) * 600L);
      at = from.plusSeconds(rarely(random) ? random.nextInt(3) - 1 : random.nextInt(1, 7_200));
      map.put("window " + from, window(random, at));
    }
    if (random.nextInt(4) == 0) {
      map.put("taken up", oneOf(random, NOW, somewhere(random), extreme(random)).toString());
    }
    if (random.nextInt(4) == 0) {
      map.put("settled days", settledDays(random));
    }
    if (rarely(random)) {
      map.put(oneOf(random, "settle", "window", "note", "window "), "x");
    }
    if (rarely(random)) {
      map.remove(oneOf(random, "version", "start", "settled"));
    }
    if (rarely(random)) {
      map.put(oneOf(random, "start", "settled", "taken up", "settled days"), null);
    }
    return map;
  }

  private static final Instant START = Instant.parse("2026-10-01T00:00:00Z");

  private static String window(RandomGenerator random, Instant to) {
    List<String> ids = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      ids.add(oneOf(random, "26110116301700042", "007", "b2f1-é", "", "x".repeat(200)));
    }
    IdSet set = IdSet.of(ids);
    String encoded = set.size() == 0 ? "" : set.encode();
    if (rarely(random)) {
      byte[] junk = new byte[random.nextInt(12)];
      random.nextBytes(junk);
      encoded = Base64.getEncoder().encodeToString(junk);
    }
    return ""
        + to
        + oneOf(random, " read", " read", " partial", " settled", rarely(random, " done", ""))
        + " total="
        + oneOf(random, 0, 2, -1, 100_000, rarely(random, -2, Long.MAX_VALUE, "x"))
        + " sent="
        + (rarely(random) ? 5 : set.size())
        + " late="
        + oneOf(random, 0, 1, rarely(random, -1, Long.MAX_VALUE))
        + " updated="
        + oneOf(random, 0, 3, rarely(random, "", "1e3"))
        + " ids="
        + encoded;
  }

  private static String settledDays(RandomGenerator random) {
    String digest = oneOf(random, "-", "Yw0Sm1pTZzcx", "=", "é");
    return oneOf(
        random,
        "2026-10-30=" + digest,
        DAY + "=" + digest + " " + DAY.next() + "=" + digest,
        "9999-12-31=" + digest + " 0000-01-01=-",
        rarely(random, "", "2026-10-30", "2026-02-30=a", " 2026-10-30=a"));
  }

  /** A time of the day, often a round one. */
  private static Instant somewhere(RandomGenerator random) {
    return MIDNIGHT.plusSeconds(
        random.nextBoolean() ? random.nextInt(25) * 3_600L : random.nextInt(86_401));
  }

  private static Object extreme(RandomGenerator random) {
    return oneOf(
        random,
        DAY.range().to().plusSeconds(1),
        MIDNIGHT.minusSeconds(1),
        Instant.MAX,
        Instant.MIN,
        Instant.EPOCH,
        "2026-11-01T24:00:00Z",
        "2026-11-01T23:59:60Z",
        "2026-11-01T08:00:00.5Z",
        "2026-11-01",
        "");
  }

  private static boolean rarely(RandomGenerator random) {
    return random.nextInt(12) == 0;
  }

  /** Mostly the first kind of nothing special, which is null. */
  @SafeVarargs
  @SuppressWarnings("varargs") // It only hands them on.
  private static <T> @Nullable T rarely(RandomGenerator random, T... several) {
    return rarely(random) ? oneOf(random, several) : null;
  }

  /** One of several; one that is null is drawn anew. */
  @SafeVarargs
  private static <T> T oneOf(RandomGenerator random, T... several) {
    T drawn = null;
    while (drawn == null) {
      drawn = several[random.nextInt(several.length)];
    }
    return drawn;
  }
}
