package io.callrecords.connect.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.callrecords.connect.GoldenFile;
import io.callrecords.connect.process.MonitoringFiles.Alert;
import io.callrecords.connect.process.MonitoringFiles.Export;
import io.callrecords.connect.process.MonitoringFiles.Panel;
import io.callrecords.connect.process.MonitoringFiles.PanelQuery;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the exporter's rules to the metrics, and dashboard and alerts to what is exported. */
class MonitoringFilesTest {
  private static final Pattern ATTRIBUTE = Pattern.compile("type=plugins,.*><>([a-z-]+):");
  private static final Set<String> OF_THE_WORKER =
      Set.of("kafka_connect_task_status", "call_records_connector");

  private final Set<String> exported =
      MonitoringFiles.exports().stream().map(Export::metric).collect(Collectors.toSet());

  @Test
  void eachMetricIsExportedOnceWithItsKind() {
    List<String> found = new ArrayList<>();
    for (Export export : MonitoringFiles.exports()) {
      Matcher attribute = ATTRIBUTE.matcher(export.pattern());
      if (attribute.find()) {
        found.add(attribute.group(1) + " " + export.type().toLowerCase(Locale.ROOT));
      } else {
        assertThat(OF_THE_WORKER).contains(export.metric());
      }
    }
    assertThat(found)
        .containsExactlyElementsOf(
            GoldenFile.text("metrics/metrics.txt")
                .lines()
                .map(line -> line.split(" ", 3))
                .map(parts -> parts[0] + " " + parts[1])
                .toList());
  }

  @Test
  void countersAloneEndInTotalAndNothingIsInMilliseconds() {
    for (Export export : MonitoringFiles.exports()) {
      assertThat(export.metric()).matches("[a-z_]+").doesNotContain("_ms");
      assertThat(export.metric().endsWith("_total"))
          .as("%s ends in _total", export)
          .isEqualTo(export.type().equals("COUNTER"));
    }
  }

  @Test
  void theDashboardShowsMetricsThatAreExported() {
    Set<String> titles = new HashSet<>();
    for (Panel panel : MonitoringFiles.panels()) {
      assertThat(titles.add(panel.title())).as("%s comes once", panel.title()).isTrue();
      assertThat(panel.queries()).as(panel.title()).isNotEmpty();
      for (PanelQuery query : panel.queries()) {
        expectExported(panel.title(), query.expression());
        assertThat(query.expression()).contains("{connector=~\"$connector\"}");
      }
    }
    for (JsonNode variable : MonitoringFiles.dashboard().path("templating").path("list")) {
      if (variable.path("type").asText().equals("query")) {
        expectExported("variable", variable.path("definition").asText());
      }
    }
  }

  @Test
  void theAlertsLookAtMetricsThatAreExportedAndLinkToAdvice() {
    for (Alert alert : MonitoringFiles.alerts()) {
      expectExported(alert.name(), alert.expression());
      JsonNode annotations = alert.content().path("annotations");
      assertThat(annotations.path("summary").asText()).as(alert.name()).isNotBlank();
      assertThat(annotations.path("description").asText()).as(alert.name()).isNotBlank();
      String[] runbook = alert.runbook().split("#", 2);
      assertThat(headings(Path.of(runbook[0]))).as(alert.name()).contains(runbook[1]);
    }
  }

  @Test
  void allDurationsOfTheAlertsAreInMinutes() {
    Pattern duration = Pattern.compile("(?:for: |offset |\\[)(\\d\\w*)");
    List<String> found =
        duration
            .matcher(MonitoringFiles.text(MonitoringFiles.rules()))
            .results()
            .map(match -> match.group(1))
            .toList();
    assertThat(found).isNotEmpty().allMatch(text -> text.matches("\\d+m"));
    assertThat(MonitoringFiles.hastyRules()).doesNotContainPattern("\\b\\d+m\\b");
  }

  @Test
  void thePageOnMonitoringNamesEachAlert() {
    String page = MonitoringFiles.text(Path.of("docs", "MONITORING.md"));
    assertThat(MonitoringFiles.alerts())
        .allSatisfy(alert -> assertThat(page).contains("| `" + alert.name() + "` |"));
  }

  private void expectExported(String where, String expression) {
    Set<String> metrics = MonitoringFiles.metrics(expression);
    assertThat(metrics).as(where).isNotEmpty();
    assertThat(exported).as(where).containsAll(metrics);
  }

  private static Set<String> headings(Path page) {
    assertThat(Files.exists(page)).as("%s exists", page).isTrue();
    try (Stream<String> lines = MonitoringFiles.text(page).lines()) {
      return lines
          .filter(line -> line.startsWith("#"))
          .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
          .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
          .collect(Collectors.toSet());
    }
  }
}
