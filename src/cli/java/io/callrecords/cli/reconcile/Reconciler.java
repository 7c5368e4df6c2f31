package io.callrecords.cli.reconcile;

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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Compares a topic with what the API returns for a range of days.
 *
 * <p>The topic is read first, once: of each record of the range, digests of id and content and its
 * place go to a temporary file of its day ({@link DaySpill}). Then the API is read, day by day, and
 * each call is made into what the connector would write of it, by the connector's own code; its
 * digest is looked up among those of its day ({@link DayComparison}). So memory holds one day's
 * digests, and of the API a few windows. What differs is looked into last ({@link SecondLook}):
 * only of that are whole records fetched again.
 *
 * <p>The connector may run meanwhile. What it writes after the topic was read is read before
 * anything is called missing, and what may still come or change is told apart.
 */
final class Reconciler {
  /** The timestamps of records are a day from a call's time at most, see record.timestamp. */
  private static final Duration BEFORE = Duration.ofDays(2);

  private static final Duration SLACK = Duration.ofMinutes(10);
  private static final int TELL_EVERY = 5_000;

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
  private long recordsRead;
  private long unreadable;
  private long deletions;

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
    try (DaySpill spill = new DaySpill()) {
      Map<Integer, Long> ends = readTopic(spill);
      AuditWindows audits = readAudits();
      Set<String> routed = readMalformed();
      CallRecordSourceConfig config = request.config();
      ComparisonRules rules =
          new ComparisonRules(
              config.getBoolean(CallRecordSourceConfig.EMIT_UPDATES),
              config.lateArrival(),
              SLACK.plus(config.pollInterval().multipliedBy(2)),
              reading.hasLostRecords(config.topic()),
              audits);
      long requests = compare(spill, rules, routed);
      SecondLook look =
          new SecondLook(request, feed, reading, decoder, digests, rules, findings, days);
      requests += look.run(ends);
      days.all().forEach(DayResult::settle);
      note();
      return new ReconcileResult(
          request,
          days,
          findings.kept(),
          findings.dropped(),
          unreadable,
          audits.size(),
          requests,
          begun,
          Instant.now(),
          List.copyOf(notes));
    }
  }

  private Map<Integer, Long> readTopic(DaySpill spill) {
    Instant since = request.isTransformed() ? null : request.range().from().minus(BEFORE);
    Map<Integer, Long> ends =
        reading.read(
            request.config().topic(),
            since,
            (place, key, value) -> {
              if (++recordsRead % TELL_EVERY == 0) {
                progress.at("Reading the topic", recordsRead, 0);
              }
              note(spill, place, value);
            });
    progress.at("Reading the topic", recordsRead, recordsRead);
    return ends;
  }

  private void note(DaySpill spill, TopicPlace place, byte @Nullable [] value) {
    if (value == null) {
      deletions++;
      return;
    }
    CallFields call;
    try {
      call = decoder.call(value);
    } catch (UnreadableRecordException e) {
      unreadable++;
      return;
    }
    String id = call.id();
    Long millis = call.millis();
    if (id == null || millis == null) {
      unreadable++;
      return;
    }
    long second = Math.floorDiv(millis, 1000L);
    if (request.range().contains(second)) {
      Split day = Split.of(Instant.ofEpochSecond(second));
      spill.add(
          day,
          new TopicEntry(
              digests.ofId(id),
              digests.of(call),
              place,
              (int) (second - day.range().from().getEpochSecond()),
              "replayed".equals(call.version())));
    }
  }

  private AuditWindows readAudits() {
    AuditWindows audits = new AuditWindows();
    String topic = request.config().auditTopic();
    if (topic != null) {
      reading.read(
          topic,
          request.isTransformed() ? null : request.range().from().minus(BEFORE),
          (place, key, value) -> {
            if (value != null) {
              try {
                audits.add(decoder.record(value), layout);
              } catch (UnreadableRecordException e) {
                unreadable++;
              }
            }
          });
    }
    return audits;
  }

  private Set<String> readMalformed() {
    Set<String> keys = new HashSet<>();
    String topic = request.config().malformedTopic();
    if (topic != null) {
      reading.read(
          topic,
          request.isTransformed() ? null : request.range().from().minus(BEFORE),
          (place, key, value) -> {
            String text = decoder.key(key);
            keys.add(text == null ? "" : text);
          });
    }
    return keys;
  }

  /** Reads the API, day by day; returns how many requests that took. */
  private long compare(DaySpill spill, ComparisonRules rules, Set<String> routed)
      throws InterruptedException {
    Map<Split, TimeRange> wanted = new TreeMap<>();
    Split last = Split.of(request.range().to().minusSeconds(1));
    for (Split day = Split.of(request.range().from()); day.compareTo(last) <= 0; day = day.next()) {
      wanted.put(day, day.range().intersection(request.range()));
    }
    Map<Split, DayComparison> begun = new HashMap<>();
    try (ApiCalls api =
        new ApiCalls(
            feed,
            request.config(),
            request.api(),
            request.retry(),
            feed.filters().apply(request.config().filters()),
            wanted.values())) {
      api.start();
      int done = 0;
      Optional<FetchResult> result = api.next();
      while (result.isPresent()) {
        Split day = Split.of(begin(result.get()));
        DayComparison comparison = begun.get(day);
        if (comparison == null) {
          TimeRange range = wanted.getOrDefault(day, day.range());
          comparison =
              new DayComparison(
                  day,
                  range,
                  spill.take(day),
                  decoder,
                  digests,
                  rules,
                  routed,
                  findings,
                  days.of(day));
          begun.put(day, comparison);
        }
        comparison.accept(result.get(), api.now());
        if (comparison.isComplete()) {
          comparison.finish();
          begun.remove(day);
          done++;
        }
        progress.at("Comparing days", done, wanted.size());
        result = api.next();
      }
      return api.requests();
    }
  }

  private static Instant begin(FetchResult result) {
    return result.expired().isEmpty()
        ? result.snapshot().map(window -> window.range().from()).orElse(result.expired().from())
        : result.expired().from();
  }

  private void note() {
    List<String> others = new ArrayList<>();
    decoder.otherFields().forEach(others::add);
    if (!others.isEmpty()) {
      notes.add("Not compared, since the connector does not write them: " + others);
    }
    if (deletions > 0) {
      notes.add("The topic has " + deletions + " records without a value");
    }
    if (unreadable > 0) {
      notes.add(
          unreadable
              + " records could not be read: name the converter of the topic's values with"
              + " --value-converter");
    }
    if (request.isTransformed()) {
      notes.add("The connector has transforms: what they change is different here");
    }
    long expired = days.sum(day -> day.expiredSeconds);
    if (expired > 0) {
      notes.add(
          "The API no longer returns "
              + Duration.ofSeconds(expired).toHours()
              + " hours of the range: nothing can be said of their calls");
    }
    if (days.all().stream().anyMatch(day -> day.isUnsteady)) {
      notes.add("The API's responses for a part of the range never agreed");
    }
    if (findings.dropped() > 0) {
      notes.add(findings.dropped() + " findings are counted only");
    }
  }
}
