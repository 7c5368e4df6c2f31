package io.callrecords.connect.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kafka's providers find secrets by the lines and references of the page on operations. */
class SecretFilesTest {
  private static final Pattern BLOCK =
      Pattern.compile("<!-- block: providers -->\n```properties\n(.*?)```", Pattern.DOTALL);

  private static final String FOLDER = "/etc/call-records";

  private final ConfigDef secrets =
      new ConfigDef()
          .define("line", ConfigDef.Type.PASSWORD, ConfigDef.Importance.HIGH, "")
          .define("file", ConfigDef.Type.PASSWORD, ConfigDef.Importance.HIGH, "");

  @Test
  void areFoundByTheReferencesOfThePage(@TempDir Path folder) throws Exception {
    String page = Files.readString(Path.of("docs", "OPERATIONS.md"));
    Matcher block = BLOCK.matcher(page);
    assertThat(block.find()).isTrue();
    String line = "${file:/etc/call-records/api.properties:secret}";
    String file = "${directory:/etc/call-records:api-secret}";
    assertThat(page).contains("`" + line + "`", "`" + file + "`");
    Files.writeString(folder.resolve("api.properties"), "secret=first\n");
    Files.writeString(folder.resolve("api-secret"), "second\n");
    Properties worker = new Properties();
    worker.load(new StringReader(block.group(1).replace(FOLDER, folder.toString())));
    Map<String, Object> settings = new HashMap<>();
    worker.forEach((name, value) -> settings.put((String) name, value));
    // The provider of variables has its other lines in the example workers.
    settings.put("config.providers", "file,directory");
    settings.put("line", line.replace(FOLDER, folder.toString()));
    settings.put("file", file.replace(FOLDER, folder.toString()));

    AbstractConfig resolved = new AbstractConfig(secrets, settings, false);

    assertThat(resolved.getPassword("line").value()).isEqualTo("first");
    assertThat(resolved.getPassword("file").value()).isEqualTo("second");
  }
}
