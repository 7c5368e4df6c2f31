package io.callrecords.cli.status;

import io.callrecords.cli.connect.StoredOffset;
import io.callrecords.connect.RangePlanner;
import io.callrecords.connect.config.CallRecordSourceConfig;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.MalformedRecord;
import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.OffsetCodec;
import io.callrecords.connect.offset.ResumeState;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.offset.WindowOffset;
import io.callrecords.connect.offset.WindowOffset.State;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.RestoredSplit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the offsets that a worker has stored say of the days, read as a task reads them. */
public final class StoredProgress {
  private final OffsetCodec codec = new OffsetCodec(CallCenterFeed.create().name());
  private final TreeMap<Split, Map<String, ?>> days = new TreeMap<>();
  private final Map<Integer, Map<String, ?>> segments = new HashMap<>();

  /**
   * Sorts offsets by what they belong to.
   *
   * @throws org.apache.kafka.connect.errors.ConnectException if one is not of this connector
   */
  public StoredProgress(Collection<StoredOffset> entries) {
    for (StoredOffset entry : entries) {
      int segment = codec.segment(entry.partition());
      if (segment > 0) {
        segments.put(segment, entry.offset());
      } else {
        days.put(codec.split(entry.partition()), entry.offset());
      }
    }
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return days.isEmpty() && segments.isEmpty();
  }

  /** The days that have an offset of their own, with its map form. */
  public Map<Split, Map<String, ?>> days() {
    return days;
  }

  /**
   * What the offsets say together.
   *
   * @param wanted the days in question
   * @param settledBefore what is not older than this may still change
   * @throws org.apache.kafka.connect.errors.ConnectException if one of them cannot be used
   */
  public ResumeState resume(Collection<Split> wanted, Instant settledBefore) {
    return ResumeState.of(codec, wanted, days, segments, settledBefore)
        .checkedBy(days, day -> true);
  }

  /**
   * Where the connector's range begins, as the connector itself works it out.
   *
   * @throws org.apache.kafka.connect.errors.ConnectException if an offset cannot be used
   */
  public Instant start(CallRecordSourceConfig config, Instant now) {
    Instant settledBefore = now.minus(config.lateArrival());
    return new RangePlanner(config, wanted -> resume(wanted, settledBefore)).plan(now).start();
  }

  /** Where the range began for the offset that reaches furthest back; null without any. */
  public @Nullable Instant firstStart() {
    return Stream.concat(
            days.entrySet().stream().map(day -> codec.decode(day.getKey(), day.getValue()).start()),
            segments.entrySet().stream()
                .map(segment -> codec.decodeSegment(segment.getKey(), segment.getValue()).start()))
        .min(Instant::compareTo)
        .orElse(null);
  }

  /**
   * Up to where a day had calls, as its own offset says: when its last window with any ended; where
   * it begins if it had none. Null where that is not known.
   */
  public @Nullable Instant sentTo(Split day) {
    Map<String, ?> map = days.get(day);
    if (map == null) {
      return day.range().from();
    }
    SplitOffset own = codec.decode(day, map);
    if (own.generation() != null) {
      return null;
    }
    return RestoredSplit.windows(own, day).stream()
        .map(window -> window.range().to())
        .max(Instant::compareTo)
        .orElse(day.range().from());
  }

  /** What is known of a day. */
  DayEvidence evidence(Split day, ResumeState resumed) {
    SplitOffset offset = resumed.offsets().get(day);
    boolean isReadOnce = resumed.readOnce().contains(day);
    List<TimeRange> whole = List.of(day.range());
    if (offset == null) {
      return isReadOnce
          ? new DayEvidence(
              whole,
              List.of(),
              List.of(),
              List.of(new WindowCalls(day.range(), 0)),
              List.of(),
              false)
          : DayEvidence.NONE;
    }
    List<WindowOffset> windows = RestoredSplit.windows(offset, day);
    List<TimeRange> settled = ranges(windows, State.SETTLED);
    List<TimeRange> partial = ranges(windows, State.PARTIAL);
    List<TimeRange> read = new ArrayList<>(ranges(windows, State.READ));
    List<WindowCalls> counted = new ArrayList<>(counts(windows));
    if (isReadOnce) {
      for (TimeRange rest : uncovered(day, windows)) {
        read.add(rest);
        counted.add(new WindowCalls(rest, 0));
      }
    }
    counted.addAll(countsOfConfirmed(day, offset));
    return new DayEvidence(settled, read, partial, counted, List.of(), offset.replayedTo() != null);
  }

  /**
   * What the own offset of a day counts that is settled by the word of another: nothing has come
   * since it was written.
   */
  private List<WindowCalls> countsOfConfirmed(Split day, SplitOffset offset) {
    Map<String, ?> map = days.get(day);
    boolean isWhollySettled =
        offset.windows().isEmpty() && !offset.settledTo().isBefore(day.range().to());
    if (map == null || !isWhollySettled) {
      return List.of();
    }
    SplitOffset own = codec.decode(day, map);
    if (own.generation() != null || !own.settledTo().isBefore(day.range().to())) {
      return List.of();
    }
    List<WindowOffset> windows = RestoredSplit.windows(own, day);
    List<WindowCalls> counted = new ArrayList<>(counts(windows));
    uncovered(day, windows).forEach(rest -> counted.add(new WindowCalls(rest, 0)));
    return counted;
  }

  private static List<TimeRange> uncovered(Split day, List<WindowOffset> windows) {
    return day.range().minus(windows.stream().map(WindowOffset::range).toList());
  }

  private static List<TimeRange> ranges(List<WindowOffset> windows, State state) {
    return windows.stream()
        .filter(window -> window.state() == state)
        .map(WindowOffset::range)
        .toList();
  }

  private static List<WindowCalls> counts(List<WindowOffset> windows) {
    return windows.stream()
        .filter(window -> window.state() != State.SETTLED)
        .map(window -> new WindowCalls(window.range(), calls(window.ids())))
        .toList();
  }

  private static long calls(IdSet ids) {
    return ids.ids().stream().filter(id -> !MalformedRecord.isIdOfOne(id)).count();
  }
}
