package io.callrecords.connect.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.process.Procedure.PageCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/**
 * Runs the commands of a page as they stand there, but for the names that the page sets first,
 * which have other values here.
 */
final class ProcedureRun {
  private static final String RESTART = "sudo systemctl restart kafka-connect";

  /** What has been done before a test of the packaged plugin begins. */
  private static final String BUILD = "mvn -q package -DskipTests";

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration AGAIN_AFTER = Duration.ofMillis(500);

  /** What a worker answers while others join or leave. */
  private static final Pattern REBALANCE = Pattern.compile("error: 409|rebalance is expected");

  private final Path page;
  private final Path folder;
  private final Map<String, String> names;
  private final Map<String, String> printed;
  private final Runnable restart;

  /**
   * Prepares to run commands of a page.
   *
   * @param folder where they run
   * @param names what the page's names stand for
   * @param restart restarts the worker, as the page has a person do it
   */
  ProcedureRun(Path page, Path folder, Map<String, String> names, Runnable restart) {
    Map<String, String> ofPage = Procedure.names(page);
    assertThat(names.keySet()).isEqualTo(ofPage.keySet());
    this.page = page;
    this.folder = folder;
    this.names = new TreeMap<>(names);
    this.printed = ofPage.keySet().stream().collect(Collectors.toMap(ofPage::get, names::get));
    this.restart = restart;
  }

  /** Runs all commands under a heading, and expects of each what the page says. */
  void run(String heading) {
    Procedure procedure = Procedure.read(page, heading);
    assertThat(procedure.commands()).as(heading).isNotEmpty();
    procedure.commands().forEach(this::run);
  }

  private void run(PageCommand command) {
    String text = command.text().strip();
    if (text.equals(RESTART)) {
      restart.run();
    } else if (!text.equals(BUILD) && !command.isOfNames()) {
      runInShell(command);
    }
  }

  private void runInShell(PageCommand command) {
    Awaitility.await(command.text())
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(AGAIN_AFTER)
        .atMost(PATIENCE)
        .untilAsserted(() -> expect(command));
  }

  private void expect(PageCommand command) {
    CommandOutcome outcome = shell(command.text());
    boolean again = command.verification() || REBALANCE.matcher(outcome.output()).find();
    try {
      assertThat(outcome.exitCode()).as("%s%n%s", command.text(), outcome.output()).isZero();
      if (command.output() != null) {
        assertThat(outcome.output().strip()).as(command.text()).isEqualTo(here(command.output()));
      }
    } catch (AssertionError e) {
      if (again) {
        throw e;
      }
      // A command that changes something is not sent twice.
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  /** What the page prints, with the values that the names have here. */
  private String here(String output) {
    Pattern values =
        Pattern.compile(
            printed.keySet().stream().map(Pattern::quote).collect(Collectors.joining("|")));
    // All at once: what one name has here may be what another one has on the page.
    return values
        .matcher(output)
        .replaceAll(value -> Matcher.quoteReplacement(printed.get(value.group())));
  }

  /**
   * How a command has ended.
   *
   * @param exitCode zero if all is well
   * @param output what it has printed
   */
  private record CommandOutcome(int exitCode, String output) {}

  private CommandOutcome shell(String command) {
    StringBuilder script = new StringBuilder();
    names.forEach((name, value) -> script.append(name).append("='").append(value).append("'\n"));
    try {
      Path out = Files.createTempFile(folder, "printed-", ".txt");
      Process process =
          new ProcessBuilder("bash", "-eu", "-o", "pipefail", "-c", script + command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(out.toFile())
              .start();
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("It does not end: " + command);
      }
      return new CommandOutcome(process.exitValue(), Files.readString(out, UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted in " + command, e);
    }
  }
}
