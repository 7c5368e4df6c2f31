package io.callrecords.connect.demo;

import io.callrecords.connect.demo.Screen.Style;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What stands on the screen beside the calls: what runs, how it was made, and how to look further.
 */
final class Notes {
  private static final String INDENT = "  ";

  private final Screen screen;

  Notes(Screen screen) {
    this.screen = screen;
  }

  void headline() {
    screen.line(screen.styled(Style.BOLD, "Call records into Kafka: the connector at work"));
    screen.line("All runs in this process; every number and name is made up. Ctrl-C ends it.");
    screen.line();
  }

  void whatRuns(String apiUrl, int calls, LocalConnect connect, String topic, Path log) {
    fact("API", apiUrl, String.format(Locale.ROOT, "simulated: %,d calls of two days", calls));
    fact("Connect", connect.url().toString(), "one worker, exactly once");
    fact("Kafka", connect.bootstrapServers(), "topic " + topic);
    fact("Log", log.toString(), "");
    screen.line();
  }

  private void fact(String name, String address, String text) {
    fact(name, String.format("%-28s  %s", address, text).stripTrailing());
  }

  private void fact(String name, String text) {
    screen.line(INDENT + screen.styled(Style.DIM, String.format("%-9s", name)) + text);
  }

  void howItIsCreated(List<String> command) {
    screen.line("The connector is created through Connect's REST API:");
    screen.line();
    command.forEach(line -> screen.line(INDENT + line));
    screen.line();
  }

  void howItIs(WorkerApi.Status state) {
    mark(state.isRunning(), state.toString());
    screen.line();
  }

  void howToLookFurther(WorkerApi rest, LocalConnect connect, String connector, String topic) {
    screen.line("To look further, in another terminal:");
    fact("state", "curl " + rest.address(connector, "status"));
    fact("offsets", "curl " + rest.address(connector, "offsets"));
    fact("pause", "curl -X PUT " + rest.address(connector, "pause") + "    (and: resume)");
    fact(
        "records",
        "kafka-console-consumer.sh --from-beginning --isolation-level read_committed --topic "
            + topic
            + " --bootstrap-server "
            + connect.bootstrapServers());
    screen.line(INDENT + "(The consumer's script is part of Kafka's own download.)");
    screen.line();
  }

  /** Prints a line as good or bad news. */
  void mark(boolean good, String text) {
    screen.line(screen.styled(good ? Style.GOOD : Style.BAD, good ? "✓ " : "! ") + text);
  }
}
