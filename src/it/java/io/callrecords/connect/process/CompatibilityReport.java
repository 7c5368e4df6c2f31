package io.callrecords.connect.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/**
 * Where the plugin was seen to work, as a page for people.
 *
 * @param plugin its version
 * @param rows what it ran on
 */
record CompatibilityReport(String plugin, List<ReleaseRow> rows) {
  private static final Path PAGE =
      Path.of(System.getProperty("basedir", "")).resolve("docs").resolve("COMPATIBILITY.md");

  /**
   * Something that the plugin ran on.
   *
   * @param platform what was asked for
   * @param jdk the JDK as the worker named it
   */
  record ReleaseRow(Platform platform, String jdk) {
    @Override
    public String toString() {
      String metrics = platform.kafka().hasPluginMetrics() ? "the worker's own" : "JMX bean";
      return "| " + platform.kafka().version() + " | " + jdk + " | " + metrics + " |\n";
    }
  }

  /** Writes the page into {@code docs}. */
  void publish() {
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # Where it runs

        Written by `mvn -Pmatrix verify` on %s, with version %s of the plugin and a broker of Kafka %s.

        | Connect | JDK of the worker | metrics |
        |---|---|---|
        """
            .formatted(LocalDate.now(ZoneOffset.UTC), plugin, KafkaJars.ofTests().version()));
    rows.forEach(page::append);
    page.append(
        """

        In each of these a distributed worker in a process of its own, with the packaged ZIP as the only
        thing on its `plugin.path` and exactly-once on, did all of this (`CompatibilityIT`):

        - `GET /connector-plugins` lists the connector with its version.
        - The topic holds each call of the simulated API once, with every field as it is, also the calls
          that started meanwhile.
        - All metrics are there, seen over JMX: the worker's own ones from Connect 4.1 on, before that a bean
          of the same name. They count the records that are in the topic.
        - After a restart of the connector with its tasks, new calls arrive and none comes twice.
        - The connector has logged no warning and no error.
        - Values of a config provider (`${env:...}`) are validated: the right ones pass, a wrong secret is refused.
          Connect 4.4 keeps the reason to itself and says that `the value resolved from the config provider
          reference failed validation`.

        `mvn -Pslow verify` does the same at the two ends: the oldest Connect on JDK 17, the newest on the newest JDK
        of the machine.
        """);
    try {
      Files.writeString(PAGE, page, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Could not write " + PAGE, e);
    }
  }
}
