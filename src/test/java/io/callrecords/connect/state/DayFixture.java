package io.callrecords.connect.state;

import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.feed.Row;
import io.callrecords.connect.loop.Invariants;
import io.callrecords.connect.offset.SegmentOffset;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.scenario.ReadOptionsBuilder;
import io.callrecords.connect.split.Assignment;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.split.WindowLimits;
import io.callrecords.connect.split.ZoneTransitions;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;

/** The days of a task in a short form: day 1 is the first of November. */
final class DayFixture {
  static final Instant START = day(1).range().from();
  static final WindowLimits SIZE = new WindowLimits(100);

  final TaskCounts counts = new TaskCounts();
  final Invariants invariants = Invariants.strict();
  final Map<Split, SplitOffset> stored = new HashMap<>();
  final List<SegmentOffset> segments = new ArrayList<>();
  final ReadOptions options;
  final TaskSplits splits;

  /** The days from the first to the last one, and without end from another one on. */
  DayFixture(ReadOptionsBuilder options, int first, int last, int openFrom) {
    this.options = options.build();
    Assignment assignment = new Assignment(days(first, last), openFrom == 0 ? null : day(openFrom));
    RecheckPolicy policy =
        new RecheckPolicy(
            this.options.pollInterval(), this.options.lateArrival(), ZoneTransitions.NONE);
    splits =
        new TaskSplits(
            this.options, assignment, policy, SIZE, counts, JournalLimits.DEFAULT, invariants);
  }

  /** A task with days 1 to 5, and without end from day 6 on, which no record is late for. */
  static DayFixture ofFiveDays() {
    return new DayFixture(options(), 1, 5, 6);
  }

  static ReadOptionsBuilder options() {
    return ReadOptionsBuilder.startingAt(START).lateArrival(Duration.ofHours(1));
  }

  static Split day(int number) {
    return new Split(LocalDate.of(2026, 11, number));
  }

  static List<Split> days(int first, int last) {
    List<Split> days = new ArrayList<>();
    for (int number = first; number <= last; number++) {
      days.add(day(number));
    }
    return days;
  }

  /** A moment of a day. */
  static Instant at(int number, int hour) {
    return day(number).range().from().plus(Duration.ofHours(hour));
  }

  static TimeRange range(int number, int fromHour, int toHour) {
    return new TimeRange(at(number, fromHour), at(number, toHour));
  }

  DayFixture restored(Instant now) {
    splits.restore(stored, segments, now);
    return this;
  }

  /** What reading a range at a moment came to: a record for each id, in its first second. */
  static WindowSnapshot snapshot(TimeRange range, Instant requestedAt, String... ids) {
    List<Row> rows = new ArrayList<>();
    for (String id : ids) {
      Struct value = new Struct(CallCenterFeed.create().schema());
      rows.add(new FeedRecord(id, range.from().getEpochSecond(), value));
    }
    return new WindowSnapshot(
        range, rows, requestedAt, new WindowAudit.Reconciliation(ids.length, 0, 0, 1, true));
  }

  /** What is unread before a moment. */
  List<TimeRange> gaps(Instant until) {
    List<TimeRange> gaps = new ArrayList<>();
    splits.unread().visit(until, gaps::add);
    return gaps;
  }
}
