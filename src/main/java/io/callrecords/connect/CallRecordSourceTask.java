package io.callrecords.connect;

import io.callrecords.connect.client.ApiClient;
import io.callrecords.connect.client.OkHttpTransport;
import io.callrecords.connect.client.SharedAccounts;
import io.callrecords.connect.client.Transport;
import io.callrecords.connect.config.ApiFacts;
import io.callrecords.connect.config.ApiOptions;
import io.callrecords.connect.config.CallRecordSourceTaskConfig;
import io.callrecords.connect.config.LogText;
import io.callrecords.connect.config.MemoryBudget;
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
import io.callrecords.connect.state.TaskCounts;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.apache.kafka.connect.source.TransactionContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the splits that the connector has assigned to it. Wires the stages, which do the work. */
public final class CallRecordSourceTask extends SourceTask {
  private static final Logger LOG = LoggerFactory.getLogger(CallRecordSourceTask.class);

  private static final long MEBIBYTE = 1024 * 1024;

  private static final Duration POLL_TIMEOUT = Duration.ofMillis(500);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(1);

  /** Connect hands tasks nothing that they could share, so all of one worker find it here. */
  private static final SharedAccounts ACCOUNTS = new SharedAccounts();

  private final Duration pollTimeout;
  private @Nullable ThreadLoop loop;
  private @Nullable Transport transport;
  private @Nullable ApiClient client;
  private @Nullable OffsetLookupThread lookup;
  private @Nullable TaskReader reader;
  private @Nullable SourceRecordConverter converter;
  private @Nullable TaskMetrics metrics;
  private @Nullable OutstandingRecords outstanding;

  /** Creates a task; Connect starts it. */
  public CallRecordSourceTask() {
    this(POLL_TIMEOUT);
  }

  /**
   * Creates a task.
   *
   * @param pollTimeout how long {@code poll()} waits for records
   */
  CallRecordSourceTask(Duration pollTimeout) {
    this.pollTimeout = pollTimeout;
  }

  @Override
  public String version() {
    return Version.get();
  }

  private static ApiOptions options(CallRecordSourceTaskConfig config) {
    ApiOptions api = config.api(Version.userAgent());
    long maxHeap = Runtime.getRuntime().maxMemory();
    MemoryBudget memory =
        MemoryBudget.ofTask(maxHeap, api.share().count(), api.maxConcurrentRequests());
    if (api.share().index() == 0) {
      warnOfHeap(memory, maxHeap, api.share().count());
      tellFacts(api.facts());
    }
    return api.withMemory(memory);
  }

  private static void tellFacts(ApiFacts facts) {
    if (!facts.values().isEmpty()) {
      LOG.info(
          "The connector begins with what a check has found out about the API: {} (api.facts).",
          LogText.of(new TreeMap<>(facts.values()).toString()));
    }
  }

  /** Said by the first task for all, where the heap is that counts. */
  private static void warnOfHeap(MemoryBudget memory, long maxHeap, int tasks) {
    if (memory.excess(maxHeap, tasks) > 0) {
      LOG.warn(
          "The connector's {} tasks may hold {} MiB of records together, which is more than a"
              + " quarter of this worker's heap of {} MiB. If one worker runs all of them, lower"
              + " tasks.max or max.concurrent.requests, or raise the heap (-Xmx).",
          tasks,
          tasks * memory.mostBytes() / MEBIBYTE,
          maxHeap / MEBIBYTE);
    }
  }

  @Override
  public void start(Map<String, String> settings) {
    CallRecordSourceTaskConfig config = new CallRecordSourceTaskConfig(settings);
    Feed feed = CallCenterFeed.create();
    OffsetCodec offsets = new OffsetCodec(feed.name());
    ApiOptions api = options(config);
    // Logs show the names of threads.
    String threadName = "call-records-" + LogText.of(settings.getOrDefault("name", "task"));
    ThreadLoop newLoop = new ThreadLoop(threadName, Clock.systemUTC(), this::onLoopFailure);
    loop = newLoop;
    transport = new OkHttpTransport(api, threadName + "-http");
    ApiClient newClient =
        new ApiClient(
            api,
            config.retry(),
            feed.path(),
            feed.filters().apply(config.filters()),
            RecordParser.of(feed, config),
            transport,
            newLoop,
            new SplittableRandom(),
            ACCOUNTS.of(api));
    client = newClient;
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
            newClient,
            newLoop);
    reader = newReader;
    converter =
        new SourceRecordConverter(
            feed,
            config.topic(),
            config.auditTopic(),
            config.malformedTopic(),
            config.recordTimestamp(),
            config.format(),
            offsets,
            () -> noteNul(newReader.counts()));
    metrics =
        TaskMetrics.publish(
            context,
            settings,
            TaskMetric.of(
                newReader.counts(),
                newClient.counts(),
                newReader.progress(),
                newLoop.invariants()));
    OutstandingRecords newOutstanding = new OutstandingRecords(newReader.delivery());
    outstanding = newOutstanding;
    newLoop.execute(newReader::start);
    newLoop.execute(new AcknowledgementMonitor(newLoop, newOutstanding)::start);
  }

  private static void noteNul(TaskCounts counts) {
    if (counts.nulTexts() == 0) {
      LOG.warn(
          "The API returns texts with the character U+0000, which the connector drops, since many"
              + " databases refuse it. Set texts.keep.nul=true to keep it. This is logged once; the"
              + " metric nul-texts-total counts such texts.");
    }
    counts.addNulText();
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
    OutstandingRecords handedOver = outstanding;
    if (current == null || sourceRecords == null || handedOver == null) {
      throw new IllegalStateException("poll() before start()");
    }
    handedOver.poll();
    if (metrics != null) {
      metrics.catchUp();
    }
    Batch batch = current.poll(pollTimeout);
    if (batch == null) {
      return null;
    }
    List<SourceRecord> records = sourceRecords.convert(batch);
    TransactionContext transaction = context.transactionContext();
    if (transaction != null) {
      // transaction.boundary=connector: a window's records and their offset stand together.
      transaction.commitTransaction(records.get(records.size() - 1));
    }
    handedOver.handOver(records);
    return records;
  }

  /** Called for what was sent and, without metadata, for what was dropped on the way. */
  @Override
  public void commitRecord(SourceRecord record, @Nullable RecordMetadata metadata) {
    OutstandingRecords handedOver = outstanding;
    if (handedOver != null) {
      handedOver.acknowledge(record, metadata != null);
    }
  }

  /** Called after each transaction, on the thread that polls, or at each flush of offsets. */
  @Override
  public void commit() {
    OutstandingRecords handedOver = outstanding;
    if (handedOver != null) {
      handedOver.commit();
    }
  }

  @Override
  public void stop() {
    // The loop first: it would take the requests that are cancelled for an outage.
    ApiClient current = client;
    Closer.closeAll(
        metrics, loop, current == null ? null : current::close, transport, lookup, this::awaitLoop);
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
