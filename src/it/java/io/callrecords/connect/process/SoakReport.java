package io.callrecords.connect.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.callrecords.connect.process.SoakSample.Level;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.AppInfoParser;

/**
 * What a soak has measured, as a page for people.
 *
 * @param samples what was measured, in order
 * @param backlog how many calls were there at the start
 * @param calls how many calls the API had for the range in the end
 * @param megabytes how large the worker's heap could grow
 * @param requests how many requests the API was asked
 * @param faults how many of its answers went wrong
 */
record SoakReport(
    List<SoakSample> samples, int backlog, int calls, int megabytes, long requests, long faults) {
  private static final Path BASE = Path.of(System.getProperty("basedir", "")).toAbsolutePath();

  /** So long a process loads its classes and fills its pools. */
  private static final Duration WARM_UP = Duration.ofSeconds(30);

  private static final Duration BETWEEN_ROWS = Duration.ofSeconds(28);

  /**
   * How something went.
   *
   * @param level what it is
   * @param stretch from when to when
   * @param first what it was at first
   * @param last what it was at last
   */
  record Course(Level level, String stretch, double first, double last) {}

  /** Compares each life of the worker with the first, and the last one's end with its beginning. */
  List<Course> levels() {
    List<SoakSample> warm =
        samples.stream()
            .filter(sample -> sample.loading() && sample.age().compareTo(WARM_UP) >= 0)
            .toList();
    int lives = samples.get(samples.size() - 1).life();
    List<SoakSample> first = ofLife(warm, 0);
    List<SoakSample> last = ofLife(warm, lives);
    if (first.isEmpty() || last.size() < 10) {
      throw new AssertionError("Too few samples to compare: " + first.size() + ", " + last.size());
    }
    int tenth = Math.max(5, last.size() / 10);
    List<Course> courses = new ArrayList<>();
    for (Level level : Level.values()) {
      for (int life = 1; life <= lives; life++) {
        List<SoakSample> other = ofLife(warm, life);
        int size = Math.min(first.size(), other.size());
        if (size > 0) {
          String stretch = "process 1 and process " + (life + 1) + ", at the same age";
          courses.add(
              new Course(
                  level,
                  stretch,
                  level.of(first.subList(0, size)),
                  level.of(other.subList(0, size))));
        }
      }
      courses.add(
          new Course(
              level,
              "first and last tenth of process " + (lives + 1),
              level.of(last.subList(0, tenth)),
              level.of(last.subList(last.size() - tenth, last.size()))));
    }
    return courses;
  }

  private static List<SoakSample> ofLife(List<SoakSample> samples, int life) {
    return samples.stream().filter(sample -> sample.life() == life).toList();
  }

  /** Writes the page and its picture into {@code target/soak}, whatever they show. */
  void write() {
    write(BASE.resolve("target").resolve("soak"));
  }

  /** Writes the page and its picture into {@code docs/reports}. */
  void publish() {
    write(BASE.resolve("docs").resolve("reports"));
  }

  private void write(Path folder) {
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("SOAK.md"), page(), UTF_8);
      Files.writeString(folder.resolve("soak.svg"), SoakChart.of(samples, megabytes), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Could not write into " + folder, e);
    }
  }

  private String page() {
    StringBuilder page = new StringBuilder();
    SoakSample end = samples.get(samples.size() - 1);
    page.append(
        String.format(
            Locale.ROOT,
            """
            # A worker under load

            Written by `mvn -Psoak verify` on %s, with JDK %s and Kafka %s.

            A broker and a distributed worker with `-Xmx%dm`, each in its own process, and the packaged
            plugin: three tasks read a backlog of %,d calls and follow live ones, exactly-once. Of %,d
            answers, %,d went wrong (%.0f%%). The worker was restarted %d times, in turn by SIGKILL and as an
            operator does it. After %s the topic held %,d calls: those of the API, each once.

            ## What has to stay level

            | what | between | at first | at last | may rise by |
            |---|---|---|---|---|
            """,
            LocalDate.now(ZoneOffset.UTC),
            System.getProperty("java.version"),
            AppInfoParser.getVersion(),
            megabytes,
            backlog,
            requests,
            faults,
            100.0 * faults / requests,
            end.life(),
            minutes(end.at()),
            calls));
    for (Course course : levels()) {
      Level level = course.level();
      page.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %s | %s | %s |%n",
              level.title(),
              course.stretch(),
              level.show(course.first()),
              level.show(course.last()),
              level.show(level.tolerance())));
    }
    page.append(
        String.format(
            Locale.ROOT,
            """

            Each is a median. Only samples count that were taken while all tasks were reading the backlog
            (until nine tenths of it were there), and from %d s after the process had begun to serve on.
            The heap is measured after a full collection; what is left in it differs with the pages that
            are just being read.

            ## What was measured

            ![Heap, classes, threads and sockets over time](soak.svg)

            | time | calls in the topic | restarts | heap after GC, MiB | classes, MiB | threads | sockets |
            |---|---|---|---|---|---|---|
            """,
            WARM_UP.toSeconds()));
    rows().forEach(sample -> page.append(row(sample)).append('\n'));
    return page.toString().replace("\r", "");
  }

  /** Not all of them, but evenly, and the last. */
  private Stream<SoakSample> rows() {
    List<SoakSample> rows = new ArrayList<>();
    for (SoakSample sample : samples) {
      if (rows.isEmpty()
          || sample.at().minus(rows.get(rows.size() - 1).at()).compareTo(BETWEEN_ROWS) > 0) {
        rows.add(sample);
      }
    }
    SoakSample last = samples.get(samples.size() - 1);
    return Stream.concat(rows.stream().filter(row -> !row.equals(last)), Stream.of(last));
  }

  /** A sample as a row of the table. */
  static String row(SoakSample sample) {
    return String.format(
        Locale.ROOT,
        "| %s | %d | %d | %.1f | %.1f | %d | %d |",
        minutes(sample.at()),
        sample.calls(),
        sample.life(),
        Level.HEAP.of(sample),
        Level.METASPACE.of(sample),
        sample.reading().threads(),
        sample.reading().sockets());
  }

  private static String minutes(Duration time) {
    return String.format(Locale.ROOT, "%d:%02d", time.toMinutes(), time.toSecondsPart());
  }
}
