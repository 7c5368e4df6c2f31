package io.callrecords.connect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.simulator.Simulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the packaged jar of the command line as somebody would: what it needs is in it. */
class CliJarIT {
  @TempDir Path folder;

  @Test
  void runsByItself() throws Exception {
    assertThat(run(0, "--version")).contains(System.getProperty("project.version"));
    assertThat(run(0, "--help")).contains("check");
    assertThat(run(2, "check", "none.json")).contains("none.json").doesNotContain("\tat ");
  }

  @Test
  void checksAnAccount() throws Exception {
    try (Simulator simulator = Simulator.builder().seed(3).calls(300, Duration.ofDays(2)).start()) {
      Path config = folder.resolve("connector.properties");
      Files.writeString(
          config,
          """
          connector.class=io.callrecords.connect.CallRecordSourceConnector
          topic=call-records
          requests.per.second=100
          api.url=%s
          api.key=%s
          api.secret=%s
          """
              .formatted(simulator.url(), simulator.key(), simulator.secret()));

      assertThat(run(0, "check", config.toString()))
          .contains("The configuration is valid", "The newest come first.")
          .doesNotContain("SLF4J", "WARN");
    }
  }

  private String run(int code, String... args) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-jar", System.getProperty("cli.jar")));
    command.addAll(List.of(args));
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    String text = Files.readString(output, UTF_8);
    assertThat(process.exitValue()).as(text).isEqualTo(code);
    return text;
  }
}
