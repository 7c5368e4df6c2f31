package io.callrecords.cli.reconcile;

import io.callrecords.cli.topic.TopicReading;
import io.callrecords.connect.config.CallRecordSourceConfig;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.Feed;
import io.callrecords.connect.fetch.FetchResult;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Compares a topic with what the API returns for a range of days.
 *
 * <p>First it is noted where the topic ends. Up to there it is read, once: of each record of the
 * range, digests of id and content and its place go to a temporary file of its day ({@link
 * TopicContents}). Meanwhile, the first of the API's pages are requested and wait in memory, so
 * many as fit into a part of it. Then the API is compared, day by day: each call is made into what
 * the connector would write of it, by the connector's own code; its digest is looked up among those
 * of its day ({@link DayComparison}). So memory holds one day's digests, and of the API a few
 * windows. What differs is looked into last ({@link SecondLook}): only of that are whole records
 * fetched again.
 *
 * <p>The connector may run meanwhile. All that is taken of the topic was written before the API was
 * first asked, so that the API has had it when it is asked. What the connector writes afterwards is
 * read before anything is called missing, and what may still come or change is told apart.
 */
final class Reconciler {
  private static final Duration SLACK = Duration.ofMinutes(10);

  private final ReconcileRequest request;
  private final TopicReading reading;
  private final ReconcileProgress progress;
  private final Feed feed = CallCenterFeed.create();
  private final CallLayout layout;
  private final RecordDecoder decoder;
  private final CallDigests digests;
  private final RangeResult days = new RangeResult();
  private final Findings findings;
  private final List<String> notes = new ArrayList<>();

  /**
   * Prepares a comparison.
   *
   * @param reading reads the topics
   */
  Reconciler(ReconcileRequest request, TopicReading reading, ReconcileProgress progress) {
    this.request = request;
    this.reading = reading;
    this.progress = progress;
    layout = new CallLayout(feed, request.config(), request.ignored());
    decoder = request.decoder().apply(layout);
    digests = new CallDigests(layout);
    findings = new Findings(request.limit());
  }

  /**
   * Compares.
   *
   * @throws io.callrecords.cli.CliException when the API or a topic cannot be read
   */
  ReconcileResult run() throws InterruptedException {
    Instant begun = Instant.now();
    CallRecordSourceConfig config = request.config();
    Map<Split, TimeRange> wanted = wanted();
    try (TopicContents topics = new TopicContents(request, reading, progress, decoder, digests);
        ApiCalls api =
            new ApiCalls(
                feed,
                config,
                request.api(),
                request.retry(),
                feed.filters().apply(config.filters()),
                wanted.values(),
                request.maxAhead())) {
      // Before the API is asked: what is read of the topic is nothing that the API did not have.
      Map<Integer, Long> ends = reading.ends(config.topic());
      api.start();
      topics.read(ends);
      ComparisonRules rules =
          new ComparisonRules(
              config.getBoolean(CallRecordSourceConfig.EMIT_UPDATES),
              config.lateArrival(),
              SLACK.plus(config.pollInterval().multipliedBy(2)),
              reading.hasLostRecords(config.topic()),
              topics.audits());
      compare(api, wanted, topics, rules);
      SecondLook look =
          new SecondLook(
              request, feed, reading, decoder, digests, rules, topics.deletions(), findings, days);
      long requests = api.requests() + look.run(ends);
      days.all().forEach(DayResult::settle);
      note(topics);
      return new ReconcileResult(
          request,
          days,
          findings.kept(),
          findings.dropped(),
          topics.unreadable().count(),
          topics.audits().size(),
          requests,
          begun,
          Instant.now(),
          List.copyOf(notes),
          unseen(topics));
    }
  }

  /** The days of the range, with what of each is in it. */
  private Map<Split, TimeRange> wanted() {
    TimeRange range = request.range();
    Map<Split, TimeRange> wanted = new TreeMap<>();
    Split last = Split.of(range.to().minusSeconds(1));
    for (Split day = Split.of(range.from()); day.compareTo(last) <= 0; day = day.next()) {
      wanted.put(day, day.range().intersection(range));
    }
    return wanted;
  }

  /** Compares what the API returns, day by day. */
  private void compare(
      ApiCalls api, Map<Split, TimeRange> wanted, TopicContents topics, ComparisonRules rules)
      throws InterruptedException {
    Map<Split, DayComparison> begun = new HashMap<>();
    int done = 0;
    Optional<FetchResult> result = api.next();
    while (result.isPresent()) {
      Split day = Split.of(begin(result.get()));
      DayComparison comparison = begun.get(day);
      if (comparison == null) {
        comparison =
            new DayComparison(
                day,
                wanted.getOrDefault(day, day.range()),
                topics.take(day),
                decoder,
                digests,
                rules,
                topics.routedRows(),
                topics.deletions(),
                findings,
                days.of(day));
        begun.put(day, comparison);
      }
      comparison.accept(result.get());
      if (comparison.isComplete()) {
        comparison.finish();
        begun.remove(day);
        done++;
      }
      progress.at("Comparing days", done, wanted.size());
      result = api.next();
    }
    if (!api.totalsCountCalls()) {
      days.all().forEach(day -> day.announced = 0);
    }
  }

  private static Instant begin(FetchResult result) {
    return result.expired().isEmpty()
        ? result.snapshot().map(window -> window.range().from()).orElse(result.expired().from())
        : result.expired().from();
  }

  private static List<String> unseen(TopicContents topics) {
    long dropped = topics.deletions().dropped();
    return dropped == 0
        ? List.of()
        : List.of(
            CountText.of(dropped, "record")
                + " without a value "
                + (dropped == 1 ? "was" : "were")
                + " not looked into: choose a shorter range");
  }

  private boolean hasNothing() {
    boolean isAllSeen =
        days.all().stream()
            .allMatch(day -> day.expiredSeconds + day.announced == 0 && !day.isUnsteady);
    return isAllSeen && days.sum(day -> day.api + day.topic + day.malformed) == 0;
  }

  private void note(TopicContents topics) {
    List<String> others = new ArrayList<>();
    decoder.otherFields().forEach(others::add);
    if (!others.isEmpty()) {
      notes.add("Not compared, since the connector does not write them: " + others);
    }
    long routed = days.sum(day -> day.routed);
    if (routed > 0) {
      notes.add(
          "%s %s malformed: %s in malformed.topic (%s), and not in the topic of calls"
              .formatted(
                  CountText.of(routed, "row"),
                  CountText.are(routed),
                  routed == 1 ? "it is" : "they are",
                  request.config().malformedTopic()));
    }
    long deletions = topics.deletions().count();
    if (deletions > 0) {
      notes.add("The topic has " + CountText.of(deletions, "record") + " without a value");
    }
    if (topics.otherKeys() > 0) {
      notes.add(
          CountText.of(topics.otherKeys(), "record")
              + (topics.otherKeys() == 1 ? " has" : " have")
              + " no key, or another one than the call's id");
    }
    if (topics.unreadable().count() > 0) {
      notes.add(topics.unreadable().text());
    }
    if (request.isTransformed()) {
      notes.add("The connector has transforms: what they change is different here");
    }
    if (hasNothing()) {
      notes.add(
          "There was nothing to compare: the API returns no call of the range, and the topic"
              + " has none");
    }
    if (days.all().stream().anyMatch(DayResult::hasOldDigest)) {
      notes.add("The topic's digest is without what has come since it was read first");
    }
    if (findings.dropped() > 0) {
      notes.add(
          CountText.of(findings.dropped(), "finding")
              + " "
              + CountText.are(findings.dropped())
              + " counted only");
    }
  }
}
