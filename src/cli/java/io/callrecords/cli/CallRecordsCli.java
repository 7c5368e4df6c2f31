package io.callrecords.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.callrecords.cli.check.CheckCommand;
import io.callrecords.cli.reconcile.ReconcileCommand;
import io.callrecords.cli.replay.ReplayCommand;
import io.callrecords.cli.status.StatusCommand;
import io.callrecords.connect.Version;
import java.io.PrintWriter;
import java.time.Instant;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command line: one command for each question about an account and its connector. */
@Command(
    name = CallRecordsCli.NAME,
    description = "See and prove what the call records connector does.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = CallRecordsCli.PluginVersion.class,
    subcommands = {
      CheckCommand.class,
      StatusCommand.class,
      ReconcileCommand.class,
      ReplayCommand.class,
    },
    footer = {
      "",
      "Exit codes: 0 all is well; 1 the answer is bad; 2 the command line or a configuration is"
          + " wrong; 3 the API, Connect or Kafka could not be seen. Times are UTC.",
      "",
      "Example: java -jar kafka-connect-call-records-VERSION-cli.jar check connector.json"
    })
public final class CallRecordsCli implements Runnable {
  static final String NAME = "call-records";

  @Spec private CommandSpec spec;

  /** Says which version this is. */
  static final class PluginVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {NAME + " " + Version.get()};
    }
  }

  /** Runs a command and ends the process. */
  public static void main(String[] args) {
    System.exit(
        run(
            new PrintWriter(System.out, false, UTF_8),
            new PrintWriter(System.err, true, UTF_8),
            args));
  }

  /**
   * Runs a command.
   *
   * @return what the process is to end with
   */
  public static int run(PrintWriter out, PrintWriter err, String... args) {
    CommandLine commands = new CommandLine(new CallRecordsCli());
    commands.setOut(out);
    commands.setErr(err);
    commands.setUsageHelpWidth(100);
    commands.setCaseInsensitiveEnumValuesAllowed(true);
    commands.registerConverter(Instant.class, MomentConverter::parse);
    commands.setParameterExceptionHandler(CliErrors::wrongUsage);
    commands.setExecutionExceptionHandler(CliErrors::failure);
    int code = commands.execute(args);
    out.flush();
    err.flush();
    return code;
  }

  /** Without a command, there is only help to give. */
  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "Which command? The help lists them.");
  }
}
