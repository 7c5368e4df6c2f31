package io.callrecords.connect.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A way in which Prometheus gets a worker's metrics, with the files that the project ships. */
enum MetricsExporter {
  /** The JMX exporter's Java agent. */
  JMX_EXPORTER {
    @Override
    String agent(int port) {
      return "-javaagent:%s=127.0.0.1:%d:%s"
          .formatted(jar("exporter.agent"), port, MonitoringFiles.exporter());
    }
  },

  /** Strimzi's metrics reporter, which a worker loads from its class path. */
  STRIMZI_REPORTER {
    @Override
    Platform platform() {
      Platform tests = Platform.ofTests();
      List<String> jars = new ArrayList<>(tests.kafka().list());
      List<String> own =
          Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
              .filter(entry -> entry.replace('\\', '/').matches(".*/io/(strimzi|prometheus)/.*"))
              .toList();
      assertThat(own).as("the reporter's jars, which the profile has").isNotEmpty();
      jars.addAll(own);
      return new Platform(new KafkaJars(tests.kafka().version(), jars), tests.jdk());
    }

    @Override
    Map<String, String> settings(int port) {
      return PageBlock.of(Path.of("docs", "MONITORING.md"), "strimzi")
          .with(Map.of("http://:9404", "http://127.0.0.1:" + port))
          .properties();
    }

    @Override
    Map<String, String> rules() {
      return Map.of(
          "alerts.yml",
          MonitoringFiles.hastyRules(),
          "strimzi.yml",
          MonitoringFiles.text(MonitoringFiles.strimzi()));
    }

    @Override
    String scraping(String target) {
      return super.scraping(target).replace("# - strimzi.yml", "- strimzi.yml");
    }
  },

  /** OpenTelemetry's Java agent, which serves what it would send to a collector. */
  OPENTELEMETRY {
    @Override
    String agent(int port) {
      return String.join(
          " ",
          "-javaagent:" + jar("opentelemetry.agent"),
          "-Dotel.jmx.config=" + MonitoringFiles.openTelemetry(),
          "-Dotel.jmx.discovery.delay=1000",
          "-Dotel.metrics.exporter=prometheus",
          "-Dotel.exporter.prometheus.host=127.0.0.1",
          "-Dotel.exporter.prometheus.port=" + port,
          "-Dotel.traces.exporter=none",
          "-Dotel.logs.exporter=none",
          // What it does to the classes of a worker is not what is tested here, and takes long.
          "-Dotel.instrumentation.common.default-enabled=false",
          "-Dotel.instrumentation.jmx-telemetry.enabled=true");
    }

    /** It keeps the quotes that JMX puts around some names. */
    @Override
    String label(String connector) {
      return connector.contains(":") ? "\\\"" + connector + "\\\"" : connector;
    }
  };

  /** What the worker runs on. */
  Platform platform() {
    return Platform.ofTests();
  }

  /** Settings of the worker. */
  Map<String, String> settings(int port) {
    return Map.of();
  }

  /** What {@code KAFKA_OPTS} is to the scripts of a distribution. */
  String agent(int port) {
    return "";
  }

  /** The rules that Prometheus loads, by the names of their files. */
  Map<String, String> rules() {
    return Map.of("alerts.yml", MonitoringFiles.hastyRules());
  }

  /** Prometheus' configuration. */
  String scraping(String target) {
    return MonitoringFiles.hastyScraping(target);
  }

  /** A connector's name as it stands between double quotes in PromQL. */
  String label(String connector) {
    return connector;
  }

  private static Path jar(String property) {
    Path jar = Path.of(System.getProperty(property, "none"));
    assertThat(jar).as("the agent, which mvn -Pmonitoring verify fetches").isRegularFile();
    return jar;
  }
}
