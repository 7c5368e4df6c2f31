package io.callrecords.cli.check;

import io.callrecords.cli.CliCommand;
import io.callrecords.cli.ConnectorConfig;
import io.callrecords.cli.ExitStatus;
import io.callrecords.cli.OutputFile;
import io.callrecords.cli.Terminal;
import io.callrecords.connect.Version;
import io.callrecords.connect.client.OkHttpTransport;
import io.callrecords.connect.config.ApiOptions;
import io.callrecords.connect.config.CallRecordSourceConfig;
import io.callrecords.connect.config.TaskShare;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.Feed;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
      description =
          "Write the facts alone to a file. The connector's setting api.facts takes the text of"
              + " that file, not its path.")
  private @Nullable Path factsFile;

  @Option(
      names = "--show-values",
      description = "Show the three calls with their numbers, names and texts.")
  private boolean showValues;

  @Option(names = "--evidence", description = "Say what was asked for each fact, and what came.")
  private boolean showEvidence;

  @Override
  protected ExitStatus run(Terminal terminal) throws InterruptedException {
    OutputFile.check("--report", reportFile);
    OutputFile.check("--html", htmlFile);
    OutputFile.check("--facts", factsFile);
    // What was found before is found out anew.
    ConnectorConfig connector = ConnectorConfig.readWithout(CallRecordSourceConfig.API_FACTS, file);
    Set<String> refused = refusedWithFacts(connector, terminal);
    if (refused == null) {
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
      CheckReport report = report(terminal, config, api, survey, caller, refused);
      write(report, terminal);
      boolean isSound =
          report.facts().stream()
              .noneMatch(
                  fact -> fact.name().equals("range.use") && !"honoured".equals(fact.value()));
      boolean isWell = isSound || survey.window().pages().isEmpty();
      return isWell && refused.isEmpty() ? ExitStatus.WELL : ExitStatus.BAD;
    }
  }

  /**
   * Prints what is wrong with a configuration.
   *
   * @return the settings that a worker would refuse because of the facts that are not used here;
   *     null where it would refuse others
   */
  private @Nullable Set<String> refusedWithFacts(ConnectorConfig connector, Terminal terminal) {
    ConfigCheck check = new ConfigCheck(connector.settings());
    List<String> errors = check.errors();
    String facts = ConnectorConfig.settingIfResolved(CallRecordSourceConfig.API_FACTS, file);
    Map<String, List<String>> ofFacts = facts == null ? Map.of() : check.errorsWithFacts(facts);
    if (!errors.isEmpty()) {
      errors.forEach(message -> terminal.note("Error: " + message));
      ofFacts
          .getOrDefault(CallRecordSourceConfig.API_FACTS, List.of())
          .forEach(message -> terminal.note("Error: " + message));
      return null;
    }
    ofFacts.values().stream()
        .flatMap(List::stream)
        .forEach(
            message ->
                terminal.note("Warning: api.facts: " + message + " (this check does not use it)"));
    if (!isJson()) {
      terminal.line(
          ofFacts.isEmpty()
              ? "The configuration is valid, as a worker would say of all but the classes of"
                  + " converters, transforms and predicates, which only the worker has."
              : "The configuration is valid but for api.facts, which a worker would refuse.");
    }
    return ofFacts.keySet();
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
      ApiCaller caller,
      Set<String> refused)
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
        facts,
        CheckVerdict.of(facts, config, survey.now(), refused));
  }

  private void write(CheckReport report, Terminal terminal) {
    if (isJson()) {
      terminal.line(report.json());
    } else {
      CheckReportText.of(report, showEvidence).forEach(terminal::line);
    }
    save(reportFile, report.json(), terminal);
    save(htmlFile, CheckReportPage.of(report), terminal);
    save(factsFile, report.factsAlone(), terminal);
    if (factsFile != null) {
      terminal.note(
          "To use it: "
              + ConnectorConfig.JQ_FACTS.formatted(quoted(factsFile.toString()))
              + " (without .config where the file has the settings alone),"
              + " or have a config provider of the worker read it.");
    }
  }

  /** A text as one word of a shell. */
  private static String quoted(String text) {
    return text.matches("[A-Za-z0-9_./-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  private static void save(@Nullable Path target, String text, Terminal terminal) {
    if (target != null) {
      OutputFile.write(target, text);
      terminal.note("Written: " + target);
    }
  }
}
