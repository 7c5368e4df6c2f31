package io.callrecords.connect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds what the packaged ZIP contains: what a worker needs and does not have, and no more. */
class PackagedPluginIT {
  private static final String NAME = "kafka-connect-call-records";
  private static final String VERSION = required("project.version");
  private static final String JAR = NAME + "-" + VERSION + ".jar";
  private static final Path BASE = Path.of(required("basedir"));

  /** The files of the ZIP, by their path inside its one directory. */
  private static Map<String, byte[]> files;

  @BeforeAll
  static void readZip() throws IOException {
    String root = "callrecords-" + NAME + "-" + VERSION + "/";
    files = new TreeMap<>();
    unzip(Files.newInputStream(Path.of(required("plugin.zip"))))
        .forEach(
            (path, bytes) -> {
              assertThat(path).startsWith(root);
              files.put(path.substring(root.length()), bytes);
            });
  }

  @Test
  void shipsTheJarsThatAreListed() throws IOException {
    Set<String> listed;
    try (Stream<String> lines = Files.lines(BASE.resolve("assembly/shipped-jars.txt"))) {
      listed =
          lines
              .filter(line -> !line.isBlank() && !line.startsWith("#"))
              .collect(Collectors.toCollection(TreeSet::new));
    }
    listed.add(JAR);

    assertThat(under("lib/")).containsExactlyElementsOf(listed);
  }

  @Test
  void shipsNothingThatTheWorkerProvides() throws IOException {
    for (String jar : under("lib/")) {
      assertThat(unzip(files.get("lib/" + jar)).keySet())
          .as(jar)
          .noneMatch(path -> path.startsWith("org/apache/kafka/"))
          .noneMatch(path -> path.startsWith("org/slf4j/"))
          .noneMatch(path -> path.startsWith("com/fasterxml/jackson/databind/"));
    }
  }

  @Test
  void namesTheConnectorToTheServiceLoader() throws IOException {
    Map<String, byte[]> jar = unzip(files.get("lib/" + JAR));
    String service = "META-INF/services/org.apache.kafka.connect.source.SourceConnector";
    String connector = "io.callrecords.connect.CallRecordSourceConnector";

    assertThat(jar).containsKey(service);
    assertThat(text(jar.get(service)).strip()).isEqualTo(connector);
    assertThat(jar).containsKey(connector.replace('.', '/') + ".class");
  }

  @Test
  void carriesItsVersionAndLicenseInTheJar() throws IOException {
    Map<String, byte[]> jar = unzip(files.get("lib/" + JAR));
    Properties version = new Properties();
    version.load(new ByteArrayInputStream(jar.get("io/callrecords/connect/version.properties")));

    assertThat(version).containsExactly(Map.entry("version", VERSION));
    assertThat(jar).containsKeys("META-INF/LICENSE", "META-INF/NOTICE");
  }

  @Test
  void describesItselfInTheManifest() throws IOException {
    JsonNode manifest = new ObjectMapper().readTree(files.get("manifest.json"));

    assertThat(manifest.path("name").asText()).isEqualTo(NAME);
    assertThat(manifest.path("version").asText()).isEqualTo(VERSION);
    assertThat(manifest.path("owner").path("username").asText()).isEqualTo("callrecords");
    assertThat(manifest.path("component_types")).extracting(JsonNode::asText).contains("source");
    assertThat(text(files.get("manifest.json"))).doesNotContain("${");
  }

  @Test
  void bringsTheConfigurationFilesAsTheyAre() throws IOException {
    assertThat(under("etc/")).containsExactlyElementsOf(listed("config"));
    assertThat(under("etc/")).anyMatch(name -> name.endsWith(".json"));
    assertThat(under("etc/")).anyMatch(name -> name.endsWith(".properties"));
    for (String name : under("etc/")) {
      assertThat(files.get("etc/" + name))
          .as(name)
          .isEqualTo(Files.readAllBytes(BASE.resolve("config").resolve(name)));
    }
  }

  @Test
  void bringsItsDocumentation() throws IOException {
    assertThat(under("doc/"))
        .contains("README.md", "CHANGELOG.md", "LICENSE", "NOTICE")
        .containsAll(listed("docs").stream().map(name -> "docs/" + name).toList());
  }

  @Test
  void holdsNothingElse() {
    assertThat(files.keySet())
        .allMatch(path -> path.equals("manifest.json") || path.matches("(lib|doc|etc|assets)/.+"));
  }

  private static Set<String> under(String directory) {
    return files.keySet().stream()
        .filter(path -> path.startsWith(directory))
        .map(path -> path.substring(directory.length()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> listed(String directory) throws IOException {
    Path root = BASE.resolve(directory);
    try (Stream<Path> paths = Files.walk(root)) {
      return paths
          .filter(Files::isRegularFile)
          .map(path -> root.relativize(path).toString().replace('\\', '/'))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static Map<String, byte[]> unzip(byte[] archive) throws IOException {
    return unzip(new ByteArrayInputStream(archive));
  }

  private static Map<String, byte[]> unzip(InputStream archive) throws IOException {
    Map<String, byte[]> found = new TreeMap<>();
    try (ZipInputStream zip = new ZipInputStream(archive, UTF_8)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (!entry.isDirectory()) {
          found.put(entry.getName(), zip.readAllBytes());
        }
      }
    }
    return found;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }

  private static String required(String property) {
    String value = System.getProperty(property);
    assertThat(value).as("system property %s, which the build sets", property).isNotNull();
    return value;
  }
}
