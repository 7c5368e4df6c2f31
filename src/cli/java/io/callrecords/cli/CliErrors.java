package io.callrecords.cli;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells people what went wrong, without stack traces, and scripts by exit codes. */
final class CliErrors {
  private CliErrors() {}

  static int wrongUsage(ParameterException error, String[] args) {
    CommandLine command = error.getCommandLine();
    command.getErr().println("Error: " + Terminal.plain(String.valueOf(error.getMessage())));
    if (!UnmatchedArgumentException.printSuggestions(error, command.getErr())) {
      command.getErr().println("See: " + command.getCommandSpec().qualifiedName(" ") + " --help");
    }
    command.getErr().flush();
    return ExitStatus.USAGE.code();
  }

  static int failure(Exception error, CommandLine command, ParseResult result) {
    command.getErr().println("Error: " + Terminal.plain(text(error)));
    command.getErr().flush();
    return status(error).code();
  }

  private static ExitStatus status(Exception error) {
    return error instanceof CliException expected ? expected.status() : ExitStatus.UNSEEN;
  }

  private static String text(Exception error) {
    if (error instanceof CliException) {
      return String.valueOf(error.getMessage());
    }
    return "unexpectedly, "
        + error.getClass().getName()
        + (error.getMessage() == null ? "" : ": " + error.getMessage())
        + ". This is a defect: please report it with the command line that you used.";
  }
}
