package io.callrecords.connect.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.CallRecordSourceConnector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.junit.jupiter.api.Test;

/**
 * Holds {@code docs/CONFIGURATION.md} to the connector's settings, from which it is made.
 *
 * <p>{@code mvn -q test -Dtest=ConfigurationReferenceTest -Ddocs.write=true} writes it anew.
 */
class ConfigurationReferenceTest {
  private static final Path FILE = Path.of("docs", "CONFIGURATION.md");

  @Test
  void theReferenceIsWhatTheSettingsSay() throws IOException {
    String reference = render(new CallRecordSourceConnector().config());
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(FILE, reference);
    }
    assertThat(FILE).hasContent(reference);
  }

  private static String render(ConfigDef settings) {
    List<ConfigKey> keys = new ArrayList<>(settings.configKeys().values());
    keys.sort(
        Comparator.comparingInt((ConfigKey key) -> settings.groups().indexOf(key.group))
            .thenComparingInt(key -> key.orderInGroup));
    StringBuilder text = new StringBuilder();
    text.append(
            "# Settings\n\nGenerated from the connector's `ConfigDef`. Settings of Kafka Connect itself,")
        .append(
            " such as `tasks.max`, converters, transforms\nand `transaction.boundary`, stand beside")
        .append(" them in the configuration of a connector.\n");
    String group = "";
    for (ConfigKey key : keys) {
      if (!key.group.equals(group)) {
        group = key.group;
        text.append("\n## ").append(group).append('\n');
      }
      text.append("\n### `").append(key.name).append("`\n\n");
      text.append(markdown(key.documentation)).append("\n\n");
      text.append("* Type: ").append(key.type.name().toLowerCase(Locale.ROOT)).append('\n');
      text.append("* ").append(defaultOf(key)).append('\n');
      if (key.validator != null) {
        text.append("* Valid: ").append(markdown(key.validator.toString())).append('\n');
      }
      text.append("* Importance: ").append(key.importance.name().toLowerCase(Locale.ROOT));
      text.append('\n');
    }
    return text.toString();
  }

  private static String defaultOf(ConfigKey key) {
    if (!key.hasDefault()) {
      return "Required";
    }
    boolean none =
        key.defaultValue == null || (key.defaultValue instanceof List<?> list && list.isEmpty());
    return "Default: " + (none ? "none" : "`" + key.defaultValue + "`");
  }

  private static String markdown(String html) {
    return html.replaceAll("</?code>", "`");
  }
}
