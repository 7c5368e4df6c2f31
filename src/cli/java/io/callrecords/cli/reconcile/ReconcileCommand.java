package io.callrecords.cli.reconcile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.callrecords.cli.CliCommand;
import io.callrecords.cli.CliException;
import io.callrecords.cli.ConnectorConfig;
import io.callrecords.cli.ExitStatus;
import io.callrecords.cli.JsonDocument;
import io.callrecords.cli.KafkaOptions;
import io.callrecords.cli.Terminal;
import io.callrecords.cli.connect.ConnectApi;
import io.callrecords.cli.connect.ConnectOptions;
import io.callrecords.cli.topic.KafkaReading;
import io.callrecords.cli.topic.TopicReading;
import io.callrecords.connect.Version;
import io.callrecords.connect.config.ApiOptions;
import io.callrecords.connect.config.CallRecordSourceConfig;
import io.callrecords.connect.config.MemoryBudget;
import io.callrecords.connect.config.RetryOptions;
import io.callrecords.connect.config.TaskShare;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Compares a connector's topic with what the API returns. */
@Command(
    name = "reconcile",
    description = {
      "Ask the API for a range once more, and list what the connector's topic lacks, has besides,"
          + " has twice, or has differently.",
      "",
      "It may run beside the connector: it leaves nothing in Kafka, and asks the API for a part of"
          + " requests.per.second, on top of what the connector asks for. What may still come or"
          + " change is told apart. It takes memory for the calls of one day."
    },
    subcommands = VerifyCommand.class,
    customSynopsis = {
      "call-records reconcile NAME (--connect URL | --config FILE) --bootstrap-server HOST:PORT",
      "                       --from TIME [--to TIME] [OPTION...]",
      "call-records reconcile verify SUMMARY --key FILE"
    },
    footer = {
      "",
      "Example: call-records reconcile call-records --connect http://localhost:8083"
          + " --bootstrap-server localhost:9092 --from 2026-11-01 --to 2026-11-08"
          + " --sign-key key.pem --summary november.json"
    })
public final class ReconcileCommand extends CliCommand {
  private static final double MIN_RATE = .01;

  /** The calls of the API that wait for the topic may take so much of the heap. */
  private static final long AHEAD_PART_OF_HEAP = 8;

  /** What a configuration without a name is called. */
  private static final String UNNAMED = "call-records";

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "The connector's name.")
  private @Nullable String name;

  @ArgGroup(exclusive = false)
  private @Nullable ConnectOptions connect;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "The connector's configuration, in place of what --connect returns: JSON as Connect takes"
              + " it, or properties. Either way, references to the config providers file, directory"
              + " and env are resolved here, on this machine.")
  private @Nullable Path configFile;

  @Mixin private KafkaOptions kafka;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description =
          "Where the range begins: a date, which means a day of UTC, or an instant such as"
              + " 2026-11-01T08:00:00Z.")
  private @Nullable Instant from;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      description =
          "Where it ends (exclusive). Without it: late.arrival.ms and a quarter of an hour ago, when"
              + " nothing may come or change any more.")
  private @Nullable Instant to;

  @Option(
      names = "--rate-share",
      paramLabel = "SHARE",
      defaultValue = "0.1",
      description =
          "Which part of requests.per.second it asks the API for at most: ${DEFAULT-VALUE} unless"
              + " you say more. A page has 100 calls. With 1, stop the connector first, or lower"
              + " its rate.")
  private double rateShare;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "300",
      description =
          "For how long the API or Kafka may fail before it is given up: ${DEFAULT-VALUE} seconds.")
  private int timeout;

  @Option(
      names = "--limit",
      paramLabel = "COUNT",
      defaultValue = "100",
      description = "How many findings of each kind are listed: ${DEFAULT-VALUE}. All are counted.")
  private int limit;

  @Option(
      names = "--show-values",
      description =
          "Show the values of fields that differ. They are personal data, so only names are shown"
              + " without this.")
  private boolean showValues;

  @Option(
      names = "--ignore",
      paramLabel = "FIELD",
      split = ",",
      description =
          "Fields that are not compared, such as labels,remark,voiceUrl, which may change after a"
              + " call.")
  private Set<String> ignored = Set.of();

  @Mixin private ConverterOptions converter;

  @Mixin private SummaryOptions summary;

  @Override
  protected ExitStatus run(Terminal terminal) throws Exception {
    SummarySignature signature = summary.signature();
    summary.check();
    if (from == null) {
      throw new ParameterException(
          commandLine(), "From when on? Give --from, as --from 2026-11-01.");
    }
    Map<String, String> settings = settings(terminal);
    ReconcileRequest request = request(settings);
    terminal.note(
        "Asking the API for %s to %s, with %.2f requests a second at most (--rate-share)."
            .formatted(
                request.range().from(), request.range().to(), request.api().requestsPerSecond()));
    ReconcileResult result;
    try (TopicReading reading = new KafkaReading(kafka.settings(), Duration.ofSeconds(timeout))) {
      result = new Reconciler(request, reading, progress(terminal)).run();
    }
    terminal.clearProgress();
    ObjectNode document =
        SummaryDocument.of(result, "call-records " + Version.get(), showValues, signature);
    summary.write(document);
    if (isJson()) {
      terminal.line(JsonDocument.pretty(document));
    } else {
      ReconcileReport.lines(result, showValues, signature, summary.file()).forEach(terminal::line);
    }
    return result.conclusion().verdict().status();
  }

  private Map<String, String> settings(Terminal terminal) {
    String connector = name;
    if (connector == null) {
      throw new ParameterException(commandLine(), "Which connector? Give its name.");
    }
    Path file = configFile;
    ConnectOptions options = connect;
    if (file != null) {
      return settings(ConnectorConfig.read(file), connector, file);
    }
    if (options == null) {
      throw new ParameterException(
          commandLine(),
          "Where is the connector's configuration? Give --connect URL, or --config FILE.");
    }
    try (ConnectApi api = options.api(terminal::note)) {
      return ConnectorConfig.of(api.config(connector)).settings();
    }
  }

  private static Map<String, String> settings(ConnectorConfig config, String connector, Path file) {
    boolean isNamed = !config.name().equals(UNNAMED);
    if (isNamed && !config.name().equals(connector)) {
      throw CliException.usage(
          "--config "
              + file
              + " is the configuration of "
              + config.name()
              + ", and not of "
              + connector
              + ". Give that name, or the file of this connector");
    }
    return config.settings();
  }

  private ReconcileRequest request(Map<String, String> settings) {
    CallRecordSourceConfig config;
    try {
      config = new CallRecordSourceConfig(settings);
    } catch (ConfigException e) {
      throw CliException.usage("The connector's configuration is wrong: " + e.getMessage(), e);
    }
    ApiOptions api = config.api(TaskShare.ALONE, Version.userAgent());
    if (!(rateShare > 0 && rateShare <= 1)) {
      throw CliException.usage("--rate-share " + rateShare + " must be more than 0, and 1 at most");
    }
    double rate = Math.max(MIN_RATE, api.requestsPerSecond() * rateShare);
    int concurrent = api.maxConcurrentRequests();
    long heap = Runtime.getRuntime().maxMemory();
    RetryOptions retry = config.retry();
    Set<String> unknown = new TreeSet<>(ignored);
    unknown.removeIf(field -> CallLayout.mayBeIgnored(field, config));
    if (!unknown.isEmpty()) {
      throw CliException.usage(
          "--ignore: the connector writes no field "
              + String.join(", ", unknown)
              + ", or calls are found by it");
    }
    return new ReconcileRequest(
        String.valueOf(name),
        config,
        WantedRange.of(Objects.requireNonNull(from), to, config),
        api.withRate(rate, concurrent).withMemory(MemoryBudget.ofTask(heap, 1, concurrent)),
        heap / AHEAD_PART_OF_HEAP,
        new RetryOptions(retry.backoff(), retry.maxBackoff(), Duration.ofSeconds(timeout)),
        converter.decoder(settings, config.topic()),
        settings.containsKey("transforms") && !settings.get("transforms").isBlank(),
        Set.copyOf(ignored),
        limit);
  }

  private static ReconcileProgress progress(Terminal terminal) {
    return (what, done, of) ->
        terminal.progress(
            of > done
                ? "%s: %,d of %,d".formatted(what, done, of)
                : "%s: %,d".formatted(what, done));
  }
}
