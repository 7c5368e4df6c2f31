package io.callrecords.connect.process;

import io.callrecords.simulator.Bounds;
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
import java.time.zone.ZoneRules;
import java.util.HashMap;
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
 * @param quirks what the API is like
 * @param settings what the connector needs to be told
 */
record Trial(
    String name,
    int calls,
    int days,
    int endedDaysAgo,
    Quirks quirks,
    Map<String, String> settings) {

  /** An account like any other, read with few and with many tasks. */
  static Stream<Trial> ofTasks() {
    return Stream.of("1", "3", "8")
        .map(
            tasks ->
                new Trial("tasks-max-" + tasks, 20_000, 20, 0, Quirks.defaults(), Map.of())
                    .with("tasks.max", tasks));
  }

  /** Accounts for every choice that the API's documents leave open. */
  static Stream<Trial> ofSwitches() {
    return Stream.of(
        of("bounds-closed-open", quirks -> quirks.bounds(Bounds.CLOSED_OPEN)),
        of("bounds-open-closed", quirks -> quirks.bounds(Bounds.OPEN_CLOSED)),
        of("bounds-open", quirks -> quirks.bounds(Bounds.OPEN)),
        of("bounds-closed-newest-first", UnaryOperator.identity()),
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
        of("inserted-first", inserting(Insertion.Place.NEWEST_END, Order.NEWEST_FIRST)),
        of("inserted-last", inserting(Insertion.Place.NEWEST_END, Order.OLDEST_FIRST)),
        of("inserted-anywhere", inserting(Insertion.Place.ANYWHERE, Order.NEWEST_FIRST)),
        of("inserted-at-random", inserting(Insertion.Place.ANYWHERE, Order.RANDOM)),
        of("filtered-by-end", quirks -> quirks.filteredTime(FilteredTime.CALL_END))
            .with("query.time.field", "callEndTime"));
  }

  /** An account whose backlog takes a while, for there is to be a middle of it. */
  static Trial ofCrash() {
    return new Trial("crash", 8_000, 10, 0, Quirks.defaults(), Map.of())
        .with("tasks.max", "3")
        .with("requests.per.second", "10")
        // What a crash leaves open stands in the way until then.
        .with("producer.override.transaction.timeout.ms", "10000");
  }

  private static Trial of(String name, UnaryOperator<Quirks.Builder> choice) {
    Quirks quirks = choice.apply(Quirks.newBuilder()).build();
    return new Trial(name, 3_000, 10, 0, quirks, Map.of()).with("tasks.max", "3");
  }

  /**
   * Calls enter a window after each of its pages. The ends of a range do not belong to it, so that
   * they enter no neighbour: that may have been read, and is looked at again days later only.
   */
  private static UnaryOperator<Quirks.Builder> inserting(Insertion.Place place, Order order) {
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
    return steady
        ? trial
        : new Trial(trial.name, trial.calls, trial.days, 15, trial.quirks, trial.settings);
  }

  private Trial with(String key, String value) {
    Map<String, String> more = new HashMap<>(settings);
    more.put(key, value);
    return new Trial(name, calls, days, endedDaysAgo, quirks, Map.copyOf(more));
  }

  /** Starts the account, and the connector that reads it. */
  ConnectorRun start(LocalCluster cluster) {
    Simulator simulator =
        Simulator.builder()
            .seed(name.hashCode())
            .quirks(quirks)
            .load(
                (generator, now) -> {
                  Instant end = now.minus(Duration.ofDays(endedDaysAgo));
                  return generator.realistic(calls, end.minus(Duration.ofDays(days)), end);
                })
            .start();
    try {
      Trial whole = with("start.time", "P" + (days + endedDaysAgo + 1) + "D");
      return ConnectorRun.start(cluster, name, simulator, whole.settings);
    } catch (RuntimeException | Error e) {
      simulator.close();
      throw e;
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
