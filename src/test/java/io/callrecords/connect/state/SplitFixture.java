package io.callrecords.connect.state;

import io.callrecords.connect.config.MalformedPolicy;
import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.feed.MalformedRecord;
import io.callrecords.connect.feed.Row;
import io.callrecords.connect.loop.Invariants;
import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.LateCounts;
import io.callrecords.connect.offset.SettledDays;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.offset.WindowOffset;
import io.callrecords.connect.offset.WindowOffset.State;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.split.ZoneTransitions;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/** One day of a task that follows it, with short ways to say windows, rows and snapshots. */
final class SplitFixture {
  static final Split DAY = new Split(LocalDate.of(2026, 11, 1));
  static final TimeRange WHOLE_DAY = DAY.range();
  static final Duration POLL_INTERVAL = Duration.ofSeconds(30);

  private static final Schema SCHEMA = CallCenterFeed.create().schema();

  final EmittedIdIndex emittedIds = new EmittedIdIndex();
  final TaskCounts counts = new TaskCounts();
  final ReadCounts readCounts = new ReadCounts();
  private Instant start = WHOLE_DAY.from();
  private Duration lateArrival = Duration.ofDays(1);
  private boolean updates;
  private boolean audits;
  private MalformedPolicy malformed = MalformedPolicy.FAIL;
  private int offsets;

  /** Moves the start of the connector's range. */
  SplitFixture start(Instant newStart) {
    start = newStart;
    return this;
  }

  SplitFixture lateArrival(Duration duration) {
    lateArrival = duration;
    return this;
  }

  SplitFixture emitsUpdates() {
    updates = true;
    return this;
  }

  SplitFixture emitsAudits() {
    audits = true;
    return this;
  }

  SplitFixture malformed(MalformedPolicy policy) {
    malformed = policy;
    return this;
  }

  ReadOptions options() {
    return new ReadOptions(
        start, null, Duration.ofDays(59), POLL_INTERVAL, lateArrival, updates, audits, malformed);
  }

  SplitScope scope() {
    Instant from = start.isAfter(WHOLE_DAY.from()) ? start : WHOLE_DAY.from();
    return new SplitScope(DAY, new TimeRange(from, WHOLE_DAY.to()), options(), Instant.EPOCH);
  }

  /** A split without a stored offset. */
  SplitState open() {
    return new SplitState(
        scope(),
        null,
        policy(),
        emittedIds,
        readCounts,
        this::settledDays,
        OffsetJournal.disabled(),
        new VersionClock(),
        Invariants.strict());
  }

  /** A split with a stored offset. */
  SplitState open(SplitOffset stored) {
    return new SplitState(
        scope(),
        stored,
        policy(),
        emittedIds,
        readCounts,
        this::settledDays,
        OffsetJournal.disabled(),
        new VersionClock(),
        Invariants.strict());
  }

  RecheckPolicy policy() {
    return new RecheckPolicy(POLL_INTERVAL, lateArrival, ZoneTransitions.NONE);
  }

  private SettledDays settledDays() {
    offsets++;
    return SettledDays.NONE;
  }

  /** How many offsets were built: each looks into the settled days once. */
  int offsetsBuilt() {
    return offsets;
  }

  /** A moment of the day, like {@code 08:00}. */
  static Instant at(String time) {
    return DAY.day().atTime(LocalTime.parse(time)).toInstant(ZoneOffset.UTC);
  }

  static TimeRange range(String from, String to) {
    return new TimeRange(at(from), at(to));
  }

  static FeedRecord record(String id, Instant time) {
    return record(id, time, "");
  }

  /** A version of a record: another remark is another version. */
  static FeedRecord record(String id, Instant time, String remark) {
    Struct value = new Struct(SCHEMA).put("callSessionId", id).put("remark", remark);
    return new FeedRecord(id, time.getEpochSecond(), value);
  }

  static MalformedRecord malformed(String key, Instant time) {
    return new MalformedRecord(
        key, time.getEpochSecond(), 3, "callDuration", "is not a number", "{}");
  }

  /** What the API returned for a range when it was requested at a moment. */
  static WindowSnapshot snapshot(TimeRange range, Instant requestedAt, Row... rows) {
    return new WindowSnapshot(
        range,
        Stream.of(rows).sorted(Row.ORDER).toList(),
        requestedAt,
        new WindowAudit.Reconciliation(rows.length, 0, 0, 1, true));
  }

  /** What the API returned for a range right after it: records with the given ids at its start. */
  static WindowSnapshot snapshot(TimeRange range, String... ids) {
    return snapshot(
        range, range.to(), Stream.of(ids).map(id -> record(id, range.from())).toArray(Row[]::new));
  }

  /** A window of an offset whose total is not known. */
  static WindowOffset windowOffset(State state, TimeRange range, String... ids) {
    return new WindowOffset(
        range, state, WindowOffset.UNKNOWN, LateCounts.NONE, IdSet.of(List.of(ids)));
  }

  static Window window(State state, TimeRange range, String... ids) {
    return Window.stored(windowOffset(state, range, ids));
  }

  /** The ids of a batch's rows, and the outcomes of its audits, in order. */
  static List<String> items(Batch batch) {
    List<String> items = new ArrayList<>();
    batch.forEach(row -> items.add(row.id()), audit -> items.add(audit.outcome().auditValue()));
    return items;
  }
}
