package io.callrecords.cli.status;

import io.callrecords.cli.CliException;
import io.callrecords.cli.connect.ConnectApi;
import io.callrecords.cli.connect.ConnectorStatus;
import io.callrecords.cli.status.RangeCalendar.CalendarScope;
import io.callrecords.cli.status.StatusReport.ProgressNumbers;
import io.callrecords.cli.topic.AuditedWindow;
import io.callrecords.cli.topic.KafkaReading;
import io.callrecords.connect.config.CallRecordSourceConfig;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/** Looks at a connector by all that it is given: Connect, the audit topic, metrics. */
final class StatusReader implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration AUDIT_PATIENCE = Duration.ofMinutes(1);

  private final ConnectApi connect;
  private final String connector;
  private final List<HttpUrl> metrics;
  private final @Nullable Map<String, Object> kafka;
  private final Clock clock;
  private final OkHttpClient http = new OkHttpClient.Builder().callTimeout(PATIENCE).build();
  private @Nullable AuditTopic audit;
  private @Nullable TaskNumbers earlier;

  /**
   * Creates a reader.
   *
   * @param metrics addresses of Prometheus metrics; none where they are not to be had
   * @param kafka how to reach Kafka; null where the audit is not to be had
   */
  StatusReader(
      ConnectApi connect,
      String connector,
      List<HttpUrl> metrics,
      @Nullable Map<String, Object> kafka,
      Clock clock) {
    this.connect = connect;
    this.connector = connector;
    this.metrics = metrics;
    this.kafka = kafka;
    this.clock = clock;
  }

  /** Whether the last look has found counters, of which a rate takes two looks. */
  boolean hasCounters() {
    return earlier != null;
  }

  /**
   * Looks once.
   *
   * @throws CliException when Connect cannot be reached, or has no such connector
   */
  StatusReport read() {
    UnseenThings unseen = new UnseenThings();
    ConnectorStatus state = connect.status(connector);
    ReportedSettings settings = ReportedSettings.of(connect.config(connector), unseen.texts());
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    TaskNumbers numbers = numbers(unseen);
    CallRecordSourceConfig config = settings.config();
    Duration unread = isRunning(state) ? ReadingGap.unread(numbers, config) : null;
    RangeCalendar calendar =
        calendar(
            settings,
            isRunning(state) && unread == null,
            now,
            readUpTo(numbers, state, now),
            audits(settings, unseen),
            unseen);
    ProgressNumbers progress = progress(numbers, settings);
    ReadingGap gap =
        isRunning(state)
            ? ReadingGap.of(unread, calendar, progress.lagSeconds(), config)
            : ReadingGap.NONE;
    earlier = numbers;
    return new StatusReport(
        connector,
        connect.address(),
        connect.pluginVersion(settings.connectorClass()),
        now,
        state,
        config.topic(),
        calendar,
        gap,
        progress,
        FaultCounts.of(numbers, calendar, config),
        unseen.texts(),
        unseen.isPartial(),
        false);
  }

  private @Nullable RangeCalendar calendar(
      ReportedSettings settings,
      boolean isReading,
      Instant now,
      @Nullable Instant readUpTo,
      List<AuditedWindow> audits,
      UnseenThings unseen) {
    try {
      StoredProgress stored = new StoredProgress(connect.offsets(connector));
      CalendarScope scope =
          new CalendarScope(
              stored.start(settings.config(), now),
              settings.config().endTime(),
              now,
              settings.config().retention(),
              settings.config().lateArrival(),
              isReading,
              readUpTo);
      return RangeCalendar.of(scope, stored, audits);
    } catch (ConnectException e) {
      unseen.miss("The calendar: " + e.getMessage());
      return null;
    }
  }

  private static boolean isRunning(ConnectorStatus state) {
    return state.connector().state().equals("RUNNING")
        && !state.tasks().isEmpty()
        && state.tasks().stream().allMatch(task -> task.state().equals("RUNNING"));
  }

  /** Without a backlog, all is read up to the live edge. */
  private static @Nullable Instant readUpTo(
      @Nullable TaskNumbers numbers, ConnectorStatus state, Instant now) {
    if (numbers == null || !isRunning(state) || numbers.tasks() < state.tasks().size()) {
      return null;
    }
    Double backlog = numbers.sum("backlog_days");
    Double lag = numbers.max("live_lag_seconds");
    Double answered = numbers.requests("answered");
    boolean isRead = backlog != null && backlog == 0 && answered != null && answered > 0;
    return isRead && lag != null ? now.minusSeconds((long) Math.ceil(lag)) : null;
  }

  private List<AuditedWindow> audits(ReportedSettings settings, UnseenThings unseen) {
    String topic = settings.config().auditTopic();
    if (topic == null && isReference(CallRecordSourceConfig.AUDIT_TOPIC, unseen)) {
      String text = "The audit: only the worker knows its topic.";
      if (kafka == null) {
        unseen.add(text);
      } else {
        unseen.miss(text);
      }
      return List.of();
    }
    if (topic == null) {
      unseen.add(
          "The audit: the connector writes none (audit.topic), so that expired and drifted parts"
              + " look settled, and calls of settled days are not known.");
      return List.of();
    }
    if (kafka == null) {
      unseen.add(
          "The audit topic "
              + topic
              + ": no --bootstrap-server was given, so that expired and drifted parts look settled,"
              + " and calls of settled days are not known.");
      return List.of();
    }
    try {
      AuditTopic reader = audit;
      if (reader == null) {
        reader = new AuditTopic(new KafkaReading(kafka, AUDIT_PATIENCE), topic);
        audit = reader;
      }
      return read(reader, topic, unseen);
    } catch (CliException e) {
      unseen.miss("The audit: " + e.getMessage() + ".");
      return List.of();
    }
  }

  /** Whether a setting is given as a reference, which is among what could not be seen. */
  private static boolean isReference(String setting, UnseenThings unseen) {
    return unseen.texts().stream().anyMatch(text -> text.startsWith(setting + ": it is "));
  }

  static List<AuditedWindow> read(AuditTopic reader, String topic, UnseenThings unseen) {
    try {
      reader.readToEnd();
    } catch (CliException e) {
      unseen.miss("The audit, or the rest of it, cannot be read: " + e.getMessage() + ".");
    }
    if (reader.unreadable() > 0) {
      unseen.miss(
          reader.unreadable() + " records of " + topic + ": they are no audit records in JSON.");
    }
    return reader.windows();
  }

  private static String reason(Exception e) {
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    Throwable cause = e.getCause();
    return cause == null || cause.getMessage() == null
        ? message
        : message + ": " + cause.getMessage();
  }

  private @Nullable TaskNumbers numbers(UnseenThings unseen) {
    if (metrics.isEmpty()) {
      unseen.add("Lag, time left, rate and faults: no --metrics was given.");
      return null;
    }
    List<PrometheusText.MetricSample> samples = new ArrayList<>();
    boolean isAnswered = false;
    for (HttpUrl address : metrics) {
      Request request = new Request.Builder().url(address).build();
      try (Response response = http.newCall(request).execute()) {
        if (response.isSuccessful()) {
          isAnswered = true;
          samples.addAll(PrometheusText.read(response.body().string()));
        } else {
          unseen.miss("The metrics at " + address + ": HTTP " + response.code() + ".");
        }
      } catch (IOException e) {
        unseen.miss("The metrics at " + address + ": " + reason(e) + ".");
      }
    }
    TaskNumbers numbers = TaskNumbers.of(connector, samples, clock.instant());
    if (!numbers.isEmpty()) {
      return numbers;
    }
    if (isAnswered) {
      unseen.miss(
          "Lag, time left, rate and faults: the metrics have none of this connector named as in"
              + " config/monitoring. Name those of all workers.");
    }
    return null;
  }

  private ProgressNumbers progress(@Nullable TaskNumbers numbers, ReportedSettings settings) {
    double limit = settings.requestsPerSecond();
    if (numbers == null) {
      return new ProgressNumbers(null, null, null, null, null, null, limit, null);
    }
    TaskNumbers then = earlier;
    return new ProgressNumbers(
        numbers.max("live_lag_seconds"),
        numbers.sum("backlog_days"),
        numbers.sum("backlog_records"),
        numbers.max("backlog_seconds_left"),
        then == null ? null : numbers.requestsPerSecondSince(then),
        numbers.sum("request_rate_allowed"),
        limit,
        numbers.max("trouble_seconds"));
  }

  @Override
  public void close() {
    if (audit != null) {
      audit.close();
    }
    http.dispatcher().executorService().shutdown();
    http.connectionPool().evictAll();
  }
}
