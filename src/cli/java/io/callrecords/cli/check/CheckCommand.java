package io.callrecords.cli.check;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.callrecords.cli.CliCommand;
import io.callrecords.cli.CliException;
import io.callrecords.cli.ConnectorConfig;
import io.callrecords.cli.ExitStatus;
import io.callrecords.cli.Terminal;
import io.callrecords.connect.CallRecordSourceConnector;
import io.callrecords.connect.Version;
import io.callrecords.connect.client.OkHttpTransport;
import io.callrecords.connect.config.ApiOptions;
import io.callrecords.connect.config.CallRecordSourceConfig;
import io.callrecords.connect.config.TaskShare;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.Feed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.config.ConfigValue;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tries an account without a worker, and says what its API does. */
@Command(
    name = "check",
    description = {
      "Try an account without a worker, and say what its API does.",
      "",
      "Validates the configuration as a worker does, shows three calls, estimates what there is to"
          + " load, and finds out how the API filters, orders, counts and pages, each with its"
          + " evidence. It keeps within requests.per.second and takes one to five minutes at"
          + " the default rate. The reports have no ids, numbers, names or texts of calls.",
      ""
    },
    footer = {"", "Example: call-records check connector.json --html report.html"})
public final class CheckCommand extends CliCommand {
  private static final Duration MARGIN = Duration.ofMinutes(10);

  @Parameters(
      paramLabel = "CONFIG",
      description =
          "The connector's configuration: JSON as Connect takes it, or properties. References to"
              + " the config providers file, directory and env are resolved here.")
  private Path file;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Write the report to a file, as JSON.")
  private @Nullable Path reportFile;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write the report to a file, as a page that needs nothing else.")
  private @Nullable Path htmlFile;

  @Option(
      names = "--facts",
      paramLabel = "FILE",
      description = "Write the facts alone to a file, for the connector's setting api.facts.")
  private @Nullable Path factsFile;

  @Option(
      names = "--show-values",
      description = "Show the three calls with their numbers, names and texts.")
  private boolean showValues;

  @Option(names = "--evidence", description = "Say what was asked for each fact, and what came.")
  private boolean showEvidence;

  @Override
  protected ExitStatus run(Terminal terminal) throws InterruptedException {
    // What was found before is found out anew.
    ConnectorConfig connector = ConnectorConfig.readWithout(CallRecordSourceConfig.API_FACTS, file);
    if (!isValid(connector, terminal)) {
      return ExitStatus.USAGE;
    }
    CallRecordSourceConfig config = new CallRecordSourceConfig(connector.settings());
    ApiOptions api = config.api(TaskShare.ALONE, Version.userAgent());
    Feed feed = CallCenterFeed.create();
    try (OkHttpTransport transport = new OkHttpTransport(api, "call-records-check")) {
      ApiCaller caller =
          new ApiCaller(
              api, feed.filters().apply(config.filters()), feed, transport, CheckClock.system());
      Survey survey = new Survey(caller, feed, config.zone(), config.retention(), Instant.now());
      if (!isJson()) {
        showCalls(terminal, survey);
      }
      CheckReport report = report(terminal, config, api, survey, caller);
      write(report, terminal);
      boolean isSound =
          report.facts().stream()
              .noneMatch(
                  fact -> fact.name().equals("range.use") && !"honoured".equals(fact.value()));
      return isSound || survey.window().pages().isEmpty() ? ExitStatus.WELL : ExitStatus.BAD;
    }
  }

  private boolean isValid(ConnectorConfig connector, Terminal terminal) {
    List<ConfigValue> wrong =
        new CallRecordSourceConnector()
            .validate(connector.settings()).configValues().stream()
                .filter(value -> !value.errorMessages().isEmpty())
                .toList();
    for (ConfigValue value : wrong) {
      value.errorMessages().forEach(message -> terminal.note("Error: " + message));
    }
    if (wrong.isEmpty() && !isJson()) {
      terminal.line("The configuration is valid, as a worker would say.");
    }
    return wrong.isEmpty();
  }

  private void showCalls(Terminal terminal, Survey survey) throws InterruptedException {
    List<String> calls = ShownCalls.lines(survey, showValues);
    terminal.line("");
    terminal.line(
        calls.isEmpty()
            ? "There is no call in the last 30 days."
            : "Some calls, as the API has them:");
    calls.forEach(call -> terminal.line("  " + call));
    terminal.out().flush();
  }

  private static CheckReport report(
      Terminal terminal,
      CallRecordSourceConfig config,
      ApiOptions api,
      Survey survey,
      ApiCaller caller)
      throws InterruptedException {
    AccountCheck check = new AccountCheck(survey, api.requestsPerSecond());
    int[] known = new int[1];
    caller.onAnswer(
        () ->
            terminal.progress(
                "Checking: "
                    + known[0]
                    + " of "
                    + check.size()
                    + " facts, "
                    + caller.answers().size()
                    + " requests"));
    List<Fact> facts = check.facts(count -> known[0] = count);
    Instant kept = survey.now().minus(config.retention()).plus(MARGIN);
    Instant wanted = config.startTime().resolve(survey.now(), kept);
    boolean countsCalls =
        facts.stream()
            .anyMatch(fact -> fact.name().equals("total.counts") && "calls".equals(fact.value()));
    BacklogEstimate backlog =
        BacklogEstimate.of(
            survey,
            wanted.isBefore(kept) ? kept : wanted,
            api.pageSize(),
            api.requestsPerSecond(),
            countsCalls);
    terminal.clearProgress();
    return new CheckReport(
        Version.get(),
        survey.now(),
        api.baseUrl().toString(),
        caller.answers().size() + caller.limits().size(),
        backlog,
        facts);
  }

  private void write(CheckReport report, Terminal terminal) {
    if (isJson()) {
      terminal.line(report.json());
    } else {
      print(report, terminal);
    }
    save(reportFile, report.json(), terminal);
    save(htmlFile, CheckReportPage.of(report), terminal);
    save(factsFile, report.factsAlone(), terminal);
  }

  private void print(CheckReport report, Terminal terminal) {
    terminal.line("");
    terminal.line("To load: " + report.backlog().text());
    terminal.line("");
    terminal.line("What the API does, as " + report.requests() + " requests have shown:");
    for (Fact fact : report.facts()) {
      terminal.line(
          String.format(
              Locale.ROOT,
              "  %-27s %s",
              fact.title(),
              (fact.isKnown() ? "" : "Unknown: ") + fact.text()));
      if (showEvidence) {
        fact.evidence()
            .forEach(each -> terminal.line("      " + each.asked() + " -> " + each.came()));
      }
    }
  }

  private static void save(@Nullable Path target, String text, Terminal terminal) {
    if (target == null) {
      return;
    }
    try {
      Files.writeString(target, text, UTF_8);
      terminal.note("Written: " + target);
    } catch (IOException e) {
      throw CliException.usage("The report cannot be written to " + target + ": " + e, e);
    }
  }
}
