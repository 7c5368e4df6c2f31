package io.callrecords.connect.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.CallRecordSourceConnector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Installs the plugin as {@code docs/INSTALL.md} has a person do it. */
@Tag("slow")
class InstallIT {
  private static final Path PAGE =
      Path.of(System.getProperty("basedir", "")).resolve("docs").resolve("INSTALL.md");

  @TempDir private Path clone;

  @Test
  void putsThePluginIntoAWorkerThatHasNone() throws IOException {
    Programs.findForCommands("unzip", "sha256sum");
    PluginZip.find().copyInto(clone.resolve("target"));
    try (LocalCluster cluster = LocalCluster.start("install")) {
      WorkerProcess worker = cluster.worker();
      try (Stream<Path> files = Files.walk(worker.plugins())) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
      Files.createDirectories(worker.plugins());
      ProcedureRun page =
          new ProcedureRun(
              PAGE,
              clone,
              Map.of("CONNECT", worker.rest().url(), "PLUGINS", worker.plugins().toString()),
              cluster::restartWorkers);

      page.run("Get the ZIP");
      page.run("Put it into a worker");
    }
  }

  /** Where somebody else keeps the settings, it has to be told which ones are secret. */
  @Test
  void thePageNamesEachSettingThatHoldsASecret() throws IOException {
    List<String> secret =
        new CallRecordSourceConnector()
            .config().configKeys().values().stream()
                .filter(key -> key.type == ConfigDef.Type.PASSWORD)
                .map(key -> key.name)
                .sorted()
                .toList();

    assertThat(Files.readString(PAGE)).contains("`" + String.join(",", secret) + "`");
  }
}
