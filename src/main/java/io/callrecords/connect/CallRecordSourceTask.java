package io.callrecords.connect;

import io.callrecords.connect.client.ApiClient;
import io.callrecords.connect.client.OkHttpTransport;
import io.callrecords.connect.client.Transport;
import io.callrecords.connect.config.ApiOptions;
import io.callrecords.connect.config.CallRecordSourceTaskConfig;
import io.callrecords.connect.convert.SourceRecordConverter;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.Feed;
import io.callrecords.connect.feed.FeedTimes;
import io.callrecords.connect.feed.RecordParser;
import io.callrecords.connect.loop.Closer;
import io.callrecords.connect.loop.ThreadLoop;
import io.callrecords.connect.metrics.TaskMetric;
import io.callrecords.connect.metrics.TaskMetrics;
import io.callrecords.connect.offset.OffsetCodec;
import io.callrecords.connect.schedule.TaskReader;
import io.callrecords.connect.split.Assignment;
import io.callrecords.connect.state.Batch;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.apache.kafka.connect.source.TransactionContext;
import org.jspecify.annotations.Nullable;

/** Reads the splits that the connector has assigned to it. Wires the stages, which do the work. */
public final class CallRecordSourceTask extends SourceTask {
  private static final Duration POLL_TIMEOUT = Duration.ofMillis(500);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(1);

  private @Nullable ThreadLoop loop;
  private @Nullable Transport transport;
  private @Nullable OffsetLookupThread lookup;
  private @Nullable TaskReader reader;
  private @Nullable SourceRecordConverter converter;
  private @Nullable TaskMetrics metrics;

  @Override
  public String version() {
    return Version.get();
  }

  @Override
  public void start(Map<String, String> settings) {
    CallRecordSourceTaskConfig config = new CallRecordSourceTaskConfig(settings);
    Feed feed = CallCenterFeed.create();
    OffsetCodec offsets = new OffsetCodec(feed.name());
    ApiOptions api = config.api(Version.userAgent());
    String threadName = "call-records-" + settings.getOrDefault("name", "task");
    ThreadLoop newLoop = new ThreadLoop(threadName, Clock.systemUTC(), this::onLoopFailure);
    loop = newLoop;
    transport = new OkHttpTransport(api, threadName + "-http");
    ApiClient client =
        new ApiClient(
            api,
            config.retry(),
            feed.path(),
            feed.filters().apply(config.filters()),
            new RecordParser(feed, config.queryTimeField().field(), config.zone()),
            transport,
            newLoop,
            new SplittableRandom());
    OffsetStore stored =
        new OffsetStore(
            context.offsetStorageReader(), offsets, config.lateArrival(), Clock.systemUTC());
    OffsetLookupThread newLookup = new OffsetLookupThread(threadName + "-offsets", stored);
    lookup = newLookup;
    TaskReader newReader =
        new TaskReader(
            config.read(),
            Assignment.parse(config.splits()),
            newLookup,
            new FeedTimes(feed, config.queryTimeField().field(), config.zone()),
            client,
            newLoop);
    reader = newReader;
    converter =
        new SourceRecordConverter(
            feed,
            config.topic(),
            config.auditTopic(),
            config.malformedTopic(),
            config.recordTimestamp(),
            offsets);
    metrics =
        TaskMetrics.publish(
            context,
            settings,
            TaskMetric.of(
                newReader.counts(), client.counts(), newReader.progress(), newLoop.invariants()));
    newLoop.execute(newReader::start);
  }

  private void onLoopFailure(Throwable cause) {
    TaskReader current = reader;
    if (current != null) {
      current.fail(cause);
    }
  }

  @Override
  public @Nullable List<SourceRecord> poll() throws InterruptedException {
    TaskReader current = reader;
    SourceRecordConverter sourceRecords = converter;
    if (current == null || sourceRecords == null) {
      throw new IllegalStateException("poll() before start()");
    }
    if (metrics != null) {
      metrics.catchUp();
    }
    Batch batch = current.poll(POLL_TIMEOUT);
    if (batch == null) {
      return null;
    }
    List<SourceRecord> records = sourceRecords.convert(batch);
    TransactionContext transaction = context.transactionContext();
    if (transaction != null) {
      // transaction.boundary=connector: a window's records and their offset stand together.
      transaction.commitTransaction(records.get(records.size() - 1));
    }
    return records;
  }

  @Override
  public void stop() {
    // The loop first: it would take the requests that are cancelled for an outage.
    Closer.closeAll(metrics, loop, transport, lookup, this::awaitLoop);
  }

  private void awaitLoop() {
    if (loop != null) {
      try {
        loop.awaitClosed(STOP_TIMEOUT);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
