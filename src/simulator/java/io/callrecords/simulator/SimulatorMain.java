package io.callrecords.simulator;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs the simulator by itself until Ctrl-C. */
public final class SimulatorMain {
  private static final Map<String, String> DEFAULTS =
      Map.ofEntries(
          Map.entry("port", "8089"),
          Map.entry("prefix", "/v3"),
          Map.entry("key", Simulator.DEFAULT_KEY),
          Map.entry("secret", Simulator.DEFAULT_SECRET),
          Map.entry("calls", "2000"),
          Map.entry("days", "2"),
          Map.entry("seed", "0"),
          Map.entry("rate", "30"),
          Map.entry("zone", "+08:00"),
          Map.entry("time", "call-start"),
          Map.entry("bounds", "[]"),
          Map.entry("order", "newest-first"),
          Map.entry("lag", "0"),
          Map.entry("latency", "0"),
          Map.entry("faults", "0"),
          Map.entry("malformed", "0"),
          Map.entry("total", "rows"),
          Map.entry("total-percent", "100"),
          Map.entry("page-rows", "calls"),
          Map.entry("page-cap", "0"),
          Map.entry("cap-told", "true"),
          Map.entry("past-end", "queried"),
          Map.entry("ties", "stable"),
          Map.entry("insert", "0"),
          Map.entry("two-moments", "false"),
          Map.entry("offset", "honoured"),
          Map.entry("date-offset", "0"),
          Map.entry("numbers", "whole"),
          Map.entry("times", "plain"),
          Map.entry("limit", "0"),
          Map.entry("refusal", "http-503"),
          Map.entry("burst", "false"),
          Map.entry("for", "0"));

  private final Map<String, String> options;

  private SimulatorMain(Map<String, String> options) {
    this.options = options;
  }

  /** See {@link #usage}. */
  public static void main(String[] args) throws InterruptedException {
    if (List.of(args).contains("--help")) {
      usage(System.out);
      return;
    }
    Map<String, String> options;
    try {
      options = parse(args);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      usage(System.err);
      System.exit(2);
      return;
    }
    new SimulatorMain(options).run(System.out);
  }

  private static Map<String, String> parse(String[] args) {
    Map<String, String> options = new HashMap<>(DEFAULTS);
    for (int i = 0; i < args.length; i += 2) {
      String name = args[i].startsWith("--") ? args[i].substring(2) : args[i];
      if (!DEFAULTS.containsKey(name)) {
        throw new IllegalArgumentException("There is no option " + args[i]);
      }
      if (i + 1 == args.length) {
        throw new IllegalArgumentException(args[i] + " needs a value");
      }
      options.put(name, args[i + 1]);
    }
    return options;
  }

  private static void usage(PrintStream out) {
    out.println("Options, each followed by a value:");
    out.println("  --port, --prefix       where it listens (8089, or 0 for a free one; /v3)");
    out.println("  --key, --secret        of the account (those of the API's documents)");
    out.println("  --calls, --days        how many calls in how many days until now (2000, 2);");
    out.println("                         some of the last ones have not ended yet at the start");
    out.println("  --rate                 live calls a minute (30)");
    out.println("  --seed                 decides all calls and faults (0); times count from now,");
    out.println("                         so that each start has another history");
    out.println("  --zone                 of the naive times (+08:00)");
    out.println("  --time                 that is filtered: call-start, call-end, creation");
    out.println("  --bounds               of ranges: [] [) (] ()");
    out.println("  --order                newest-first, oldest-first, random");
    out.println("  --lag                  seconds from a call's end until it appears (0)");
    out.println("  --latency              milliseconds that every answer takes (0)");
    out.println("  --faults               share of answers that go wrong, 0 to 1 (0)");
    out.println("  --malformed            one call in how many cannot be converted, 0 for none");
    out.println("  --total                counts rows, joined-rows, zero, drifting (rows)");
    out.println("  --total-percent        how much of that it says (100)");
    out.println("  --page-rows            of a page: calls, joined, joined-apart (calls)");
    out.println("  --page-cap, --cap-told most rows a page has, 0 for any; size says so (0, true)");
    out.println("  --past-end             queried, not-queried, first-page (queried)");
    out.println("  --ties                 order within a second: stable, by-page (stable)");
    out.println("  --insert               calls that enter between two pages of a range (0)");
    out.println("  --two-moments          they enter between an answer's count and rows (false)");
    out.println("  --offset               in strTime and endTime: honoured, dropped (honoured)");
    out.println("  --date-offset          hours that the Date header is ahead (0)");
    out.println("  --numbers, --times     whole, fraction; plain, tenths, iso-millis, iso-offset");
    out.println(
        "  --limit, --burst       requests a second, 0 for any; a second's at once (false)");
    out.println("  --refusal              status, http-429, http-429-seconds, http-429-date,");
    out.println("                         http-503 (http-503)");
    out.println("  --for                  seconds until it ends by itself; 0 for Ctrl-C (0)");
  }

  private void run(PrintStream out) throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    try (Simulator simulator = start()) {
      Runtime.getRuntime().addShutdownHook(goodbye(end, Thread.currentThread()));
      if (number("rate") > 0) {
        simulator.live(number("rate"));
      }
      out.println("url     " + simulator.url());
      out.println("key     " + simulator.key());
      out.println("secret  " + simulator.secret());
      out.println(
          "calls   " + simulator.store().count(simulator.now(), Instant.EPOCH, simulator.now()));
      long seconds = (long) number("for");
      boolean asked = end.await(seconds > 0 ? seconds : Long.MAX_VALUE, TimeUnit.SECONDS);
      out.println(
          (asked ? "Stopped" : "Time is up")
              + " after "
              + simulator.journal().count()
              + " requests");
    }
  }

  /** Holds the process until the main thread has closed everything and said so. */
  private static Thread goodbye(CountDownLatch end, Thread main) {
    return new Thread(
        () -> {
          end.countDown();
          try {
            main.join(Duration.ofSeconds(5).toMillis());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        },
        "simulator-goodbye");
  }

  private Simulator start() {
    long seed = (long) number("seed");
    return Simulator.builder()
        .seed(seed)
        .faults(new Faults(seed).share(number("faults")))
        .port((int) number("port"))
        .pathPrefix(text("prefix"))
        .credentials(text("key"), text("secret"))
        .calls((int) number("calls"), Duration.ofMinutes((long) (number("days") * 24 * 60)))
        .latency(Duration.ofMillis((long) number("latency")))
        .journal(Journal.countersOnly())
        .quirks(quirks())
        .start();
  }

  private Quirks quirks() {
    return Quirks.newBuilder()
        .zone(ZoneId.of(text("zone")))
        .filteredTime(FilteredTime.valueOf(constant("time")))
        .bounds(Bounds.of(text("bounds")))
        .order(Order.valueOf(constant("order")))
        .lag(Duration.ofSeconds((long) number("lag")))
        .pagination(pagination())
        .insertion(insertion())
        .rangeUse(
            choice("offset", "dropped", "honoured") ? RangeUse.HONOURED : RangeUse.OFFSET_DROPPED)
        .dateOffset(Duration.ofMinutes((long) (number("date-offset") * 60)))
        .numberForm(NumberForm.valueOf(constant("numbers")))
        .timeForm(TimeForm.valueOf(constant("times")))
        .malformedEvery((int) number("malformed"))
        .rateLimit(rateLimit())
        .build();
  }

  private Pagination pagination() {
    return Pagination.HONEST
        .total(TotalCount.valueOf(constant("total")))
        .percent((int) number("total-percent"))
        .rows(PageRows.valueOf(constant("page-rows")))
        .cap((int) number("page-cap"), choice("cap-told", "false", "true"))
        .pastEnd(PastEnd.valueOf(constant("past-end")))
        .ties(Ties.valueOf(constant("ties")))
        .twoMoments(choice("two-moments", "false", "true"));
  }

  private @Nullable Insertion insertion() {
    int calls = (int) number("insert");
    return calls == 0
        ? null
        : new Insertion(1, calls, Insertion.InsertionPoint.NEWEST_END, Integer.MAX_VALUE);
  }

  private @Nullable RateLimit rateLimit() {
    double limit = number("limit");
    RateLimit.Refusal refusal = RateLimit.Refusal.valueOf(constant("refusal"));
    if (limit == 0) {
      return null;
    }
    return choice("burst", "false", "true")
        ? RateLimit.of(limit, refusal)
        : RateLimit.strict(limit, refusal);
  }

  /** Whether the second of two words was given. */
  private boolean choice(String name, String no, String yes) {
    if (!text(name).equals(no) && !text(name).equals(yes)) {
      throw new IllegalArgumentException("--" + name + " is " + no + " or " + yes);
    }
    return text(name).equals(yes);
  }

  private String text(String name) {
    return options.getOrDefault(name, "");
  }

  private double number(String name) {
    return Double.parseDouble(text(name));
  }

  private String constant(String name) {
    return text(name).toUpperCase(Locale.ROOT).replace('-', '_');
  }
}
