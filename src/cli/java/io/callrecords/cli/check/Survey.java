package io.callrecords.cli.check;

import io.callrecords.connect.feed.Feed;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What several probes need to know, each found out once, when the first of them asks. */
final class Survey {
  private static final Duration MONTH = Duration.ofDays(30);

  private final ApiCaller caller;
  private final Feed feed;
  private final ZoneId zone;
  private final Duration retention;
  private final Instant now;
  private @Nullable CallSample window;
  private @Nullable RangeUseResult rangeUse;
  private @Nullable CallSample sample;
  private @Nullable TimeLocation location;
  private @Nullable OffsetUse offsetUse;
  private @Nullable Fact pageRowsFact;

  /**
   * Creates a survey; nothing is asked yet.
   *
   * @param zone the zone of the API's times, as it is configured
   * @param retention how far back the API answers, as it is configured
   * @param now this machine's time
   */
  Survey(ApiCaller caller, Feed feed, ZoneId zone, Duration retention, Instant now) {
    this.caller = caller;
    this.feed = feed;
    this.zone = zone;
    this.retention = retention;
    this.now = now.truncatedTo(ChronoUnit.SECONDS);
  }

  ApiCaller caller() {
    return caller;
  }

  Feed feed() {
    return feed;
  }

  ZoneId zone() {
    return zone;
  }

  Duration retention() {
    return retention;
  }

  /** When the survey began. */
  Instant now() {
    return now;
  }

  /** Asks for a page of a range, written with the configured zone's offset. */
  ApiAnswer ask(Instant from, Instant to, int page, int size) throws InterruptedException {
    return caller.ask(question(from, to, page, size));
  }

  ApiQuestion question(Instant from, Instant to, int page, int size) {
    return new ApiQuestion(from, to, offset(from), page, size, Duration.ZERO);
  }

  ZoneOffset offset(Instant time) {
    return zone.getRules().getOffset(time);
  }

  /** The moment of a time of the API, in the configured zone. */
  Instant moment(long local) {
    return LocalDateTime.ofEpochSecond(local, 0, ZoneOffset.UTC).atZone(zone).toInstant();
  }

  /** A range with calls, and its pages. */
  CallSample window() throws InterruptedException {
    if (window == null) {
      window = new SampleReader(this).window();
    }
    return window;
  }

  /** What becomes of a range. */
  RangeUseResult rangeUse() throws InterruptedException {
    if (rangeUse == null) {
      rangeUse = new RangeUseTrial(this).result();
    }
    return rangeUse;
  }

  /** A call was in ranges that begin after it or end before it. */
  void rangeIsWidened(List<ApiAnswer> answers) throws InterruptedException {
    rangeUse = new RangeUseResult("whole-minutes", List.copyOf(answers));
    sample = window();
  }

  /** Some calls of which all that matters is known; where ranges are not honoured, it has none. */
  CallSample sample() throws InterruptedException {
    if (sample == null) {
      sample = rangeUse().isHonoured() ? new SampleReader(this).complete(window()) : window();
    }
    return sample;
  }

  /** Why the sample does not tell what it was asked for. */
  String whyNoSample() throws InterruptedException {
    if (window().pages().isEmpty()) {
      return "The account has no calls in the last 30 days.";
    }
    if (rangeUse().value() == null) {
      return "The calls have no times that could be read.";
    }
    return rangeUse().isHonoured()
        ? "The calls of a short range could not be read to the end: the answers contradict one"
            + " another."
        : "Ranges are not honoured, so that nothing tells which calls an answer should have.";
  }

  /** Why no call could be located. */
  String whyNoLocation() throws InterruptedException {
    return sample().isComplete() && !sample().calls().isEmpty()
        ? "No call of the sample lasts long enough, or the calls contradict one another."
        : whyNoSample();
  }

  /** What becomes of the offset of a request's times. */
  OffsetUse offsetUse() throws InterruptedException {
    if (offsetUse == null) {
      offsetUse = OffsetUse.of(this);
    }
    return offsetUse;
  }

  boolean isOffsetDropped() throws InterruptedException {
    return OffsetUse.DROPPED.equals(offsetUse().value());
  }

  /** What a page has as many of as its size says; null where it is unknown. */
  @Nullable String pageRows() throws InterruptedException {
    if (pageRowsFact == null) {
      pageRowsFact = new PageRowsProbe().examine(this);
    }
    return pageRowsFact.value();
  }

  /** A range that the API surely takes. */
  Duration month() {
    Duration kept = retention.minus(Duration.ofDays(1));
    return kept.compareTo(MONTH) < 0 ? kept : MONTH;
  }

  /** Which time is filtered, where its bounds are, and what its zone is. */
  TimeLocation location() throws InterruptedException {
    if (location == null) {
      location = new TimeLocator(this).locate();
    }
    return location;
  }
}
