package io.callrecords.connect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import javax.imageio.ImageIO;
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

  /** The date that its files bear. */
  private static LocalDate date;

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
    try (ZipFile zip = new ZipFile(required("plugin.zip"))) {
      List<LocalDate> dates =
          zip.stream().map(entry -> entry.getTimeLocal().toLocalDate()).distinct().toList();
      assertThat(dates).hasSize(1);
      date = dates.get(0);
    }
  }

  /** What a repository serves under the same name may be another file one day. */
  @Test
  void shipsTheJarsThatAreListedByteForByte() throws IOException {
    Map<String, String> listed;
    try (Stream<String> lines = Files.lines(BASE.resolve("assembly/shipped-jars.txt"))) {
      listed =
          lines
              .filter(line -> !line.isBlank() && !line.startsWith("#"))
              .map(line -> line.split("  ", 2))
              .collect(Collectors.toMap(parts -> parts[1], parts -> parts[0]));
    }
    Map<String, String> shipped = new TreeMap<>();
    for (String jar : libraries()) {
      shipped.put(jar, sha256(files.get("lib/" + jar)));
    }

    assertThat(shipped).isEqualTo(listed);
    assertThat(under("lib/")).contains(JAR);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Each Java platform has SHA-256", e);
    }
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
    JsonNode manifest = json("manifest.json");

    assertThat(manifest.path("name").asText()).isEqualTo(NAME);
    assertThat(manifest.path("version").asText()).isEqualTo(VERSION);
    assertThat(manifest.path("owner").path("username").asText()).isEqualTo("callrecords");
    assertThat(manifest.path("component_types")).extracting(JsonNode::asText).contains("source");
    assertThat(manifest.path("release_date").asText()).isEqualTo(date.toString());
    assertThat(manifest.path("features"))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {
                      "supported_encodings": ["any"],
                      "single_message_transforms": true,
                      "confluent_control_center_integration": true,
                      "kafka_connect_api": true,
                      "delivery_guarantee": ["at_least_once", "exactly_once"]
                    }
                    """));
    for (String field : List.of("title", "description", "tags", "license", "support", "logo")) {
      assertThat(manifest.path(field).isEmpty() && manifest.path(field).asText().isEmpty())
          .as("%s is missing", field)
          .isFalse();
    }
    assertThat(text(files.get("manifest.json"))).doesNotContain("${");
  }

  @Test
  void namesOnlyFilesInTheManifestThatAreThere() {
    Matcher named =
        Pattern.compile("\\b(assets|doc|etc|lib)/[\\w./-]*\\w")
            .matcher(text(files.get("manifest.json")));
    int count = 0;
    while (named.find()) {
      count++;
      assertThat(files).containsKey(named.group());
    }
    assertThat(count).isPositive();
  }

  @Test
  void requiresWhatItWasBuiltForAndProvenOn() throws IOException {
    byte[] connector =
        unzip(files.get("lib/" + JAR))
            .get("io/callrecords/connect/CallRecordSourceConnector.class");
    // The format of class files counts from Java 1 on as 45.
    int java = connector[7] - 44;
    Matcher oldest =
        Pattern.compile("\\|---\\|\n\\| (\\d+\\.\\d+)\\.")
            .matcher(text(files.get("doc/docs/COMPATIBILITY.md")));
    assertThat(oldest.find()).isTrue();

    assertThat(json("manifest.json").path("requirements"))
        .extracting(JsonNode::asText)
        .containsExactly(
            "Kafka Connect " + oldest.group(1) + " or newer", "Java " + java + " or newer");
  }

  @Test
  void hasALogoThatCanBeShown() throws IOException {
    byte[] logo = files.get(json("manifest.json").path("logo").asText());
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(logo));

    assertThat(image.getWidth()).isBetween(200, 1000).isEqualTo(image.getHeight());
  }

  @Test
  void listsWhatItShipsInTheBillOfMaterials() throws Exception {
    JsonNode bill = json("doc/sbom.cdx.json");
    JsonNode plugin = bill.path("metadata").path("component");
    Map<String, String> found = new TreeMap<>();
    for (JsonNode component : bill.path("components")) {
      found.put(jar(component), hash(component));
    }
    Map<String, String> shipped = new TreeMap<>();
    for (String jar : libraries()) {
      shipped.put(jar, sha256(files.get("lib/" + jar)));
    }

    assertThat(found).isEqualTo(shipped);
    assertThat(jar(plugin)).isEqualTo(JAR);
    assertThat(bill.path("bomFormat").asText()).isEqualTo("CycloneDX");
  }

  /** A scanner finds no jar of it: it lies in that of Jackson, which says so in its own POM. */
  @Test
  void listsWhatIsShadedInAJar() throws IOException {
    JsonNode bill = json("doc/sbom.cdx.json");
    String jackson =
        libraries().stream()
            .filter(jar -> jar.startsWith("jackson-core"))
            .findFirst()
            .orElseThrow();
    Map<String, byte[]> content = unzip(files.get("lib/" + jackson));
    String pom =
        text(content.get("META-INF/maven/com.fasterxml.jackson.core/jackson-core/pom.xml"));
    Matcher version =
        Pattern.compile("<artifactId>fastdoubleparser</artifactId>\\s*<version>([^<]+)<")
            .matcher(pom);

    assertThat(version.find()).isTrue();
    List<String> shaded = new ArrayList<>();
    for (JsonNode component : bill.path("components")) {
      for (JsonNode inner : component.path("components")) {
        shaded.add(component.path("name").asText() + " " + inner.path("purl").asText());
      }
    }
    assertThat(shaded)
        .containsExactly(
            "jackson-core pkg:maven/ch.randelshofer/fastdoubleparser@" + version.group(1));
  }

  @Test
  void hasItsChecksumBesideIt() throws IOException {
    Path zip = Path.of(required("plugin.zip"));
    String line = Files.readString(zip.resolveSibling(zip.getFileName() + ".sha256")).strip();

    assertThat(line).isEqualTo(sha256(Files.readAllBytes(zip)) + " *" + zip.getFileName());
  }

  @Test
  void hasABillOfMaterialsThatIsTheSameEachTime() throws IOException {
    JsonNode bill = json("doc/sbom.cdx.json");

    assertThat(bill.has("serialNumber")).isFalse();
    assertThat(bill.path("metadata").path("timestamp").asText()).isIn("", date + "T00:00:00Z");
  }

  @Test
  void bringsTheLicenseOfEachJar() throws IOException {
    Map<String, String> notice = notice();
    Set<String> named = new TreeSet<>();
    for (JsonNode component : json("doc/sbom.cdx.json").path("components")) {
      String name = component.path("name").asText();
      String license = component.path("licenses").path(0).path("license").path("id").asText();
      assertThat(notice.get(name)).as("%s in NOTICE", name).contains(license);
      Matcher licenses = Pattern.compile("[A-Z][A-Za-z]+-\\d\\.\\d").matcher(notice.get(name));
      while (licenses.find()) {
        named.add(licenses.group() + ".txt");
      }
    }

    assertThat(notice)
        .containsOnlyKeys(libraries().stream().map(jar -> jar.replaceAll("-\\d.*", "")).toList());
    assertThat(under("doc/licenses/"))
        .filteredOn(file -> !file.contains("/"))
        .containsExactlyElementsOf(named);
    assertThat(files.get("doc/licenses/Apache-2.0.txt")).isEqualTo(files.get("doc/LICENSE"));
  }

  @Test
  void carriesOnTheNoticesInItsJars() throws IOException {
    Map<String, byte[]> inJars = new TreeMap<>();
    for (String jar : libraries()) {
      unzip(files.get("lib/" + jar))
          .forEach(
              (path, bytes) -> {
                if (path.matches("(?i).*(license|notice|copying|copyright)[^/]*(?<!\\.class)")
                    && !Arrays.equals(bytes, files.get("doc/LICENSE"))) {
                  inJars.put(
                      jar.replaceAll("-\\d.*", "") + path.substring(path.lastIndexOf('/')), bytes);
                }
              });
    }

    assertThat(under("doc/licenses/"))
        .filteredOn(file -> file.contains("/"))
        .containsExactlyElementsOf(inJars.keySet());
    inJars.forEach(
        (file, bytes) -> assertThat(files.get("doc/licenses/" + file)).as(file).isEqualTo(bytes));
  }

  /** What the notice says of each library, by its name. */
  private static Map<String, String> notice() {
    Map<String, String> notice = new TreeMap<>();
    Matcher entries =
        Pattern.compile("^- ([\\w-]+): (.*?)(?=^- |\\z)", Pattern.DOTALL | Pattern.MULTILINE)
            .matcher(text(files.get("doc/NOTICE")));
    while (entries.find()) {
      notice.put(entries.group(1), entries.group(2));
    }
    return notice;
  }

  private static Set<String> libraries() {
    Set<String> libraries = under("lib/");
    libraries.remove(JAR);
    return libraries;
  }

  private static String jar(JsonNode component) {
    return component.path("name").asText() + "-" + component.path("version").asText() + ".jar";
  }

  private static String hash(JsonNode component) {
    for (JsonNode hash : component.path("hashes")) {
      if (hash.path("alg").asText().equals("SHA-256")) {
        return hash.path("content").asText();
      }
    }
    return "";
  }

  private static JsonNode json(String file) throws IOException {
    return new ObjectMapper().readTree(files.get(file));
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
