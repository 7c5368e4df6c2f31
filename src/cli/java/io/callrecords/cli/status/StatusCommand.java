package io.callrecords.cli.status;

import io.callrecords.cli.CliCommand;
import io.callrecords.cli.CliException;
import io.callrecords.cli.ExitStatus;
import io.callrecords.cli.JsonDocument;
import io.callrecords.cli.KafkaOptions;
import io.callrecords.cli.OutputFile;
import io.callrecords.cli.Terminal;
import io.callrecords.cli.connect.ConnectApi;
import io.callrecords.cli.connect.ConnectOptions;
import io.callrecords.cli.topic.KafkaReading;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows how far each day of a connector is, in the terminal or as a page. */
@Command(
    name = "status",
    description =
        "Show how far each day of a connector is, its tasks, and what ails it: in the terminal or"
            + " as a page.",
    footer = {
      "",
      "Exit codes: 1 where the connector or a task has failed or is in no worker, where it runs"
          + " without tasks before its range has ended, where the metrics say that nothing new is"
          + " read, or a day is expired or drifted that the API"
          + " keeps, or kept until a week ago; 3 where nothing of that is known, and offsets,"
          + " metrics or audit could not be seen that were asked for.",
      "",
      "Example: call-records status call-records --connect http://localhost:8083 --serve 8090"
    })
public final class StatusCommand extends CliCommand {
  private static final Duration RATE_TIME = Duration.ofSeconds(3);

  private final Duration rateTime;

  @Parameters(paramLabel = "NAME", description = "The connector's name.")
  private String name = "";

  @Mixin private ConnectOptions connect;
  @Mixin private KafkaOptions kafka;

  @Option(
      names = "--metrics",
      paramLabel = "URL",
      description =
          "A worker's metrics for Prometheus, named as config/monitoring does, such as"
              + " http://localhost:9404/metrics. Once for each worker.")
  private List<String> metrics = new ArrayList<>();

  @Option(
      names = "--day",
      paramLabel = "DAY",
      description = "Show this day hour by hour, such as 2026-11-03 (UTC).")
  private @Nullable String day;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write a page to this file, which needs nothing else and can be mailed.")
  private @Nullable Path html;

  @Option(
      names = "--serve",
      paramLabel = "PORT",
      description =
          "Serve the page, which keeps itself up to date, until Ctrl-C. 0 takes any free port.")
  private @Nullable Integer serve;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = "127.0.0.1",
      description =
          "The address to serve at (default: ${DEFAULT-VALUE}). Whoever can reach it sees the page.")
  private String host = "";

  /** Creates a command that measures rates over a few seconds. */
  public StatusCommand() {
    this(RATE_TIME);
  }

  /**
   * Creates a command.
   *
   * @param rateTime over how long it measures rates
   */
  StatusCommand(Duration rateTime) {
    this.rateTime = rateTime;
  }

  @Override
  protected ExitStatus run(Terminal terminal) throws Exception {
    List<HttpUrl> addresses = metrics.stream().map(StatusCommand::address).toList();
    LocalDate wanted = day == null ? null : day(day);
    OutputFile.check("--html", html);
    Map<String, Object> client = kafka.isGiven() ? kafka.settings() : null;
    if (client != null) {
      KafkaReading.ensureServers(client);
    }
    try (ConnectApi api = connect.api(terminal::note);
        StatusReader reader = new StatusReader(api, name, addresses, client, Clock.systemUTC())) {
      Integer port = serve;
      if (port != null) {
        return serve(reader, port, terminal);
      }
      return show(look(reader, terminal), wanted, terminal);
    }
  }

  /** A rate takes two looks at counters; where there are none, a second look tells no more. */
  private StatusReport look(StatusReader reader, Terminal terminal) throws InterruptedException {
    terminal.progress("Looking at the connector …");
    StatusReport first = reader.read();
    if (!reader.hasCounters()) {
      return first;
    }
    terminal.progress("Measuring the rate for " + rateTime.toSeconds() + " s …");
    TimeUnit.MILLISECONDS.sleep(rateTime.toMillis());
    return reader.read();
  }

  private ExitStatus show(StatusReport report, @Nullable LocalDate wanted, Terminal terminal) {
    CalendarDay chosen = chosen(report, wanted);
    terminal.clearProgress();
    Path file = html;
    if (file != null) {
      OutputFile.write(file, StatusPage.of(report, false));
      terminal.note("The page is in " + file + ".");
    }
    if (isJson()) {
      terminal.line(JsonDocument.pretty(StatusDocument.of(report, chosen)));
    } else if (file == null) {
      StatusText.of(report, chosen).forEach(terminal::line);
    }
    return report.exit();
  }

  private static @Nullable CalendarDay chosen(StatusReport report, @Nullable LocalDate wanted) {
    RangeCalendar calendar = report.calendar();
    if (wanted == null || calendar == null) {
      return null;
    }
    return calendar.days().stream()
        .filter(each -> each.day().day().equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                CliException.usage(
                    "--day "
                        + wanted
                        + " is none of the range, which begins "
                        + StatusFacts.moment(calendar.start())
                        + ". Choose a day of the calendar"));
  }

  private ExitStatus serve(StatusReader reader, int port, Terminal terminal)
      throws InterruptedException {
    // A wrong name or address is said at once, and not on the page.
    reader.read();
    try (StatusServer server = StatusServer.start(host, port, reader::read)) {
      terminal.note("The page is at " + server.address() + " until Ctrl-C.");
      server.await();
    }
    return ExitStatus.WELL;
  }

  private static LocalDate day(String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeException e) {
      throw CliException.usage("--day " + text + " is no day: write one such as 2026-11-03", e);
    }
  }

  private static HttpUrl address(String text) {
    HttpUrl address = HttpUrl.parse(text);
    boolean hasUser =
        address == null
            ? text.contains("@")
            : !address.username().isEmpty() || !address.password().isEmpty();
    if (hasUser) {
      throw CliException.usage(
          "--metrics has a user and password in its address, where anybody sees them, and would not"
              + " use them: leave out all up to the @");
    }
    if (address == null) {
      throw CliException.usage(
          "--metrics " + text + " is no address: write one such as http://localhost:9404/metrics");
    }
    return address;
  }
}
