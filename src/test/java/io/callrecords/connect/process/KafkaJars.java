package io.callrecords.connect.process;

import java.io.File;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The jars that a Kafka distribution has in its {@code libs}, taken from the class path of the
 * tests: neither the connector nor anything that only its ZIP brings is among them.
 */
final class KafkaJars {
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

  private KafkaJars() {}

  /** The jars' paths. */
  static List<String> list() {
    List<String> jars =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(KafkaJars::isOfDistribution)
            .toList();
    if (jars.stream().noneMatch(jar -> jar.contains("connect-runtime"))) {
      throw new IllegalStateException("No connect-runtime on the class path of the tests");
    }
    return jars;
  }

  /** The jars as one class path. */
  static String classPath() {
    return list().stream().collect(Collectors.joining(File.pathSeparator));
  }

  private static boolean isOfDistribution(String entry) {
    String path = entry.replace('\\', '/');
    return path.endsWith(".jar")
        && !path.endsWith("-test.jar")
        && !path.contains("/kafka-test-")
        && FOLDERS.stream().anyMatch(folder -> path.contains("/" + folder));
  }
}
