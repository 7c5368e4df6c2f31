package io.callrecords.connect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import kafka.server.KafkaConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.connect.runtime.SourceConnectorConfig;
import org.apache.kafka.connect.runtime.distributed.DistributedConfig;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Holds the files in {@code config/deploy} to the ZIP that they lie in, to the settings that there
 * are, and to each other. No container is started.
 */
class DeployFilesIT {
  private static final Path FOLDER = Path.of(System.getProperty("basedir", ""), "config", "deploy");

  /** With which settings of the producers begin that a worker gives to its tasks. */
  private static final String PRODUCER = "producer.";

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{env:([A-Z_]+)}");
  private static final Set<String> INSTRUCTIONS =
      Set.of("ARG", "FROM", "COPY", "ENV", "EXPOSE", "CMD");
  private static final Set<String> SERVICE_KEYS =
      Set.of(
          "image",
          "build",
          "command",
          "depends_on",
          "environment",
          "healthcheck",
          "hostname",
          "network_mode",
          "ports",
          "profiles",
          "restart",
          "volumes",
          "working_dir");

  /**
   * The files of the ZIP, by their path inside its one folder, which is where an image is built.
   */
  private static Set<String> files;

  @BeforeAll
  static void listFiles() throws IOException {
    try (ZipFile zip = new ZipFile(System.getProperty("plugin.zip"))) {
      files =
          zip.stream()
              .filter(entry -> !entry.isDirectory())
              .map(entry -> entry.getName().replaceFirst("^[^/]+/", ""))
              .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** An instruction of the Dockerfile and what follows it. */
  private record Instruction(String name, String arguments) {}

  private static List<Instruction> dockerfile() throws IOException {
    return Files.readString(FOLDER.resolve("Dockerfile"))
        .replaceAll("(?m)^#.*\n", "")
        .replace("\\\n", " ")
        .lines()
        .filter(line -> !line.isBlank())
        .map(line -> line.strip().split("\\s+", 2))
        .map(parts -> new Instruction(parts[0], parts[1]))
        .toList();
  }

  private static List<String> arguments(String instruction) throws IOException {
    return dockerfile().stream()
        .filter(line -> line.name().equals(instruction))
        .map(Instruction::arguments)
        .toList();
  }

  @Test
  void theDockerfileHasOneImageAndOneCommand() throws IOException {
    assertThat(dockerfile()).allMatch(line -> INSTRUCTIONS.contains(line.name()));
    assertThat(arguments("FROM")).containsExactly("apache/kafka:${KAFKA_VERSION}");
    assertThat(arguments("ARG")).containsExactly("KAFKA_VERSION=" + newestKafka());
    assertThat(arguments("CMD")).hasSize(1);
    assertThat(json(arguments("CMD").get(0)).isArray()).isTrue();
  }

  /** The newest release of those that the plugin is tried in. */
  private static String newestKafka() {
    return Stream.of(System.getProperty("kafka.others").split(",", -1))
        .max(Comparator.comparing(Version::parse))
        .orElseThrow();
  }

  @Test
  void theDockerfileCopiesWhatTheZipHas() throws IOException {
    for (String copy : arguments("COPY")) {
      List<String> paths = List.of(copy.split("\\s+", -1));
      assertThat(paths).as(copy).hasSizeGreaterThan(1);
      String target = paths.get(paths.size() - 1);
      assertThat(target).startsWith("/opt/connect/");
      for (String source : paths.subList(0, paths.size() - 1)) {
        if (source.endsWith("/")) {
          assertThat(target).as(copy).endsWith("/" + source);
          assertThat(files).as(copy).anyMatch(file -> file.startsWith(source));
        } else {
          assertThat(files).as(copy).contains(source);
        }
      }
      // Several files go into a folder, which the slash says.
      assertThat(paths.size() == 2 || target.endsWith("/")).as(copy).isTrue();
    }
  }

  @Test
  void theImageStartsAWorkerThatFindsThePlugin() throws IOException {
    String plugins = worker().getProperty("plugin.path") + "/";
    JsonNode command = json(arguments("CMD").get(0));

    assertThat(arguments("COPY")).anyMatch(copy -> copy.matches("lib/ " + plugins + "[^/]+/lib/"));
    assertThat(files)
        .contains(
            "lib/kafka-connect-call-records-" + System.getProperty("project.version") + ".jar");
    assertThat(command).hasSize(2);
    assertThat(command.get(0).asText()).isEqualTo("/opt/kafka/bin/connect-distributed.sh");
    assertThat(arguments("COPY"))
        .contains("etc/deploy/connect-distributed.properties " + command.get(1).asText());
    assertThat(arguments("EXPOSE"))
        .allMatch(port -> worker().getProperty("listeners").endsWith(":" + port));
  }

  @Test
  void theWorkersSettingsAreOnesOfAWorker() {
    Map<String, String> settings = new HashMap<>();
    worker().stringPropertyNames().forEach(key -> settings.put(key, worker().getProperty(key)));
    Set<String> unknown = new TreeSet<>(settings.keySet());
    unknown.removeAll(new DistributedConfig(settings).values().keySet());
    unknown.removeIf(
        key -> key.matches("(config\\.providers|key\\.converter|value\\.converter)\\..+"));
    unknown.removeIf(
        key ->
            key.startsWith(PRODUCER)
                && ProducerConfig.configNames().contains(key.substring(PRODUCER.length())));

    assertThat(unknown).isEmpty();
  }

  /** What the default holds up does so in each worker. */
  @Test
  void allWorkersSendBatchesOfTheSameSize() throws IOException {
    String key = PRODUCER + ProducerConfig.BATCH_SIZE_CONFIG;
    String size = worker().getProperty(key);

    for (String file : List.of("connect-distributed.properties", "connect-standalone.properties")) {
      assertThat(properties(FOLDER.resolveSibling(file)).getProperty(key)).as(file).isEqualTo(size);
    }
    assertThat(yaml("strimzi/kafka-connect.yaml").at("/spec/config").path(key).asText())
        .isEqualTo(size);
    assertThat(Files.readString(FOLDER.resolve("../../docs/SIZING.md")))
        .contains("`" + key + "=" + size + "`");
  }

  /** A variable that is missing would stand in the setting as the reference to it. */
  @Test
  void eachVariableThatIsReadIsAllowedAndSet() throws IOException {
    Properties worker = worker();
    Set<String> read =
        variables(Files.readString(FOLDER.resolve("connect-distributed.properties")));
    read.addAll(variables(Files.readString(FOLDER.resolve("call-records.json"))));
    Pattern allowed =
        Pattern.compile(worker.getProperty("config.providers.env.param.allowlist.pattern"));

    Set<String> set = new TreeSet<>();
    compose().at("/services/connect/environment").fieldNames().forEachRemaining(set::add);

    assertThat(read).isNotEmpty().allMatch(name -> allowed.matcher(name).matches());
    assertThat(set).isEqualTo(read);
    assertThat(arguments("ENV")).allMatch(line -> read.contains(line.split("=", 2)[0]));
  }

  private static Set<String> variables(String text) {
    return VARIABLE
        .matcher(text)
        .results()
        .map((MatchResult found) -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void theServicesReferToEachOtherAndToWhatIsThere() throws IOException {
    JsonNode compose = compose();
    assertThat(names(compose)).containsExactlyInAnyOrder("name", "services", "volumes");
    Set<String> services = names(compose.path("services"));
    Set<String> volumes = new TreeSet<>();
    for (JsonNode service : compose.path("services")) {
      assertThat(SERVICE_KEYS).containsAll(names(service));
      assertThat(service.has("image")).isNotEqualTo(service.has("build"));
      assertThat(services).containsAll(names(service.path("depends_on")));
      service.path("ports").forEach(port -> assertThat(port.asText()).startsWith("127.0.0.1:"));
      for (JsonNode volume : service.path("volumes")) {
        String source = volume.asText().replaceFirst(":/[^:]*$", "");
        if (!source.startsWith("$")) {
          volumes.add(source);
        }
      }
    }
    assertThat(names(compose.path("volumes"))).isEqualTo(volumes);
    assertThat(compose.at("/services/simulator/network_mode").asText())
        .isEqualTo("service:connect");
    assertThat(compose.at("/services/kafka/image").asText())
        .isEqualTo("apache/kafka:" + newestKafka());
  }

  @Test
  void theImageIsBuiltWhereTheZipWasUnpacked() throws IOException {
    JsonNode build = compose().at("/services/connect/build");
    Path here = Path.of("etc", "deploy");

    assertThat(here.resolve(build.path("context").asText()).normalize()).isEqualTo(Path.of(""));
    assertThat(files).contains(build.path("dockerfile").asText(), "etc/deploy/compose.yaml");
  }

  /** Kafka's image makes a setting of each variable that begins with KAFKA_. */
  @Test
  void theBrokersSettingsAreOnesOfABroker() throws IOException {
    JsonNode environment = compose().at("/services/kafka/environment");
    Map<String, String> settings = new HashMap<>();
    for (Map.Entry<String, JsonNode> variable : environment.properties()) {
      String value = variable.getValue().asText();
      if (variable.getKey().equals("CLUSTER_ID")) {
        assertThat(Uuid.fromString(value).toString()).isEqualTo(value);
      } else {
        assertThat(variable.getKey()).startsWith("KAFKA_");
        String name = variable.getKey().substring("KAFKA_".length());
        settings.put(name.toLowerCase(Locale.ROOT).replace('_', '.'), value);
      }
    }

    assertThat(KafkaConfig.configDef().names()).containsAll(settings.keySet());
    assertThat(new KafkaConfig(settings).nodeId()).isEqualTo(1);
    assertThat(
            compose().at("/services/connect/environment/CALL_RECORDS_BOOTSTRAP_SERVERS").asText())
        .isEqualTo(settings.get("advertised.listeners").replaceAll("INSIDE://([^,]+),.*", "$1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"call-records.json", "strimzi/kafka-connector.yaml"})
  void theConnectorsSettingsAreOnesThatThereAre(String file) throws IOException {
    JsonNode content = yaml(file);
    Map<String, String> settings = new TreeMap<>();
    JsonNode config = content.has("spec") ? content.at("/spec/config") : content.path("config");
    config.properties().forEach(entry -> settings.put(entry.getKey(), entry.getValue().asText()));
    settings.putIfAbsent("connector.class", content.at("/spec/class").asText());

    assertThat(settings.get("connector.class"))
        .isEqualTo(CallRecordSourceConnector.class.getName());
    Set<String> unknown = new TreeSet<>(settings.keySet());
    unknown.removeAll(new CallRecordSourceConnector().config().names());
    unknown.removeAll(SourceConnectorConfig.configDef().names());
    unknown.removeIf(key -> key.startsWith("topic.creation.default."));
    assertThat(unknown).isEmpty();
    List<String> errors = new ArrayList<>();
    // As a config provider leaves them.
    settings.replaceAll((key, value) -> VARIABLE.matcher(value).replaceAll("value"));
    new CallRecordSourceConnector()
        .config()
        .validate(settings)
        .forEach(value -> errors.addAll(value.errorMessages()));
    assertThat(errors).isEmpty();
    assertThat(settings.get("topic.creation.default.replication.factor")).isEqualTo("-1");
  }

  /** The example of a worker and the one in a container are the same but for what is said here. */
  @Test
  void theWorkerIsTheExampleButForItsPlace() throws IOException {
    Properties example = properties(FOLDER.resolveSibling("connect-distributed.properties"));
    Properties worker = worker();
    for (String key : example.stringPropertyNames()) {
      if (!Set.of("bootstrap.servers", "plugin.path", "listeners").contains(key)
          && !key.endsWith(".replication.factor")) {
        assertThat(worker.getProperty(key)).as(key).isEqualTo(example.getProperty(key));
      }
    }
    assertThat(worker.stringPropertyNames()).containsAll(example.stringPropertyNames());
  }

  private static Properties worker() {
    return properties(FOLDER.resolve("connect-distributed.properties"));
  }

  private static Properties properties(Path file) {
    Properties properties = new Properties();
    try (InputStream in = Files.newInputStream(file)) {
      properties.load(in);
    } catch (IOException e) {
      throw new IllegalStateException("Could not read " + file, e);
    }
    return properties;
  }

  private static JsonNode compose() throws IOException {
    return yaml("compose.yaml");
  }

  private static JsonNode yaml(String file) throws IOException {
    return new ObjectMapper(new YAMLFactory()).readTree(FOLDER.resolve(file).toFile());
  }

  private static JsonNode json(String text) throws IOException {
    return new ObjectMapper().readTree(text);
  }

  private static Set<String> names(JsonNode object) {
    Set<String> names = new TreeSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
