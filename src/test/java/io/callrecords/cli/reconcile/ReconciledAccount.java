package io.callrecords.cli.reconcile;

import io.callrecords.cli.topic.MadeUpTopics;
import io.callrecords.connect.TestSettings;
import io.callrecords.connect.config.ApiOptions;
import io.callrecords.connect.config.CallRecordSourceConfig;
import io.callrecords.connect.config.RetryOptions;
import io.callrecords.connect.config.TaskShare;
import io.callrecords.connect.convert.SourceRecordConverter;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.Feed;
import io.callrecords.connect.feed.MalformedRecord;
import io.callrecords.connect.fetch.FetchResult;
import io.callrecords.connect.offset.LateCounts;
import io.callrecords.connect.offset.OffsetCodec;
import io.callrecords.connect.offset.RecordOffset;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.Batch;
import io.callrecords.connect.state.Batch.VersionedRow;
import io.callrecords.connect.state.RowVersion;
import io.callrecords.connect.state.WindowAudit;
import io.callrecords.connect.state.WindowAudit.WindowOutcome;
import io.callrecords.connect.state.WindowSnapshot;
import io.callrecords.simulator.Quirks;
import io.callrecords.simulator.Simulator;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.storage.Converter;

/**
 * A simulated account, and topics in memory that hold what the connector's own converter makes of
 * it: the start from which faults are drawn.
 */
final class ReconciledAccount implements AutoCloseable {
  static final String CALLS = "calls";
  static final String AUDIT = "calls-audit";
  static final String MALFORMED = "calls-malformed";
  static final Duration LATE_ARRIVAL = Duration.ofHours(1);

  /** So much of the API may wait for the topic, in bytes: all of it. */
  private static final long AHEAD = 64 << 20;

  /** Since then all calls are over, and settled. */
  private static final Duration SETTLED = Duration.ofHours(5);

  final Simulator simulator;
  final MadeUpTopics topics;
  final CallRecordSourceConfig config;
  final TimeRange range;
  private final Feed feed = CallCenterFeed.create();
  private final Map<String, String> settings;
  private Converter converter;
  private long batches;
  private long maxAhead = AHEAD;
  private Duration patience = Duration.ofSeconds(10);

  ReconciledAccount(
      long seed, int calls, int days, int partitions, Quirks quirks, Map<String, String> further) {
    Instant end = Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(SETTLED);
    range = new TimeRange(end.minus(Duration.ofDays(days)).truncatedTo(ChronoUnit.DAYS), end);
    simulator =
        Simulator.builder()
            .seed(seed)
            .quirks(quirks)
            .load(
                (generator, now) ->
                    generator.realistic(calls, range.from(), range.to().minus(Duration.ofHours(4))))
            .start();
    topics = new MadeUpTopics(partitions);
    settings = new HashMap<>(TestSettings.minimal());
    settings.put("api.url", simulator.url());
    settings.put("api.key", simulator.key());
    settings.put("api.secret", simulator.secret());
    settings.put("topic", CALLS);
    settings.put("late.arrival.ms", Long.toString(LATE_ARRIVAL.toMillis()));
    settings.put("requests.per.second", "10000");
    settings.put("page.size", "50");
    settings.putAll(further);
    config = new CallRecordSourceConfig(settings);
    JsonConverter json = new JsonConverter();
    json.configure(
        Map.of("schemas.enable", further.getOrDefault("value.converter.schemas.enable", "true")),
        false);
    converter = json;
  }

  /** Has values written by another converter than Kafka's for JSON. */
  void writeBy(Converter other) {
    converter = other;
  }

  /** Fills the topics with all that the API returns now, window by window. */
  void fill() throws InterruptedException {
    send(range, RowVersion.FIRST);
  }

  /** Sends a range as one version of each call. */
  void send(TimeRange part, RowVersion version) throws InterruptedException {
    send(part, version, Duration.ZERO);
  }

  /** The same, settled so much later than its windows may be. */
  void send(TimeRange part, RowVersion version, Duration later) throws InterruptedException {
    SourceRecordConverter converter =
        new SourceRecordConverter(
            feed,
            CALLS,
            AUDIT,
            MALFORMED,
            config.recordTimestamp(),
            config.format(),
            new OffsetCodec(feed.name()),
            () -> {});
    Split last = Split.of(part.to().minusSeconds(1));
    for (Split day = Split.of(part.from()); day.compareTo(last) <= 0; day = day.next()) {
      TimeRange whole = day.range().intersection(part);
      try (ApiCalls calls =
          new ApiCalls(
              feed,
              config,
              api(),
              retry(),
              feed.filters().apply(config.filters()),
              whole.cut(3),
              0)) {
        calls.start();
        for (Optional<FetchResult> result = calls.next();
            result.isPresent();
            result = calls.next()) {
          WindowSnapshot window = result.get().snapshot().orElseThrow();
          converter.convert(batch(day, window, version, later)).forEach(this::put);
        }
      }
    }
  }

  private Batch batch(Split day, WindowSnapshot window, RowVersion version, Duration later) {
    long malformed = window.records().stream().filter(MalformedRecord.class::isInstance).count();
    WindowAudit audit =
        new WindowAudit(
            window.range(),
            WindowOutcome.SETTLED,
            window.records().size() - malformed,
            new LateCounts(0, 0),
            malformed,
            window.records().size(),
            window.reconciliation(),
            window
                .range()
                .to()
                .plus(LATE_ARRIVAL)
                .plus(later)
                .plusSeconds(version == RowVersion.REPLAYED ? 60 : 0));
    Instant settled = day.range().to();
    RecordOffset offset =
        new RecordOffset.OfDay(day, () -> new SplitOffset(range.from(), settled, List.of()));
    return new Batch(
        ++batches,
        day,
        List.of(),
        window.records().stream().map(row -> new VersionedRow(row, version)).toList(),
        settled,
        config.auditTopic() == null ? List.of() : List.of(audit),
        index -> offset);
  }

  private void put(SourceRecord record) {
    String key = record.key() == null ? "" : record.key().toString();
    boolean isRouted = config.malformedTopic() != null;
    if (record.topic().equals(MALFORMED) && !isRouted) {
      return;
    }
    Headers headers = new RecordHeaders();
    byte[] value =
        converter.fromConnectData(record.topic(), headers, record.valueSchema(), record.value());
    topics.add(
        record.topic(), key, headers, key.getBytes(StandardCharsets.UTF_8), value, Instant.now());
  }

  ApiOptions api() {
    return config.api(TaskShare.ALONE, "reconcile-test");
  }

  RetryOptions retry() {
    return new RetryOptions(Duration.ofMillis(10), Duration.ofMillis(100), patience);
  }

  /** Has each request be tried for so long. */
  void tryFor(Duration time) {
    patience = time;
  }

  /** Has nothing of the API wait for the topic, but for a few windows. */
  void readNothingAhead() {
    maxAhead = 0;
  }

  /** Compares the topics with the API. */
  ReconcileResult reconcile() throws InterruptedException {
    return reconcile(JsonDecoder::new, Set.of());
  }

  /** Compares the topics with the API, as a converter writes them, without some fields. */
  ReconcileResult reconcile(Function<CallLayout, RecordDecoder> decoder, Set<String> ignored)
      throws InterruptedException {
    return reconcile(config, decoder, ignored);
  }

  /** The same with other settings. */
  ReconcileResult reconcile(
      CallRecordSourceConfig other,
      Function<CallLayout, RecordDecoder> decoder,
      Set<String> ignored)
      throws InterruptedException {
    ReconcileRequest request =
        new ReconcileRequest(
            "calls", other, range, api(), maxAhead, retry(), decoder, false, ignored, 1_000);
    return new Reconciler(request, topics, ReconcileProgress.NONE).run();
  }

  @Override
  public void close() {
    simulator.close();
  }
}
