package io.callrecords.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.FaultyApiFixture.Phase;
import io.callrecords.simulator.Fault;
import io.callrecords.simulator.Faults;
import io.callrecords.simulator.Journal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Every fault that the simulator knows, in every phase of what a task does, over a real socket:
 * once and three times in a row. What has to come of it is declared here. The table that is printed
 * says what did.
 *
 * <p>{@code -Dmatrix.fault='http.*'} takes some of the faults only.
 */
class FaultMatrixTest {
  private static final String LOGGED = "io.callrecords.connect";
  private static final int AT_ONCE = 48;

  /** A pause that the API asks for: a request that was sent before it may still arrive in it. */
  private static final Duration PAUSE = Duration.ofSeconds(4);

  private static final List<Fault> PAUSES =
      List.of(
          Fault.retryAfter(429, PAUSE), Fault.retryAt(429, PAUSE), Fault.retryAfter(503, PAUSE));

  private static final Set<String> LIES =
      Faults.lies().stream().map(Fault::name).collect(Collectors.toSet());

  /** What ends by the timeout only. */
  private static final Set<String> SILENT = Set.of("hang", "stall", "endless");

  /** The rows of no page of the same question: those of the day before. */
  private static final Fault ANOTHER_RANGE = Faults.anotherRange(Duration.ofHours(-30));

  /**
   * What is declared. The columns: what happens while the task reads (its pages, its looks, its
   * live edge), what the live check before a connector is created shows (the settings that get an
   * error), and how often in a row the fault is survived where that is not any number of times.
   *
   * <p>The outcomes: {@code retried} until it is right; {@code slowed}, the same after the pause
   * that the answer asks for; {@code accepted} as it is; {@code stops}, with a message that has all
   * the words behind it, where nothing like it was accepted before. Whatever is not a stop delivers
   * each call once.
   */
  private static final String DECLARED =
      """
      status -1 | stops api.key, api.secret | api.key, api.secret, api.url
      status -2 | stops allow-listed | api.key, api.url
      status -31 | stops allow-listed | api.key, api.url
      status -13 | stops administrator | api.key, api.url
      status -29 | stops administrator | api.key, api.url
      status -30 | stops administrator | api.key, api.url
      status -32 | stops administrator | api.key, api.url
      status -22 | stops filter., page.size | none
      status -11 | stops filter., page.size | none
      status -14 | stops filter., page.size | none
      status -21 | stops filter., page.size | none
      status -16 | retried | none
      status -18 | retried | none
      status -12 | retried | none
      status -15 | retried | none
      status -25 | retried | none
      status -777 | retried | none
      http 301 | retried | api.url
      http 302 | retried | api.url
      http 307 | retried | api.url
      http 308 | retried | api.url
      http 204 | retried | none
      http 400 | retried | none
      http 401 | retried | api.url
      http 403 | retried | api.url
      http 404 | retried | api.url
      http 405 | retried | api.url
      http 407 | retried | none
      http 408 | retried | none
      http 410 | retried | api.url
      http 413 | retried | none
      http 415 | retried | none
      http 429 | retried | none
      http 500 | retried | none
      http 502 | retried | none
      http 503 | retried | none
      http 504 | retried | none
      http 429, Retry-After in seconds | slowed | none
      http 429, Retry-After as a date | slowed | none
      http 503, Retry-After in seconds | slowed | none
      http 503, Retry-After zero | retried | none
      reset | retried | none
      truncated | retried | none
      hang | retried | none
      stall | retried | none
      endless | retried | none
      slow | accepted | none
      empty | retried | api.url
      html | retried | api.url
      array | retried | api.url
      number | retried | api.url
      text | retried | api.url
      null | retried | api.url
      no status | retried | api.url
      status null | retried | none
      cut | retried | none
      two answers | retried | none
      invalid UTF-8 | retried | none
      deep nesting | retried | none
      huge text | accepted | none
      more than 8 MiB | retried | none
      status as a number | accepted | none
      total as text | accepted | none
      text/plain | accepted | none
      no type | accepted | none
      byte order mark | accepted | none
      gzip | accepted | none
      huge number | accepted | none
      data null | retried | none
      data missing | retried | none
      data empty | retried | none
      data a list | retried | api.url
      records null | retried | none
      records missing | retried | none
      records empty | retried | none
      total missing | retried | none
      total null | retried | none
      total too small | retried | none
      total too large | retried | none
      total much too large | retried | none
      total absurd | retried | none
      total negative | retried | none
      total negative, no records | retried | none
      total a word | retried | none
      half of the records | retried | none
      records twice | retried | none
      records a thousand times | retried | none
      page 1 again | retried | none
      another range | retried | none | once
      a time that is none | stops malformed.records | malformed.records
      an id that is empty | stops malformed.records | malformed.records
      a time of another year | stops malformed.records | none
      a row that is none | stops malformed.records | malformed.records
      """;

  @BeforeAll
  static void silence() {
    Configurator.setLevel(LOGGED, Level.OFF);
  }

  @AfterAll
  static void speak() {
    Configurator.setLevel(LOGGED, (Level) null);
  }

  /** A line of the table. */
  private record FaultCase(Fault fault, String reading, Set<String> refusedSettings, boolean once) {
    boolean stops() {
      return reading.startsWith("stops");
    }

    /** How often in a row it strikes: a lie that comes once is believed the more easily. */
    List<Integer> times() {
      boolean lies = LIES.contains(fault.name());
      boolean passesAtOnce = once || stops() || reading.equals("accepted");
      return passesAtOnce ? List.of(1) : lies ? List.of(1, 3) : List.of(3);
    }

    List<String> words() {
      return List.of(reading.substring("stops".length()).trim().split(", "));
    }
  }

  /** One fault at one point. */
  private record Cell(FaultCase row, Phase phase, int times) {}

  private static List<FaultCase> rows() {
    Map<String, Fault> faults = new LinkedHashMap<>();
    Stream.of(Faults.refusals(), Faults.survivable(), Faults.malformed(), List.of(ANOTHER_RANGE))
        .flatMap(List::stream)
        .forEach(fault -> assertThat(faults.put(fault.name(), fault)).as(fault.name()).isNull());
    PAUSES.forEach(fault -> assertThat(faults.replace(fault.name(), fault)).isNotNull());
    List<FaultCase> rows = new ArrayList<>();
    for (String line : DECLARED.lines().toList()) {
      String[] columns = line.split(" \\| ", -1);
      Fault fault = faults.remove(columns[0]);
      assertThat(fault).as(columns[0]).isNotNull();
      Set<String> settings =
          columns[2].equals("none") ? Set.of() : Set.of(columns[2].split(", ", -1));
      if (fault.name().matches(System.getProperty("matrix.fault", ".*"))) {
        rows.add(new FaultCase(fault, columns[1], settings, columns.length > 3));
      }
    }
    assertThat(faults.keySet()).as("faults of which nothing is declared").isEmpty();
    return rows;
  }

  @Test
  @Timeout(value = 50, unit = TimeUnit.MINUTES)
  void everyFaultInEveryPhaseComesToWhatIsDeclared() throws Exception {
    List<FaultCase> rows = rows();
    Map<String, Map<String, Future<String>>> table = new LinkedHashMap<>();
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    try {
      for (FaultCase row : rows) {
        Map<String, Future<String>> line = new LinkedHashMap<>();
        for (Phase phase : Phase.values()) {
          for (int times : row.times()) {
            String column = column(phase, times);
            line.put(column, threads.submit(() -> outcome(new Cell(row, phase, times))));
          }
        }
        line.put("validate", threads.submit(() -> outcomeOfValidate(row)));
        table.put(row.fault().name(), line);
      }
      report(table);
    } finally {
      threads.shutdownNow();
    }
  }

  private static String column(Phase phase, int times) {
    String name = phase.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return name + " ×" + times;
  }

  private static void report(Map<String, Map<String, Future<String>>> table) throws Exception {
    List<String> wrongs = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    Set<String> columns = new TreeSet<>();
    table.values().forEach(line -> columns.addAll(line.keySet()));
    text.append("| fault | ").append(String.join(" | ", columns)).append(" |\n");
    text.append("|---".repeat(columns.size() + 1)).append("|\n");
    for (Map.Entry<String, Map<String, Future<String>>> line : table.entrySet()) {
      text.append("| ").append(line.getKey()).append(" |");
      for (String column : columns) {
        Future<String> future = line.getValue().get(column);
        String outcome = future == null ? "" : result(future);
        text.append(' ').append(outcome).append(" |");
        if (outcome.startsWith("WRONG")) {
          wrongs.add(line.getKey() + ", " + column + ": " + outcome);
        }
      }
      text.append('\n');
    }
    say(text.toString());
    write(Path.of("target", "fault-matrix.md"), text.toString());
    assertThat(wrongs).isEmpty();
  }

  // People read it while it runs.
  @SuppressWarnings("SystemOut")
  private static void say(String text) {
    System.out.println(text);
  }

  private static String result(Future<String> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      return "WRONG " + e.getCause();
    }
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, text);
  }

  private static String outcome(Cell cell) {
    FaultCase row = cell.row();
    try (FaultyApiFixture account = new FaultyApiFixture()) {
      account.strike(cell.phase(), cell.times(), row.fault());
      try (TaskRun run = new TaskRun(settings(row, account, "4000"))) {
        boolean struck = run.await(() -> account.struck() > 0);
        account.ring();
        boolean done = run.await(() -> run.topic().keySet().containsAll(account.ids()));
        if (done) {
          // What comes twice may do so a little later.
          long before = account.simulator().journal().count();
          run.await(() -> account.simulator().journal().count() > before);
        }
        boolean stopped = run.stop();
        String outcome = judge(cell, account, run, struck);
        return stopped ? outcome : "WRONG does not stop; " + outcome;
      }
    }
  }

  /**
   * The settings for a fault.
   *
   * @param silence how long a request may take whose response may never come; a busy machine needs
   *     some of it for one that reaches the server
   */
  private static Map<String, String> settings(
      FaultCase row, FaultyApiFixture account, String silence) {
    Map<String, String> settings = account.settings();
    if (SILENT.contains(row.fault().name())) {
      settings.put("request.timeout.ms", silence);
    }
    return settings;
  }

  private static String judge(Cell cell, FaultyApiFixture account, TaskRun run, boolean struck) {
    FaultCase row = cell.row();
    Throwable failure = run.failure();
    if (failure != null) {
      boolean asDeclared =
          mayStop(cell)
              && failure instanceof ConnectException
              && row.words().stream().allMatch(String.valueOf(failure.getMessage())::contains);
      return asDeclared ? "stops" : "WRONG " + failure;
    }
    if (!struck) {
      return "WRONG struck " + account.struck() + " times";
    }
    Set<String> missing = new TreeSet<>(account.ids());
    missing.removeAll(run.topic().keySet());
    Set<String> tooMuch = new TreeSet<>(run.topic().keySet());
    tooMuch.removeAll(account.ids());
    long twice = run.topic().values().stream().filter(count -> count > 1).count();
    if (!missing.isEmpty() || !tooMuch.isEmpty() || twice > 0) {
      return "WRONG "
          + missing.size()
          + " missing, "
          + tooMuch.size()
          + " foreign, "
          + twice
          + " twice";
    }
    return mustStop(cell) ? "WRONG went on" : survived(cell, account);
  }

  /** A question that proves the times needs no right answer, and an unchanged total no rows. */
  private static boolean mustStop(Cell cell) {
    boolean countsOnly = needsRows(cell) && cell.phase() == Phase.LOOK;
    // What was accepted before is asked again, and the fault comes once.
    boolean isContradicted = !needsRows(cell) && cell.phase() != Phase.START;
    return mayStop(cell) && cell.phase() != Phase.PROOF && !countsOnly && !isContradicted;
  }

  private static boolean mayStop(Cell cell) {
    return cell.row().stops();
  }

  private static boolean needsRows(Cell cell) {
    return cell.row().reading().contains("malformed");
  }

  private static String survived(Cell cell, FaultyApiFixture account) {
    String reading = cell.row().reading();
    if (reading.equals("slowed")) {
      return longestPause(account).compareTo(PAUSE.dividedBy(2)) > 0 ? "slowed" : "WRONG no pause";
    }
    if (cell.phase() == Phase.FIRST_PAGE && !cell.row().fault().name().equals("page 1 again")) {
      boolean again = account.firstPages() > 1;
      if (cell.row().stops()) {
        return again ? "asked again" : "WRONG not asked again";
      }
      return again == reading.equals("accepted")
          ? "WRONG " + (again ? "asked again" : "not asked again")
          : reading;
    }
    return cell.row().stops() ? "passed over" : reading;
  }

  /** The longest time without a request since the first wrong answer. */
  private static Duration longestPause(FaultyApiFixture account) {
    List<Journal.Entry> entries = account.simulator().journal().entries();
    Duration longest = Duration.ZERO;
    Instant last = null;
    for (Journal.Entry entry : entries) {
      Instant at = entry.request().receivedAt();
      if (last != null && Duration.between(last, at).compareTo(longest) > 0) {
        longest = Duration.between(last, at);
      }
      last = last != null || entry.fault() != null ? at : null;
    }
    return longest;
  }

  private static String outcomeOfValidate(FaultCase row) {
    try (FaultyApiFixture account = new FaultyApiFixture()) {
      account.simulator().faults().when(request -> true, row.fault());
      Set<String> refused =
          new TreeSet<>(TestSettings.errors(settings(row, account, "20000")).keySet());
      if (account.struck() == 0) {
        return "WRONG never asked";
      }
      String outcome = refused.isEmpty() ? "none" : String.join(", ", refused);
      return refused.equals(row.refusedSettings()) ? outcome : "WRONG " + outcome;
    }
  }
}
