package io.callrecords.cli.replay;

import io.callrecords.cli.CliCommand;
import io.callrecords.cli.CliException;
import io.callrecords.cli.ExitStatus;
import io.callrecords.cli.Terminal;
import io.callrecords.cli.connect.ConnectApi;
import io.callrecords.cli.connect.ConnectOptions;
import io.callrecords.cli.connect.ConnectorStatus;
import io.callrecords.cli.connect.StoredOffset;
import io.callrecords.cli.status.CalendarDay;
import io.callrecords.cli.status.RangeCalendar;
import io.callrecords.cli.status.RangeCalendar.CalendarScope;
import io.callrecords.cli.status.ReportedSettings;
import io.callrecords.cli.status.StoredProgress;
import io.callrecords.connect.config.CallRecordSourceConfig;
import io.callrecords.connect.split.Split;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Has days sent once more. */
@Command(
    name = "replay",
    modelTransformer = ReplayCommand.WithoutDocument.class,
    description =
        "Have days sent once more: stops the connector, changes its offsets, resumes it, and waits"
            + " until they have been.",
    footer = {
      "",
      "Exit codes: 1 where the answer is no, or the connector has failed; 3 where it could not be"
          + " seen in time that all has been sent again.",
      "",
      "Example: call-records replay call-records 2026-11-01..2026-11-03"
          + " --connect http://localhost:8083"
    })
public final class ReplayCommand extends CliCommand {
  private static final String LAST_WITHOUT_REPLAY = "0.2";

  /** What it does is no document. */
  static final class WithoutDocument implements IModelTransformer {
    @Override
    public CommandSpec transform(CommandSpec command) {
      command.remove(command.findOption("--json"));
      return command;
    }
  }

  private static final Duration LOOK_INTERVAL = Duration.ofSeconds(2);

  private final InstantSource clock;
  private final Duration lookInterval;

  @Parameters(index = "0", paramLabel = "NAME", description = "The connector's name.")
  private String name = "";

  @Parameters(
      index = "1",
      paramLabel = "DAY[..DAY]",
      description =
          "A UTC day such as 2026-11-01, or the first and the last of several:"
              + " 2026-11-01..2026-11-03.")
  private String days = "";

  @Mixin private ConnectOptions connect;

  @Option(names = "--yes", description = "Do not ask first.")
  private boolean yes;

  @Option(names = "--no-wait", description = "Do not wait until the days have been sent again.")
  private boolean noWait;

  @Option(
      names = "--timeout",
      paramLabel = "MINUTES",
      defaultValue = "60",
      description = "How long to wait, in whole minutes from 1 (default: ${DEFAULT-VALUE}).")
  private int timeout;

  /** Creates a command that goes by the system's clock. */
  public ReplayCommand() {
    this(InstantSource.system(), LOOK_INTERVAL);
  }

  /**
   * Creates a command.
   *
   * @param lookInterval how long it waits before it looks at the offsets again
   */
  ReplayCommand(InstantSource clock, Duration lookInterval) {
    this.clock = clock;
    this.lookInterval = lookInterval;
  }

  @Override
  protected ExitStatus run(Terminal terminal) throws Exception {
    if (timeout < 1) {
      throw CliException.usage("--timeout " + timeout + " is none: write whole minutes, from 1");
    }
    List<Split> wanted = DayRange.parse(days);
    try (ConnectApi api = connect.api(terminal::note)) {
      return replay(api, wanted, terminal);
    } catch (ConnectException e) {
      throw CliException.unseen(String.valueOf(e.getMessage()), e);
    }
  }

  private ExitStatus replay(ConnectApi api, List<Split> wanted, Terminal terminal)
      throws IOException, InterruptedException {
    List<String> unseen = new ArrayList<>();
    ReportedSettings settings = ReportedSettings.of(api.config(name), unseen);
    unseen.forEach(terminal::note);
    ConnectorStatus status = api.status(name);
    String state = status.connector().state();
    if (state.equals("PAUSED")) {
      throw CliException.usage(
          "The connector " + name + " is paused, and a replay would resume it. Resume it first");
    }
    Instant now = now();
    List<StoredOffset> offsets = api.offsets(name);
    StoredProgress stored = new StoredProgress(offsets);
    RangeCalendar calendar = calendar(settings.config(), stored, now);
    ReplayPlan plan = plan(api, settings, offsets, calendar, wanted, now);
    announce(plan, calendar, settings.config(), state, terminal);
    terminal.out().flush();
    try (ReplayRun run = new ReplayRun(api, name, terminal)) {
      ExitStatus refusal = yes ? null : refusal(terminal);
      if (refusal != null) {
        terminal.note("Nothing has been changed.");
        return refusal;
      }
      if (state.equals("STOPPED")) {
        run.change(() -> check(api, settings, plan), () -> change(api, plan));
        say(
            terminal,
            "The offsets are changed. The connector was stopped, and still is: resume it.");
        return ExitStatus.WELL;
      }
      run.whileStopped(() -> check(api, settings, plan), () -> change(api, plan));
      terminal.clearProgress();
      say(terminal, "The offsets are changed, and the connector goes on.");
      return noWait ? ExitStatus.WELL : await(api, settings, stored, calendar, plan, terminal);
    }
  }

  private ExitStatus await(
      ConnectApi api,
      ReportedSettings settings,
      StoredProgress stored,
      RangeCalendar calendar,
      ReplayPlan plan,
      Terminal terminal)
      throws InterruptedException {
    return new ReplayWait(
            api,
            name,
            plan,
            sentBefore(settings.config(), stored, calendar),
            () -> calendar(settings.config(), new StoredProgress(api.offsets(name)), now()),
            terminal,
            clock,
            lookInterval)
        .await(timeout);
  }

  /** Seen at once, whatever happens next. */
  private static void say(Terminal terminal, String text) {
    terminal.line(text);
    terminal.out().flush();
  }

  /** With an audit, empty parts have offsets, too. */
  private static SentCalls sentBefore(
      CallRecordSourceConfig config, StoredProgress stored, RangeCalendar calendar) {
    return config.auditTopic() == null ? SentCalls.of(stored, calendar) : SentCalls.UNKNOWN;
  }

  private ReplayPlan plan(
      ConnectApi api,
      ReportedSettings settings,
      List<StoredOffset> offsets,
      RangeCalendar calendar,
      List<Split> wanted,
      Instant now) {
    Instant first = new StoredProgress(offsets).firstStart();
    String version = api.pluginVersion(settings.connectorClass());
    boolean keepsMark =
        version != null && !version.startsWith("0.1") && !version.startsWith(LAST_WITHOUT_REPLAY);
    return ReplayPlan.of(
        wanted,
        calendar,
        Objects.requireNonNullElse(first, calendar.start()),
        settings.config().retention(),
        keepsMark,
        now);
  }

  /** By what the offsets are once the connector is stopped. */
  private void check(ConnectApi api, ReportedSettings settings, ReplayPlan plan) {
    plan.ensureUnread(api.offsets(name), stored -> calendar(settings.config(), stored, now()));
  }

  private void change(ConnectApi api, ReplayPlan plan) {
    api.patchOffsets(name, plan.changes());
  }

  private static RangeCalendar calendar(
      CallRecordSourceConfig config, StoredProgress stored, Instant now) {
    return RangeCalendar.of(
        new CalendarScope(
            stored.start(config, now),
            config.endTime(),
            now,
            config.retention(),
            config.lateArrival(),
            true,
            null),
        stored,
        List.of());
  }

  private void announce(
      ReplayPlan plan,
      RangeCalendar calendar,
      CallRecordSourceConfig config,
      String state,
      Terminal terminal) {
    terminal.line("To be sent again by " + name + ", which is " + state + " (days are UTC days):");
    for (CalendarDay day : calendar.days()) {
      if (plan.days().contains(day.day())) {
        Long calls = day.whole().calls();
        terminal.line(
            String.format(
                Locale.ROOT,
                "  %s  %s, %s",
                day.day(),
                day.whole().state().label(),
                calls == null
                    ? "a number of calls that the offsets do not tell"
                    : String.format(Locale.ROOT, "%,d calls as far as it is read", calls)));
      }
    }
    terminal.line(
        "What of them is in the topic "
            + config.topic()
            + " comes there twice, with the same keys: a compacted topic or a sink that upserts"
            + " absorbs that, whatever counts records does not.");
    boolean isMarked = config.getList(CallRecordSourceConfig.ADD_FIELDS).contains("version");
    terminal.line(
        isMarked
            ? "The calls are marked as replayed (add.fields=version)."
            : "Nothing marks the calls as sent again (add.fields=version would).");
  }

  /** Asks; what the command ends with where the answer is not yes, or null. */
  private static @Nullable ExitStatus refusal(Terminal terminal) throws IOException {
    terminal.out().print("Go on? [y/N] ");
    terminal.out().flush();
    String answer =
        new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
    if (answer == null) {
      terminal.note("Nobody answers: add --yes.");
      return ExitStatus.USAGE;
    }
    boolean isYes = answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
    return isYes ? null : ExitStatus.BAD;
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }
}
