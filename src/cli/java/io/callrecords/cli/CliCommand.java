package io.callrecords.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What all commands have in common: {@code --help}, {@code --json}, {@code --verbose}. */
@Command(mixinStandardHelpOptions = true, versionProvider = CallRecordsCli.PluginVersion.class)
public abstract class CliCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--json",
      description = "Print one JSON document on standard output, and nothing else there.")
  private boolean json;

  @Option(
      names = {"-v", "--verbose"},
      description = "Write what the connector's own classes log to standard error.")
  private boolean verbose;

  /** Does what the command is for. */
  protected abstract ExitStatus run(Terminal terminal) throws Exception;

  /** Whether output is for a machine. */
  protected final boolean isJson() {
    return json;
  }

  /** This command as picocli sees it, to report a wrong option with. */
  protected final CommandLine commandLine() {
    return spec.commandLine();
  }

  @Override
  public final Integer call() throws Exception {
    CliLog.configure(verbose);
    CommandLine root = commandLine();
    Terminal terminal = new Terminal(root.getOut(), root.getErr(), Terminal.isErrorInteractive());
    try {
      return run(terminal).code();
    } finally {
      terminal.clearProgress();
      terminal.out().flush();
      terminal.err().flush();
    }
  }
}
