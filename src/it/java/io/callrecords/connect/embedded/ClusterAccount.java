package io.callrecords.connect.embedded;

import io.callrecords.connect.split.TimeRange;
import io.callrecords.simulator.ApiRequest;
import io.callrecords.simulator.Call;
import io.callrecords.simulator.CallGenerator;
import io.callrecords.simulator.Fault;
import io.callrecords.simulator.Faults;
import io.callrecords.simulator.Journal;
import io.callrecords.simulator.Quirks;
import io.callrecords.simulator.Simulator;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** A simulated account with a history of its own, whose clock a test may put forward. */
final class ClusterAccount implements AutoCloseable {
  /** Longer than any call of a history, so that all of them are over. */
  private static final Duration SINCE_HISTORY = Duration.ofHours(4);

  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
  private final AtomicReference<Instant> shownTo = new AtomicReference<>(Instant.MAX);
  private final AtomicBoolean keepsBack = new AtomicBoolean();
  private final Simulator simulator;
  private Instant start;

  private ClusterAccount(Quirks quirks) {
    simulator =
        Simulator.builder().quirks(quirks).clock(() -> Instant.now().plus(ahead.get())).start();
    start = now().truncatedTo(ChronoUnit.SECONDS);
  }

  /** Opens an account without calls. */
  static ClusterAccount open() {
    return open(Quirks.defaults());
  }

  /** Opens an account without calls at an API that has peculiarities. */
  static ClusterAccount open(Quirks quirks) {
    return new ClusterAccount(quirks);
  }

  /** Adds realistic calls over so much time until some hours ago. */
  void addHistory(int calls, Duration length) {
    Instant now = now().truncatedTo(ChronoUnit.SECONDS);
    start = now.minus(length);
    add(generator -> generator.realistic(calls, start, now.minus(SINCE_HISTORY)));
  }

  /**
   * Keeps the end of the history back: the API answers with an error for it until {@link
   * #showAll()}, so that a test is in the middle of a backlog however slow the machine is.
   *
   * @param calls how many calls it shows at least: all of the UTC day that has the last of them
   */
  void showHistory(int calls) {
    List<Call> history = calls().stream().sorted(Comparator.comparing(Call::start)).toList();
    Instant last = history.get(calls - 1).start();
    shownTo.set(last.truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(1)));
    Instant end = history.get(history.size() - 1).start();
    if (keepsBack.compareAndSet(false, true)) {
      faults().when(request -> isKeptBack(request, end), Fault.http(500));
    }
  }

  /** Shows the whole history. */
  void showAll() {
    shownTo.set(Instant.MAX);
  }

  private boolean isKeptBack(ApiRequest request, Instant end) {
    Instant from = request.from();
    Instant to = request.to();
    return from != null && to != null && to.isAfter(shownTo.get()) && from.isBefore(end);
  }

  /** Adds calls of any kind. */
  void add(Function<CallGenerator, Collection<Call>> calls) {
    simulator.store().addAll(calls.apply(simulator.generator()));
  }

  /** Adds a call that starts, ends and appears now. */
  Call addCallNow() {
    return addCall(now(), now());
  }

  /** Adds a call that appears when it ends. */
  Call addCall(Instant callStart, Instant end) {
    String id = simulator.generator().starting(end, Duration.ofSeconds(1)).callSessionId();
    Call call = Call.newBuilder("live-" + id, callStart, end).build();
    simulator.store().add(call);
    return call;
  }

  /** Changes what is remarked on a call, from now on. */
  void remark(String id, String remark) {
    simulator.store().edit(id, now(), call -> call.remark(remark));
  }

  /** What has been remarked on a call, version by version. */
  List<String> remarks(String id) {
    return simulator.store().versions(id).stream().map(version -> version.call().remark()).toList();
  }

  /** The settings of a connector that reads the account from the start of its history on. */
  Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    settings.put("api.url", simulator.url());
    settings.put("api.key", simulator.key());
    settings.put("api.secret", simulator.secret());
    settings.put("start.time", start.toString());
    return settings;
  }

  /** The ids of all calls that the API shows now. */
  Set<String> ids() {
    return simulator.ids();
  }

  /** The ids of the calls of a range that the API shows now. */
  Set<String> ids(TimeRange range) {
    return simulator.store().visibleIds(now(), range.from(), range.to());
  }

  /** All calls that the API shows now. */
  List<Call> calls() {
    return simulator.store().visible(now(), Instant.EPOCH, now().plusSeconds(1));
  }

  Journal journal() {
    return simulator.journal();
  }

  /** From now on some records have no number for a duration; returns their ids. */
  Set<String> spoilDurations() {
    simulator
        .faults()
        .when(
            request -> true,
            Fault.rewritten(
                "some durations are no numbers",
                body -> body.replace("\"callDuration\":\"7", "\"callDuration\":\"about 7")));
    Set<String> spoiled = new TreeSet<>();
    calls().stream()
        .filter(call -> String.valueOf(call.callDuration()).startsWith("7"))
        .forEach(call -> spoiled.add(call.callSessionId()));
    return spoiled;
  }

  Faults faults() {
    return simulator.faults();
  }

  /** The requests that wait for their answer now. */
  int requestsInFlight() {
    return simulator.server().inFlight();
  }

  /** The server's time. */
  Instant now() {
    return simulator.now();
  }

  /** Puts the server's clock forward. */
  void putForward(Duration duration) {
    ahead.updateAndGet(duration::plus);
  }

  /** Waits until a connector has sent so many further requests. */
  void awaitFurtherRequests(Connector connector, int requests) {
    long enough = journal().count() + requests;
    connector.await(requests + " further requests", () -> journal().count() >= enough);
  }

  @Override
  public void close() {
    simulator.close();
  }
}
