package io.callrecords.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectorConfigTest {
  @TempDir Path folder;

  private ConnectorConfig read(String text) throws IOException {
    Path file = folder.resolve("connector");
    Files.writeString(file, text);
    return ConnectorConfig.read(file);
  }

  @Test
  void takesJsonWithAndWithoutItsNameAroundIt() throws IOException {
    ConnectorConfig wrapped = read("{\"name\": \"calls\", \"config\": {\"topic\": \"t\"}}");
    ConnectorConfig plain = read("{\"name\": \"calls\", \"topic\": \"t\", \"tasks.max\": 2}");

    assertThat(wrapped.name()).isEqualTo("calls");
    assertThat(wrapped.settings()).containsEntry("topic", "t").containsEntry("name", "calls");
    assertThat(plain.name()).isEqualTo("calls");
    assertThat(plain.settings()).containsEntry("tasks.max", "2");
  }

  @Test
  void takesProperties() throws IOException {
    ConnectorConfig config = read("# A comment\nname=calls\ntopic = t\n");

    assertThat(config.settings()).containsEntry("topic", "t");
    assertThat(config.name()).isEqualTo("calls");
  }

  @Test
  void resolvesWhatConfigProvidersHold() throws IOException {
    Path secrets = folder.resolve("secrets.properties");
    Files.writeString(secrets, "secret=from-a-file\n");
    Files.writeString(folder.resolve("key"), "from-a-folder");

    ConnectorConfig config =
        read(
            "api.secret=${file:%s:secret}\napi.key=${directory:%s:key}\nhome=${env:PATH}\n"
                .formatted(secrets, folder));

    assertThat(config.settings())
        .containsEntry("api.secret", "from-a-file")
        .containsEntry("api.key", "from-a-folder")
        .containsEntry("home", System.getenv("PATH"));
    assertThat(config).asString().doesNotContain("from-a");
  }

  @Test
  void saysWhichReferenceHasNoValue() {
    assertThatThrownBy(() -> read("api.key=${env:NO_SUCH_VARIABLE}"))
        .isInstanceOf(CliException.class)
        .hasMessageContainingAll("api.key", "${env:NO_SUCH_VARIABLE}", "set it");
    assertThatThrownBy(() -> read("api.key=${vault:a:b}"))
        .hasMessageContainingAll("api.key", "${vault:a:b}", "directory, env, file");
  }

  @Test
  void saysWhatIsNoConfiguration() {
    assertThatThrownBy(() -> read("{\"topic\": "))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("line 1");
    assertThatThrownBy(() -> read("{\"topic\": [\"t\"]}")).hasMessageContaining("topic");
    assertThatThrownBy(() -> ConnectorConfig.read(folder.resolve("none")))
        .hasMessageContaining("none");
  }

  @Test
  void whatStandsBesideAReferenceIsNotShown() {
    assertThatThrownBy(() -> read("api.secret=Sup3r${file:/no/such/file:key}"))
        .hasMessageContainingAll("api.secret", "${file:/no/such/file:key}")
        .hasMessageNotContaining("Sup3r");
  }

  @Test
  void whatIsNoObjectOfTextsIsSaidInPlainWords() {
    assertThatThrownBy(() -> read("[]"))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("a list");
    assertThatThrownBy(() -> ConnectorConfig.read(folder))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("is a folder")
        .hasMessageNotContaining("java.");
    String deep = "{\"a\":".repeat(3_000) + "1" + "}".repeat(3_000);
    assertThatThrownBy(() -> read(deep)).isInstanceOf(CliException.class);
    assertThatThrownBy(() -> read("{\"config\": {\"api.facts\": {\"formatVersion\": 1}}}"))
        .hasMessageContaining("jq --rawfile facts");
  }
}
