package io.callrecords.connect.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.callrecords.connect.GoldenFile;
import io.callrecords.connect.process.MonitoringFiles.Alert;
import io.callrecords.connect.process.MonitoringFiles.Export;
import io.callrecords.connect.process.MonitoringFiles.Mapping;
import io.callrecords.connect.process.MonitoringFiles.Panel;
import io.callrecords.connect.process.MonitoringFiles.PanelQuery;
import io.callrecords.connect.process.MonitoringFiles.RecordingRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the exporter's rules to the metrics, and dashboard and alerts to what is exported. */
class MonitoringFilesTest {
  private static final String BEGIN = "<!-- The table is made from the files. -->\n";
  private static final String END = "<!-- End of the table. -->\n";
  private static final Pattern ATTRIBUTE = Pattern.compile("type=plugins,.*><>([a-z-]+):");
  private static final Set<String> OF_THE_WORKER =
      Set.of(
          "kafka_connect_task_status",
          "kafka_connect_connector_status",
          "kafka_connect_source_record_write_total",
          "kafka_connect_source_record_active_count",
          "kafka_connect_records_skipped_total",
          "call_records_connector");

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
      Path page = Path.of("docs").resolve(runbook[0]);
      assertThat(headings(page)).as(alert.name()).contains(runbook[1]);
    }
    assertThat(MonitoringFiles.runbooks()).startsWith("https://").doesNotEndWith("/");
  }

  @Test
  void strimzisMetricsGetTheNamesOfTheExporter() {
    Set<String> names =
        MonitoringFiles.recordings().stream()
            .map(RecordingRule::metric)
            .collect(Collectors.toSet());
    assertThat(names).isEqualTo(exported);
    assertThat(strimzi()).containsOnlyKeys(metrics().keySet());
  }

  @Test
  void openTelemetryHasEachMetricByItsKindAndPrometheusByTheNameOfTheExporter() {
    List<String> found = new ArrayList<>();
    for (Mapping mapping : MonitoringFiles.mappings()) {
      if (mapping.bean().contains("type=plugins,")) {
        found.add(mapping.attribute() + " " + mapping.type());
      }
      assertThat(exported).as("%s", mapping).contains(mapping.inPrometheus());
    }
    assertThat(found)
        .containsExactlyElementsOf(
            metrics().entrySet().stream()
                .map(metric -> metric.getKey() + " " + metric.getValue())
                .toList());
    Set<String> names =
        MonitoringFiles.mappings().stream().map(Mapping::inPrometheus).collect(Collectors.toSet());
    assertThat(names).isEqualTo(exported);
  }

  @Test
  void millisecondsBecomeSecondsInEachOfTheFiles() {
    for (Mapping mapping : MonitoringFiles.mappings()) {
      assertThat(mapping.sourceUnit())
          .as("%s", mapping)
          .isEqualTo(mapping.attribute().contains("-ms") ? "ms" : "");
    }
    for (RecordingRule recording : MonitoringFiles.recordings()) {
      assertThat(recording.expression().contains(" / 1000"))
          .as("%s", recording)
          .isEqualTo(recording.expression().contains("_ms"));
    }
    String exporter = MonitoringFiles.text(MonitoringFiles.exporter());
    for (String rule : exporter.split("  - pattern: ", -1)) {
      assertThat(rule.contains("valueFactor: 0.001")).as(rule).isEqualTo(rule.contains("-ms"));
    }
  }

  @Test
  void theTableOfNamesIsWhatTheFilesSay() throws IOException {
    Path page = Path.of("docs", "MONITORING.md");
    String text = Files.readString(page);
    int begin = text.indexOf(BEGIN) + BEGIN.length();
    String wanted = text.substring(0, begin) + names() + text.substring(text.indexOf(END));
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(page, wanted);
    }
    assertThat(page).hasContent(wanted);
  }

  private static String names() {
    Map<String, String> prometheus = new HashMap<>();
    Map<String, String> openTelemetry = new HashMap<>();
    for (Mapping mapping : MonitoringFiles.mappings()) {
      if (mapping.bean().contains("type=plugins,")) {
        String unit = mapping.unit().startsWith("{") ? "" : " in " + mapping.unit();
        prometheus.put(mapping.attribute(), mapping.inPrometheus());
        openTelemetry.put(mapping.attribute(), "`" + mapping.metric() + "`" + unit);
      }
    }
    Map<String, String> strimzi = strimzi();
    StringBuilder table = new StringBuilder();
    table.append("\n| metric | with the files of this folder | Strimzi's reporter itself |");
    table.append(" OpenTelemetry |\n|---|---|---|---|\n");
    for (String metric : metrics().keySet()) {
      table.append(
          "| `%s` | `%s` | `%s` | %s |\n"
              .formatted(
                  metric, prometheus.get(metric), strimzi.get(metric), openTelemetry.get(metric)));
    }
    return table.append('\n').toString();
  }

  /** All metrics of a task, each with its kind. */
  private static Map<String, String> metrics() {
    Map<String, String> all = new LinkedHashMap<>();
    GoldenFile.text("metrics/metrics.txt")
        .lines()
        .map(line -> line.split(" ", 3))
        .forEach(parts -> all.put(parts[0], parts[1]));
    return all;
  }

  /** What Strimzi's reporter makes of each metric, as far as a rule names it. */
  private static Map<String, String> strimzi() {
    Set<String> named = new HashSet<>();
    MonitoringFiles.recordings()
        .forEach(rule -> named.addAll(MonitoringFiles.metrics(rule.expression())));
    Map<String, String> all = new LinkedHashMap<>();
    for (String metric : metrics().keySet()) {
      String name = "kafka_connect_plugins_" + metric.replaceFirst("-total$", "").replace('-', '_');
      if (named.contains(name)) {
        all.put(metric, name);
      }
    }
    return all;
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
