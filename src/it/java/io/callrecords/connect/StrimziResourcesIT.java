package io.callrecords.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Reads the resources in {@code config/deploy/strimzi} with Strimzi's own model of them. */
@Tag("slow")
class StrimziResourcesIT {
  private static final Path FOLDER =
      Path.of(System.getProperty("basedir", ""), "config", "deploy", "strimzi");

  private static final String CONNECT = "io.strimzi.api.kafka.model.connect.KafkaConnect";
  private static final String CONNECTOR = "io.strimzi.api.kafka.model.connector.KafkaConnector";

  /** What resources of v1 say by fields of their own. */
  private static final List<String> FIELDS_OF_V1 =
      List.of("group.id", "config.storage.topic", "offset.storage.topic", "status.storage.topic");

  private static URLClassLoader model;

  @BeforeAll
  static void loadModel() throws IOException {
    try (Stream<Path> jars = Files.list(Path.of(System.getProperty("strimzi.libs")))) {
      URL[] urls =
          jars.filter(jar -> jar.toString().endsWith(".jar"))
              .map(StrimziResourcesIT::url)
              .toArray(URL[]::new);
      model = new URLClassLoader(urls, StrimziResourcesIT.class.getClassLoader());
    }
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @AfterAll
  static void unloadModel() throws IOException {
    model.close();
  }

  @Test
  void theWorkersAreOnesOfTheModel() throws Exception {
    JsonNode spec = read("kafka-connect.yaml", CONNECT).path("spec");

    for (String required :
        List.of(
            "replicas",
            "bootstrapServers",
            "groupId",
            "configStorageTopic",
            "offsetStorageTopic",
            "statusStorageTopic")) {
      assertThat(spec.path(required).asText()).as(required).isNotBlank();
    }
    assertThat(spec.at("/build/plugins/0/artifacts/0/type").asText()).isEqualTo("zip");
    assertThat(spec.at("/template/connectContainer/env")).hasSize(2);
  }

  @Test
  void theWorkersSetNothingThatStrimziKeepsToItself() throws Exception {
    Class<?> type = Class.forName(CONNECT + "Spec", true, model);
    String forbidden = (String) type.getField("FORBIDDEN_PREFIXES").get(null);
    List<String> prefixes = List.of(forbidden.split(", ", -1));
    assertThat(prefixes).contains("plugin.path");

    for (Map.Entry<String, JsonNode> setting :
        read("kafka-connect.yaml", CONNECT).at("/spec/config").properties()) {
      String key = setting.getKey();
      assertThat(prefixes).as(key).noneMatch(key::startsWith);
      assertThat(FIELDS_OF_V1).doesNotContain(key);
    }
  }

  @Test
  void theConnectorIsOneOfTheModelAndOfTheseWorkers() throws Exception {
    JsonNode connector = read("kafka-connector.yaml", CONNECTOR);
    JsonNode workers = read("kafka-connect.yaml", CONNECT);

    assertThat(connector.at("/spec/class").asText())
        .isEqualTo(CallRecordSourceConnector.class.getName());
    assertThat(connector.at("/metadata/labels/strimzi.io~1cluster"))
        .isEqualTo(workers.at("/metadata/name"));
    assertThat(workers.at("/metadata/annotations/strimzi.io~1use-connector-resources").asText())
        .isEqualTo("true");
  }

  @Test
  void aFieldThatTheModelDoesNotHaveIsFound() throws Exception {
    String text = Files.readString(FOLDER.resolve("kafka-connector.yaml"));
    Class<?> type = Class.forName(CONNECTOR, true, model);

    assertThatThrownBy(() -> strict().readValue(text.replace("tasksMax", "maxTasks"), type))
        .hasMessageContaining("maxTasks");
  }

  /** Reads a file into the model, where a field that is not of the model is an error. */
  private static JsonNode read(String file, String type) throws Exception {
    String text = Files.readString(FOLDER.resolve(file));
    JsonNode written = strict().readTree(text);
    assertThat(written.path("apiVersion").asText()).isEqualTo("kafka.strimzi.io/v1");
    Object resource = strict().readValue(text, Class.forName(type, true, model));
    JsonNode read = strict().valueToTree(resource);
    assertThat(read.path("spec").isObject()).isTrue();
    return written;
  }

  private static ObjectMapper strict() {
    return new ObjectMapper(new YAMLFactory())
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .setAnnotationIntrospector(new UnknownFieldRefusal());
  }

  /** Leaves out that the model keeps fields that it does not know. */
  private static final class UnknownFieldRefusal extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1;

    @Override
    public Boolean hasAnySetter(Annotated annotated) {
      return Boolean.FALSE;
    }
  }
}
