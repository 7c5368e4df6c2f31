package io.callrecords.connect.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The files for monitoring that the project ships, {@code config/monitoring}, in parts. */
final class MonitoringFiles {
  private static final Path FOLDER =
      Path.of(System.getProperty("basedir", ""), "config", "monitoring").toAbsolutePath();

  /** Looks up the address of all pages, which stands in one place. */
  private static final String BASE =
      "{{ with query \"call_records_runbooks\" }}{{ . | first | label \"url\" }}{{ end }}/";

  private static final YAMLMapper YAML = new YAMLMapper();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern METRIC = Pattern.compile("(?:call_records|kafka_connect)_[a-z_]+");
  private static final Pattern SELECTOR = Pattern.compile(METRIC + "(?:\\{[^}]*})?");
  private static final Pattern MINUTES = Pattern.compile("\\b(\\d+)m\\b");

  private MonitoringFiles() {}

  /**
   * A rule of the exporter.
   *
   * @param pattern finds an attribute of an MBean
   * @param metric what it becomes
   * @param type counter or gauge, in capitals
   */
  record Export(String pattern, String metric, String type) {}

  /**
   * An alert.
   *
   * @param name its name
   * @param expression fires where it has a result
   * @param runbook the page and heading that it links to, below the address of all pages
   * @param content all that the file says of it
   */
  record Alert(String name, String expression, String runbook, JsonNode content) {}

  /**
   * A rule that gives a metric another name.
   *
   * @param metric the name that it gets
   * @param expression what is named so
   */
  record RecordingRule(String metric, String expression) {}

  /**
   * What OpenTelemetry makes of an attribute.
   *
   * @param bean the MBeans that have it
   * @param attribute its name
   * @param metric what it becomes there
   * @param type counter, gauge or state
   * @param sourceUnit the attribute's own unit, where it is another one
   * @param unit by UCUM
   */
  record Mapping(
      String bean, String attribute, String metric, String type, String sourceUnit, String unit) {
    /** The name that Prometheus gives it. */
    String inPrometheus() {
      String suffix =
          switch (unit) {
            case "s" -> "_seconds";
            case "d" -> "_days";
            default -> "";
          };
      return metric.replace('.', '_') + suffix + (type.equals("counter") ? "_total" : "");
    }
  }

  /**
   * A query of the dashboard.
   *
   * @param expression PromQL with the dashboard's variables
   * @param legend names a series, with its labels in double braces
   */
  record PanelQuery(String expression, String legend) {
    /** The query as Grafana sends it. */
    String of(String connectors, String interval) {
      return expression.replace("$connector", connectors).replace("$__rate_interval", interval);
    }
  }

  /**
   * A panel of the dashboard.
   *
   * @param title its title
   * @param unit Grafana's name of the unit
   * @param queries what it shows
   */
  record Panel(String title, String unit, List<PanelQuery> queries) {}

  static Path exporter() {
    return FOLDER.resolve("jmx-exporter.yml");
  }

  static Path rules() {
    return FOLDER.resolve("alerts.yml");
  }

  static Path scraping() {
    return FOLDER.resolve("prometheus.yml");
  }

  static Path strimzi() {
    return FOLDER.resolve("strimzi.yml");
  }

  static Path openTelemetry() {
    return FOLDER.resolve("opentelemetry.yml");
  }

  static JsonNode dashboard() {
    return parse(JSON, FOLDER.resolve("dashboard.json"));
  }

  static List<Export> exports() {
    return list(
        parse(YAML, exporter()).path("rules"),
        rule ->
            new Export(
                rule.path("pattern").asText(),
                rule.path("name").asText(),
                rule.path("type").asText()));
  }

  /** The names that {@code strimzi.yml} gives. */
  static List<RecordingRule> recordings() {
    return recordings(strimzi());
  }

  private static List<RecordingRule> recordings(Path file) {
    return list(
        parse(YAML, file).path("groups").path(0).path("rules"),
        rule -> new RecordingRule(rule.path("record").asText(), rule.path("expr").asText()));
  }

  static List<Mapping> mappings() {
    List<Mapping> all = new ArrayList<>();
    for (JsonNode rule : parse(YAML, openTelemetry()).path("rules")) {
      rule.path("mapping")
          .properties()
          .forEach(
              mapping ->
                  all.add(
                      new Mapping(
                          rule.path("bean").asText(),
                          mapping.getKey(),
                          rule.path("prefix").asText() + mapping.getValue().path("metric").asText(),
                          mapping.getValue().path("type").asText(),
                          mapping.getValue().path("sourceUnit").asText(),
                          mapping.getValue().path("unit").asText())));
    }
    return all;
  }

  /** The address that links to runbooks begin with: the one that users set. */
  static String runbooks() {
    JsonNode base = parse(YAML, rules()).path("groups").path(0).path("rules").path(0);
    return base.path("labels").path("url").asText();
  }

  static List<Alert> alerts() {
    return list(
            parse(YAML, rules()).path("groups").path(0).path("rules"),
            rule ->
                new Alert(
                    rule.path("alert").asText(),
                    rule.path("expr").asText(),
                    rule.path("annotations").path("runbook_url").asText().replace(BASE, ""),
                    rule))
        .stream()
        .filter(alert -> !alert.name().isEmpty())
        .toList();
  }

  static List<Panel> panels() {
    return list(
        dashboard().path("panels"),
        panel ->
            new Panel(
                panel.path("title").asText(),
                panel.path("fieldConfig").path("defaults").path("unit").asText(),
                list(
                    panel.path("targets"),
                    target ->
                        new PanelQuery(
                            target.path("expr").asText(), target.path("legendFormat").asText()))));
  }

  /** The metrics that an expression names. */
  static Set<String> metrics(String expression) {
    return found(METRIC, expression);
  }

  /** The metrics that an expression names, with the labels that it asks for. */
  static Set<String> selectors(String expression) {
    return found(SELECTOR, expression);
  }

  private static Set<String> found(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The alert rules with a second for each minute, so that a test need not wait for hours. */
  static String hastyRules() {
    return MINUTES.matcher(text(rules())).replaceAll("$1s");
  }

  /**
   * The example of a Prometheus configuration, hasty too.
   *
   * @param target host and port of the one worker that is scraped
   */
  static String hastyScraping(String target) {
    return text(scraping())
        .replaceAll("_interval: \\d+s", "_interval: 1s")
        .replaceAll("targets: \\[.*]", "targets: [\"" + target + "\"]");
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("Could not read " + file, e);
    }
  }

  private static JsonNode parse(ObjectMapper mapper, Path file) {
    try {
      return mapper.readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException("Could not read " + file, e);
    }
  }

  private static <T> List<T> list(JsonNode array, Function<JsonNode, T> part) {
    Stream<JsonNode> all = StreamSupport.stream(array.spliterator(), false);
    return all.map(part).toList();
  }
}
