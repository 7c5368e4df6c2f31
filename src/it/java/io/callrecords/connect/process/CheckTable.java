package io.callrecords.connect.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.callrecords.connect.process.BackendFacts.KnownFact;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** How often the command {@code check} was right, by fact and by what the backend does. */
final class CheckTable {
  private static final Path PAGE =
      Path.of(System.getProperty("basedir", "")).resolve("docs").resolve("CHECK.md");
  private static final String BEGIN = "<!-- The table is made by BackendCheck. -->\n";
  private static final String END = "<!-- End of the table of backends. -->\n";

  private final Map<String, Map<String, SaidCounts>> counts = new TreeMap<>();
  private final List<String> servers = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();
  private final List<String> missed = new ArrayList<>();
  private int runs;
  private long requests;

  /** Runs in which something was so. */
  private static final class SaidCounts {
    private int named;
    private int unknown;
    private int wrong;
    private boolean shows;
  }

  /** Names a server, as the heading of the table says. */
  void addServer(String version) {
    servers.add(version);
  }

  /**
   * Adds a run.
   *
   * @param name what was checked
   * @param known what is known of it
   * @param report what the command has said
   */
  void add(String name, Map<String, KnownFact> known, JsonNode report) {
    runs++;
    requests += report.path("requests").asLong();
    Map<String, JsonNode> said = new TreeMap<>();
    report.path("details").forEach(fact -> said.put(fact.path("name").asText(), fact));
    known.forEach((fact, should) -> compare(name, fact, should, said.get(fact)));
    System.out.printf("%s: %s%n", name, report.path("facts"));
  }

  private void compare(String name, String fact, KnownFact should, JsonNode said) {
    SaidCounts count =
        counts
            .computeIfAbsent(fact, any -> new TreeMap<>())
            .computeIfAbsent(should.does(), any -> new SaidCounts());
    count.shows |= should.values() != null;
    String text = name + ": " + fact + ", which is " + should.does();
    if (said.path("value").isNull()) {
      count.unknown++;
      if (should.values() != null) {
        missed.add(text + ": " + said.path("text").asText());
      }
    } else if (should.allows(said.path("value").asText())) {
      count.named++;
    } else {
      count.wrong++;
      wrong.add(text + ", is said to be " + said.path("value").asText() + ": " + said);
    }
  }

  /** What was said, and is not so. */
  List<String> wrong() {
    return List.copyOf(wrong);
  }

  /** What was not said, although it shows. */
  List<String> missed() {
    return List.copyOf(missed);
  }

  /** Writes the table into the page. */
  void publish() {
    try {
      String page = Files.readString(PAGE, UTF_8);
      int begin = page.indexOf(BEGIN) + BEGIN.length();
      String written = page.substring(0, begin) + this + page.substring(page.indexOf(END));
      Files.writeString(PAGE, written, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Could not write " + PAGE, e);
    }
  }

  @Override
  public String toString() {
    StringBuilder table = new StringBuilder();
    table.append(
        String.format(
            Locale.ROOT,
            "%n%d runs, with %s, %d requests each on average.%n%n",
            runs,
            String.join(" and ", servers),
            requests / Math.max(1, runs)));
    table.append("| fact | what the backend does | runs | named | unknown | wrong |\n");
    table.append("|---|---|---|---|---|---|\n");
    counts.forEach((fact, all) -> all.forEach((does, count) -> row(table, fact, does, count)));
    return table.append('\n').toString().replace("\r", "");
  }

  private static void row(StringBuilder table, String fact, String does, SaidCounts count) {
    table.append(
        String.format(
            Locale.ROOT,
            "| `%s` | %s%s | %d | %d | %d | %d |%n",
            fact,
            does,
            count.shows ? "" : " (nothing tells)",
            count.named + count.unknown + count.wrong,
            count.named,
            count.unknown,
            count.wrong));
  }
}
