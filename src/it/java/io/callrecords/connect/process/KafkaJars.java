package io.callrecords.connect.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The jars that a Kafka distribution has in its {@code libs}: neither the connector nor anything
 * that only its ZIP brings is among them.
 *
 * @param version of Kafka
 * @param list the jars' paths
 */
record KafkaJars(String version, List<String> list) {
  private static final Pattern RUNTIME = Pattern.compile(".*\\bconnect-runtime-([0-9.]+)\\.jar");

  /** By folder of a Maven repository, so that what a test or the plugin adds does not slip in. */
  private static final List<String> FOLDERS =
      List.of(
          "at/yawk/lz4",
          "com/dynatrace/hash4j",
          "com/fasterxml/jackson",
          "com/github/ben-manes/caffeine",
          "com/github/luben",
          "com/google/re2j",
          "com/sun/activation",
          "com/typesafe/scala-logging",
          "com/yammer/metrics",
          "commons-",
          "io/github/classgraph",
          "io/swagger",
          "jakarta/",
          "javax/",
          "net/sf/jopt-simple",
          "net/sourceforge/argparse4j",
          "org/apache/kafka",
          "org/apache/logging/log4j",
          "org/apache/maven/maven-artifact",
          "org/bitbucket/b_c/jose4j",
          "org/codehaus/plexus",
          "org/eclipse/jetty",
          "org/glassfish",
          "org/hdrhistogram",
          "org/javassist",
          "org/pcollections",
          "org/scala-lang",
          "org/slf4j",
          "org/xerial",
          "org/yaml");

  /** Those on the class path of the tests, the only ones with a broker. */
  static KafkaJars ofTests() {
    return of(
        "the class path of the tests",
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(KafkaJars::isOfDistribution)
            .toList());
  }

  /** The other releases that the build has fetched. */
  static List<KafkaJars> others() {
    Path libs = Path.of(System.getProperty("kafka.libs"));
    return Stream.of(System.getProperty("kafka.others").split(","))
        .map(version -> in(libs.resolve(version)))
        .toList();
  }

  private static KafkaJars in(Path folder) {
    try (Stream<Path> jars = Files.list(folder)) {
      return of(folder.toString(), jars.map(Path::toString).sorted().toList());
    } catch (IOException e) {
      throw new UncheckedIOException("The build has not filled " + folder, e);
    }
  }

  private static KafkaJars of(String place, List<String> jars) {
    return jars.stream()
        .map(RUNTIME::matcher)
        .filter(Matcher::matches)
        .findFirst()
        .map(runtime -> new KafkaJars(runtime.group(1), jars))
        .orElseThrow(() -> new IllegalStateException("No connect-runtime in " + place));
  }

  /** All releases that are at hand, the oldest first. */
  static List<KafkaJars> all() {
    return Stream.concat(others().stream(), Stream.of(ofTests()))
        .sorted(Comparator.comparing(kafka -> Version.parse(kafka.version)))
        .toList();
  }

  /** Whether its workers have metrics for plugins, which came with 4.1. */
  boolean hasPluginMetrics() {
    return isAtLeast("4.1");
  }

  /** Whether its workers keep to themselves why a value of a config provider was refused. */
  boolean masksProviderValues() {
    return isAtLeast("4.4");
  }

  private boolean isAtLeast(String release) {
    return Version.parse(version).compareTo(Version.parse(release)) >= 0;
  }

  /** The jars as one class path. */
  String classPath() {
    return String.join(File.pathSeparator, list);
  }

  private static boolean isOfDistribution(String entry) {
    String path = entry.replace('\\', '/');
    return path.endsWith(".jar")
        && !path.endsWith("-test.jar")
        && !path.contains("/kafka-test-")
        && FOLDERS.stream().anyMatch(folder -> path.contains("/" + folder));
  }
}
