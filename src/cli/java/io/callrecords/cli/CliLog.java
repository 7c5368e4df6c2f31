package io.callrecords.cli;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The log of the connector's classes and of Kafka's clients: silent unless somebody asks for it.
 */
final class CliLog {
  /** The log keeps loggers by weak references only, and with them their levels. */
  private static final Logger ROOT = Logger.getLogger("");

  private CliLog() {}

  static void configure(boolean verbose) {
    System.setProperty(
        "java.util.logging.SimpleFormatter.format", "%1$tFT%1$tT.%1$tL %4$s %5$s%6$s%n");
    ROOT.setLevel(verbose ? Level.INFO : Level.OFF);
    for (Handler handler : ROOT.getHandlers()) {
      handler.setLevel(Level.ALL);
    }
  }
}
