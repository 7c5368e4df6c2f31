package io.callrecords.connect.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import io.callrecords.connect.GoldenFile;
import io.callrecords.connect.client.RequestCounts;
import io.callrecords.connect.loop.Invariants;
import io.callrecords.connect.metrics.TaskMetric;
import io.callrecords.connect.schedule.Progress;
import io.callrecords.connect.state.TaskCounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Holds the metrics to the golden file that dashboards and alerts rely on, and the table of {@code
 * docs/METRICS.md} to the metrics.
 *
 * <p>{@code mvn -q test -Dtest=MetricsReferenceTest -Ddocs.write=true} writes the table anew; the
 * golden file is changed by hand.
 */
class MetricsReferenceTest {
  private static final Path FILE = Path.of("docs", "METRICS.md");
  private static final String BEGIN = "<!-- The table is made from the metrics. -->\n";
  private static final String END = "<!-- End of the table. -->\n";

  private final List<TaskMetric> metrics =
      TaskMetric.of(
          mock(TaskCounts.class),
          mock(RequestCounts.class),
          mock(Progress.class),
          Invariants.counting());

  @Test
  void namesKindsAndUnitsAreTheOnesThatOthersRelyOn() {
    String found =
        metrics.stream()
            .map(metric -> metric.name() + " " + metric.kind().word() + " " + metric.unit() + "\n")
            .collect(Collectors.joining());
    assertThat(found).isEqualTo(GoldenFile.text("metrics/metrics.txt"));
  }

  @Test
  void theTableIsWhatTheMetricsSay() throws IOException {
    String text = Files.readString(FILE);
    int begin = text.indexOf(BEGIN) + BEGIN.length();
    int end = text.indexOf(END);
    String wanted = text.substring(0, begin) + table() + text.substring(end);
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(FILE, wanted);
    }
    assertThat(FILE).hasContent(wanted);
  }

  private String table() {
    StringBuilder table = new StringBuilder("\n| metric | kind | unit | what it tells |\n");
    table.append("|---|---|---|---|\n");
    for (TaskMetric metric : metrics) {
      table.append(
          "| `%s` | %s | %s | %s |\n"
              .formatted(metric.name(), metric.kind().word(), metric.unit(), metric.description()));
    }
    return table.append('\n').toString();
  }
}
