package io.callrecords.connect.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.LogCapture;
import io.callrecords.connect.client.ScriptedTransport.ScriptedResponse;
import io.callrecords.connect.client.ScriptedTransport.Sent;
import io.callrecords.connect.config.ApiOptions;
import io.callrecords.connect.config.ApiOptions.Credentials;
import io.callrecords.connect.config.RetryOptions;
import io.callrecords.connect.config.TaskShare;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.RecordParser;
import io.callrecords.connect.loop.VirtualLoop;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A client with a loop of made-up time and a scripted API. */
abstract class ApiClientFixture {
  static final Instant WALL = Instant.parse("2026-11-01T08:00:00Z");
  static final PageRequest REQUEST =
      new PageRequest(
          Instant.parse("2026-10-31T16:00:00Z"), Instant.parse("2026-11-01T16:00:00Z"), 2, 50);
  static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  static final Duration DELAY = Duration.ofMillis(300);
  static final Duration LONG = Duration.ofHours(1);

  static final ScriptedResponse EMPTY_PAGE =
      ScriptedResponse.json("{'status':'0','data':{'total':0,'records':[]}}".replace('\'', '"'));

  /** What must appear in no message: key, secret, filters' values, what the API answered. */
  static final String[] PRIVATE = {
    "key-4711", "secret-0815", "8613800001111", "Alice", "whispered", "91861"
  };

  final VirtualLoop loop = new VirtualLoop(WALL);

  @Nullable Duration retryTimeout;

  ScriptedTransport transport(Function<Sent, ScriptedResponse> script) {
    return new ScriptedTransport(loop, DELAY, script);
  }

  /** A client whose backoff always takes the whole of its bound: 10, 20, 40 and 60 seconds. */
  ApiClient client(Transport transport) {
    return client(transport, options(4, 1_000, ZoneOffset.ofHours(8)), new MostRandom());
  }

  ApiClient client(Transport transport, ApiOptions options, RandomGenerator random) {
    Map<String, Object> filters = new LinkedHashMap<>();
    filters.put("seatNameList", List.of("Alice Agent"));
    filters.put("callType", List.of(2, 3));
    filters.put("calledOrCaller", "8613800001111");
    return new ApiClient(
        options,
        new RetryOptions(Duration.ofSeconds(10), Duration.ofSeconds(60), retryTimeout),
        "voice/ccRecordQuery",
        filters,
        new RecordParser(CallCenterFeed.create(), "callStartTime", ZoneOffset.ofHours(8)),
        transport,
        loop,
        random);
  }

  static ApiOptions options(int maxInFlight, double perSecond, ZoneOffset zone) {
    return new ApiOptions(
        URI.create("https://api.example.com/v3"),
        new Credentials("key-4711", "secret-0815"),
        zone,
        50,
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        maxInFlight,
        perSecond,
        TaskShare.ALONE,
        "agent-of-the-test/1");
  }

  /**
   * A request that waits as the settings say; one of the live edge waits for a few seconds only.
   */
  CompletableFuture<Page> fetch(ApiClient client) {
    return fetch(client, REQUEST, Priority.BACKLOG);
  }

  CompletableFuture<Page> fetch(ApiClient client, PageRequest request, Priority priority) {
    return OnLoop.call(loop, () -> client.fetch(request, priority));
  }

  Page fetched(CompletableFuture<Page> page) {
    assertThat(loop.runUntil(page::isDone, LONG)).as("done within %s", LONG).isTrue();
    assertThat(page).isCompleted();
    return page.join();
  }

  Throwable failed(CompletableFuture<Page> page) {
    assertThat(loop.runUntil(page::isDone, LONG)).as("done within %s", LONG).isTrue();
    assertThat(page).isCompletedExceptionally();
    return page.handle((nothing, failure) -> failure).join();
  }

  void fetchAndForget(ApiClient client) {
    assertThat(fetch(client, REQUEST, Priority.BACKLOG)).isNotDone();
  }

  static Map<String, String> signed(Instant at) {
    return new Signer(new Credentials("key-4711", "secret-0815")).headers(at);
  }

  static String http(Instant time) {
    return HTTP_DATE.format(time);
  }

  static ScriptedResponse page(int total, String... ids) {
    List<String> records = new ArrayList<>();
    for (String id : ids) {
      records.add(
          "{\"callSessionId\":\"%s\",\"callStartTime\":\"2026-11-01 10:00:00\",\"callType\":3,\"called\":\"91861\"}"
              .formatted(id));
    }
    return ScriptedResponse.json(
        "{\"status\":\"0\",\"reason\":\"success\",\"data\":{\"total\":%d,\"records\":[%s]}}"
            .formatted(total, String.join(",", records)));
  }

  /** What a person sees of a log at its usual level. */
  static List<String> said(LogCapture log) {
    return log.lines().stream().filter(line -> !line.matches("(?s)(DEBUG|TRACE) .*")).toList();
  }

  static boolean tellsWhatIsPrivate(String text) {
    return Stream.of(PRIVATE).anyMatch(text::contains);
  }

  static List<Duration> gaps(ScriptedTransport transport) {
    List<Duration> gaps = new ArrayList<>();
    List<Sent> sent = transport.sent();
    for (int i = 1; i < sent.size(); i++) {
      gaps.add(sent.get(i).at().minus(sent.get(i - 1).at()));
    }
    return gaps;
  }

  static void assertSpacing(ScriptedTransport transport, Duration least, String what) {
    for (Duration gap : gaps(transport)) {
      assertThat(gap).as("%s: spacing", what).isGreaterThanOrEqualTo(least);
    }
  }
}
