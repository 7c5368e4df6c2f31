package io.callrecords.connect;

import io.callrecords.simulator.ApiRequest;
import io.callrecords.simulator.Fault;
import io.callrecords.simulator.Journal.Entry;
import io.callrecords.simulator.Simulator;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * An account with a day of history on several pages, calls of the last minute and one that appears
 * late, whose API goes wrong at a chosen point of what a task does.
 */
final class FaultyApiFixture implements AutoCloseable {
  private static final int PAGE = 10;
  private static final int LAST_PAGE = 5;
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final Simulator simulator;

  /** What a task needs to trust it; nothing where connections are not encrypted. */
  private final Map<String, String> trust;

  private final Instant begun = begin();
  private final Instant today = begun.truncatedTo(ChronoUnit.DAYS);
  private final Instant start = today.minus(Duration.ofDays(3));

  /** The day that has several pages; the one before, with which a task starts, has a single one. */
  private final Instant day = today.minus(Duration.ofDays(2));

  /** Whatever is answered takes less, on any machine; what hangs needs a shorter timeout. */
  private static final String TIMEOUT = Long.toString(TimeLimits.LONG.toMillis());

  private final String name = "struck-" + NUMBER.incrementAndGet();
  private final Set<String> ids = new HashSet<>();

  /** What a task is doing when it is struck. */
  enum Phase {
    /** The first request, and the one that learns the server's time when that goes wrong. */
    START,
    FIRST_PAGE,
    MIDDLE_PAGE,
    LAST_PAGE,
    /** The question whether a record is shown at the time that the settings make of it. */
    PROOF,
    /** A later look at a window. */
    LOOK,
    LIVE_EDGE
  }

  /** The present is of one UTC day: what is done around midnight begins a little later. */
  private static Instant begin() {
    return Awaitility.await("midnight is over")
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .atMost(TimeLimits.LONG.multipliedBy(2))
        .until(Instant::now, FaultyApiFixture::isFarFromMidnight);
  }

  private static boolean isFarFromMidnight(Instant moment) {
    return Stream.of(moment.minusSeconds(65), moment, moment.plusSeconds(60))
            .map(near -> near.truncatedTo(ChronoUnit.DAYS))
            .distinct()
            .count()
        == 1;
  }

  FaultyApiFixture() {
    this(Simulator.builder(), Map.of());
  }

  private FaultyApiFixture(Simulator.SimulatorBuilder builder, Map<String, String> trust) {
    simulator = builder.seed(5).start();
    this.trust = trust;
    Instant firstHour = start.plus(Duration.ofHours(1));
    simulator
        .store()
        .addAll(simulator.generator().uniform(5, firstHour, firstHour.plusSeconds(60)));
    Instant hour = day.plus(Duration.ofHours(1));
    simulator
        .store()
        .addAll(simulator.generator().uniform(45, hour, hour.plus(Duration.ofMinutes(30))));
    // They lie before the start of the range, for whoever shows the calls of another one.
    Instant before = start.minus(Duration.ofHours(14));
    simulator.store().addAll(simulator.generator().uniform(5, before, before.plusSeconds(600)));
    for (int i = 0; i < 8; i++) {
      // More than half a page, so that the window is closed and looked at again.
      add(begun.minusSeconds(30 - i), i < 7 ? begun : begun.plusMillis(1_200));
    }
    ids.addAll(simulator.store().visibleIds(begun.plusSeconds(60), start, begun.plusSeconds(60)));
  }

  /** The same account over encrypted connections. */
  static FaultyApiFixture overTls() {
    TlsServerFixture tls = new TlsServerFixture();
    return new FaultyApiFixture(Simulator.builder().sockets(tls.sockets()), tls.trust());
  }

  private void add(Instant callStart, Instant appears) {
    Instant second = callStart.truncatedTo(ChronoUnit.SECONDS);
    simulator
        .store()
        .add(
            simulator
                .generator()
                .starting(second, Duration.ofSeconds(2))
                .with(call -> call.appearsAt(appears)));
  }

  /** A call comes in at this very moment. */
  void ring() {
    Instant now = Instant.now();
    add(now, now);
    ids.addAll(simulator.store().visibleIds(now.plusSeconds(1), start, now.plusSeconds(1)));
  }

  Simulator simulator() {
    return simulator;
  }

  /** All calls that have to arrive. */
  Set<String> ids() {
    return ids;
  }

  /** The name of the connector, which no other has. */
  String name() {
    return name;
  }

  /** So many requests in this phase are answered wrong. */
  void strike(Phase phase, int times, Fault fault) {
    simulator.faults().when(request -> is(phase, request), times, fault);
  }

  /** How many answers went wrong so far. */
  long struck() {
    return simulator.journal().faults();
  }

  /** Whether a request belongs to the history, and not to the present. */
  boolean isHistory(ApiRequest request) {
    Instant from = request.from();
    return from != null && from.isBefore(today.minusSeconds(2));
  }

  /** What a request is for follows from what was requested before, never from when it comes. */
  private boolean is(Phase phase, ApiRequest request) {
    Instant from = request.from();
    Instant to = request.to();
    if (from == null || to == null) {
      return false;
    }
    boolean question = Duration.between(from, to).toSeconds() == 2;
    boolean history = isHistory(request) && !question;
    return switch (phase) {
      case START -> request.number() == 1 || (request.size() == 1 && !isHistory(request));
      // The first page of a day without calls would do, but there is nothing to be lost.
      case FIRST_PAGE -> history && request.current() == 1 && from.equals(day.minusSeconds(1));
      case MIDDLE_PAGE -> history && request.current() > 1 && request.current() < LAST_PAGE;
      case LAST_PAGE -> history && request.current() == LAST_PAGE;
      case PROOF -> question && request.size() > 1;
      case LOOK -> isPresent(request) && !question && !to.isAfter(presentEnd(Entry::succeeded));
      // It moves on, and a request that went wrong is sent again.
      case LIVE_EDGE ->
          isPresent(request)
              && (to.isAfter(presentEnd(entry -> true))
                  || (!question && to.isAfter(presentEnd(Entry::succeeded))));
    };
  }

  private boolean isPresent(ApiRequest request) {
    Instant from = request.from();
    return from != null && !from.isBefore(begun.minusSeconds(62)) && request.size() > 1;
  }

  /** Up to where the present has been requested by now, in requests of some kind. */
  private Instant presentEnd(Predicate<Entry> which) {
    return simulator.journal().entries(which.and(entry -> isPresent(entry.request()))).stream()
        .map(entry -> entry.request().to())
        .filter(Objects::nonNull)
        .max(Comparator.naturalOrder())
        .orElse(Instant.MIN);
  }

  /** The first pages of the day with several pages that were asked for. */
  long firstPages() {
    return simulator.journal().entries().stream()
        .filter(entry -> is(Phase.FIRST_PAGE, entry.request()))
        .count();
  }

  /** The settings of a connector for it, which is in a hurry. */
  Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    settings.put("name", name);
    settings.put("connector.class", CallRecordSourceConnector.class.getName());
    settings.put("api.url", simulator.url());
    settings.put("api.key", simulator.key());
    settings.put("api.secret", simulator.secret());
    settings.put("topic", "calls");
    settings.put("start.time", start.toString());
    settings.put("page.size", Integer.toString(PAGE));
    settings.put("poll.interval.ms", "100");
    settings.put("requests.per.second", "500");
    settings.put("connect.timeout.ms", TIMEOUT);
    settings.put("request.timeout.ms", TIMEOUT);
    settings.put("retry.backoff.ms", "20");
    settings.put("retry.backoff.max.ms", "100");
    settings.putAll(trust);
    return settings;
  }

  @Override
  public void close() {
    simulator.close();
  }
}
