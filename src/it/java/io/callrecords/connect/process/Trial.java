package io.callrecords.connect.process;

import io.callrecords.simulator.Bounds;
import io.callrecords.simulator.Call;
import io.callrecords.simulator.CallGenerator;
import io.callrecords.simulator.EmptyResult;
import io.callrecords.simulator.FilteredTime;
import io.callrecords.simulator.Insertion;
import io.callrecords.simulator.NullStyle;
import io.callrecords.simulator.Order;
import io.callrecords.simulator.Quirks;
import io.callrecords.simulator.Simulator;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * An account, and the settings to read it with.
 *
 * @param name names the trial, its connector and its topic
 * @param calls how many calls the account has
 * @param days over how many days
 * @param endedDaysAgo when these days ended
 * @param livePerMinute how many calls a minute start from now on
 * @param quirks what the API is like
 * @param settings what the connector needs to be told
 */
record Trial(
    String name,
    int calls,
    int days,
    int endedDaysAgo,
    int livePerMinute,
    Quirks quirks,
    Map<String, String> settings) {

  /** All but {@link #ofCrash}. */
  static Stream<Trial> all() {
    return Stream.concat(ofTasks(), ofSwitches());
  }

  /** An account like any other, read with few and with many tasks. */
  private static Stream<Trial> ofTasks() {
    return Stream.of("1", "3", "8")
        .map(
            tasks ->
                new Trial("tasks-max-" + tasks, 20_000, 20, 0, 0, Quirks.defaults(), Map.of())
                    .with("tasks.max", tasks));
  }

  /** Accounts for every choice that the API's documents leave open. */
  private static Stream<Trial> ofSwitches() {
    return Stream.of(
        of("bounds-closed-newest-first", quirks -> quirks.bounds(Bounds.CLOSED)).withLiveCalls(),
        of("bounds-closed-open", quirks -> quirks.bounds(Bounds.CLOSED_OPEN)).withLiveCalls(),
        of("bounds-open-closed", quirks -> quirks.bounds(Bounds.OPEN_CLOSED)).withLiveCalls(),
        of("bounds-open", quirks -> quirks.bounds(Bounds.OPEN)).withLiveCalls(),
        of("order-oldest-first", quirks -> quirks.order(Order.OLDEST_FIRST)),
        of("order-random", quirks -> quirks.order(Order.RANDOM)),
        in("UTC"),
        in("Asia/Kolkata"),
        in("Europe/Berlin"),
        of("null-as-empty-text", quirks -> quirks.nullStyle(NullStyle.EMPTY_TEXT)),
        of("null-left-out", quirks -> quirks.nullStyle(NullStyle.ABSENT)),
        of("duration-as-number", quirks -> quirks.durationAsText(false)),
        of("call-type-as-text", quirks -> quirks.callTypeAsText(true)),
        of("status-as-number", quirks -> quirks.statusAsText(false)),
        of("records-last", quirks -> quirks.recordsLast(true).unknownPageKeys(false)),
        of("no-account-no-cost", quirks -> quirks.agentAccounts(false).costs(false)),
        of("unknown-fields", quirks -> quirks.unknownFields(true)),
        of("empty-is-null-data", quirks -> quirks.emptyResult(EmptyResult.NULL_DATA)),
        of("rows-twice", quirks -> quirks.duplicateEvery(7)),
        of("rows-twice-at-random", quirks -> quirks.duplicateEvery(7).order(Order.RANDOM)),
        of("inserted-first", inserting(Insertion.InsertionPoint.NEWEST_END, Order.NEWEST_FIRST)),
        of("inserted-last", inserting(Insertion.InsertionPoint.NEWEST_END, Order.OLDEST_FIRST)),
        of("inserted-anywhere", inserting(Insertion.InsertionPoint.ANYWHERE, Order.NEWEST_FIRST)),
        of("inserted-at-random", inserting(Insertion.InsertionPoint.ANYWHERE, Order.RANDOM)),
        of("filtered-by-end", quirks -> quirks.filteredTime(FilteredTime.CALL_END))
            .with("query.time.field", "callEndTime"));
  }

  /** An account whose backlog takes so long that there is a middle of it on a busy machine, too. */
  static Trial ofCrash() {
    return new Trial("crash", 8_000, 10, 0, 0, Quirks.defaults(), Map.of())
        .with("tasks.max", "3")
        .with("requests.per.second", "4")
        // What a crash leaves open stands in the way until then.
        .with("producer.override.transaction.timeout.ms", "10000");
  }

  /** An account with live calls, for a worker of its own. */
  static Trial ofPlatform(String name) {
    return of(name, quirks -> quirks).withLiveCalls();
  }

  private static Trial of(String name, UnaryOperator<Quirks.QuirksBuilder> choice) {
    Quirks quirks = choice.apply(Quirks.newBuilder()).build();
    return new Trial(name, 3_000, 10, 0, 0, quirks, Map.of()).with("tasks.max", "3");
  }

  /**
   * Calls enter a window after each of its pages. The ends of a range do not belong to it, so that
   * they enter no neighbour: that may have been read, and is looked at again days later only.
   */
  private static UnaryOperator<Quirks.QuirksBuilder> inserting(
      Insertion.InsertionPoint place, Order order) {
    return quirks ->
        quirks.bounds(Bounds.OPEN).order(order).insertion(new Insertion(1, 1, place, 40));
  }

  /** Its days lie where no clock changes: in an hour that is repeated, a time means two moments. */
  private static Trial in(String zone) {
    ZoneRules rules = ZoneId.of(zone).getRules();
    Instant now = Instant.now();
    boolean steady = rules.getOffset(now).equals(rules.getOffset(now.minus(Duration.ofDays(12))));
    Trial trial =
        of("zone-" + zone.replace('/', '-'), quirks -> quirks.zone(ZoneId.of(zone)))
            .with("api.time.zone", zone);
    return steady ? trial : trial.endedDaysAgo(15);
  }

  private Trial with(String key, String value) {
    Map<String, String> more = new HashMap<>(settings);
    more.put(key, value);
    return new Trial(name, calls, days, endedDaysAgo, livePerMinute, quirks, Map.copyOf(more));
  }

  private Trial withLiveCalls() {
    return new Trial(name, calls, days, endedDaysAgo, 120, quirks, settings);
  }

  private Trial endedDaysAgo(int newDays) {
    return new Trial(name, calls, days, newDays, livePerMinute, quirks, settings);
  }

  /** Starts the account. */
  Simulator simulator() {
    Simulator simulator =
        Simulator.builder()
            .seed(name.hashCode())
            .quirks(quirks)
            .load(
                (generator, now) -> generator.realistic(calls, from(now), from(now).plus(length())))
            .load((generator, now) -> atMidnights(generator, from(now)))
            .start();
    if (livePerMinute > 0) {
      simulator.live(livePerMinute);
    }
    return simulator;
  }

  private Instant from(Instant now) {
    return now.minus(Duration.ofDays(endedDaysAgo)).minus(length());
  }

  private Duration length() {
    return Duration.ofDays(days);
  }

  /** Calls that start or end in the first or in the last second of a day: at a window's bounds. */
  private List<Call> atMidnights(CallGenerator generator, Instant from) {
    List<Call> calls = new ArrayList<>();
    Instant first = from.truncatedTo(ChronoUnit.DAYS).plus(1, ChronoUnit.DAYS);
    for (int day = 0; day < days; day++) {
      Instant midnight = first.plus(day, ChronoUnit.DAYS);
      for (Instant second : List.of(midnight, midnight.minusSeconds(1))) {
        Call call = generator.starting(second, Duration.ofMinutes(1));
        calls.add(call);
        calls.add(
            generator
                .starting(second, Duration.ofMinutes(1))
                .with(to -> to.start(second.minusSeconds(20)).answer(null).end(second)));
      }
    }
    return calls;
  }

  /** Starts a connector that reads the account from a day before its first call on. */
  ConnectorRun start(LocalCluster cluster, Simulator simulator) {
    Trial whole = with("start.time", "P" + (days + endedDaysAgo + 1) + "D");
    return ConnectorRun.start(cluster, name, simulator, whole.settings);
  }

  @Override
  public String toString() {
    return name;
  }
}
