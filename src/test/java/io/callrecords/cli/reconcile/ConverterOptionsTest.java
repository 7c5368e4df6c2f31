package io.callrecords.cli.reconcile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callrecords.cli.CliException;
import io.callrecords.cli.ExitStatus;
import io.callrecords.cli.topic.UnreadableRecordException;
import io.callrecords.connect.TestSettings;
import io.callrecords.connect.config.CallRecordSourceConfig;
import io.callrecords.connect.feed.CallCenterFeed;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.storage.Converter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Proves how a converter is made that is not Kafka's own, and what becomes of its errors. */
class ConverterOptionsTest {
  private static final String TOPIC = "calls";

  @TempDir private Path folder;

  /** Cannot be used, and remembers how that was tried. */
  public static final class BrokenConverter implements Converter {
    static final Map<String, Object> SETTINGS = new HashMap<>();
    static final List<ClassLoader> LOADERS = new ArrayList<>();

    @Override
    public void configure(Map<String, ?> settings, boolean isKey) {
      SETTINGS.putAll(settings);
      LOADERS.add(Thread.currentThread().getContextClassLoader());
    }

    @Override
    public byte[] fromConnectData(String topic, Schema schema, Object value) {
      throw new IllegalStateException("The registry does not answer");
    }

    @Override
    public SchemaAndValue toConnectData(String topic, byte[] value) {
      LOADERS.add(Thread.currentThread().getContextClassLoader());
      throw new IllegalStateException("The registry does not answer");
    }
  }

  @BeforeEach
  void forget() {
    BrokenConverter.SETTINGS.clear();
    BrokenConverter.LOADERS.clear();
  }

  private RecordDecoder decoder() {
    ConverterOptions options =
        CommandLine.populateCommand(new ConverterOptions(), "--plugin-path", folder.toString());
    Map<String, String> settings = new HashMap<>(TestSettings.minimal());
    settings.put("value.converter", BrokenConverter.class.getName());
    settings.put("value.converter.apicurio.registry.auto-register", "true");
    settings.put("value.converter.schema.registry.url", "http://localhost:8081");
    CallRecordSourceConfig config = new CallRecordSourceConfig(TestSettings.minimal());
    return options
        .decoder(settings, TOPIC)
        .apply(new CallLayout(CallCenterFeed.create(), config, Set.of()));
  }

  @Test
  void takesTheConnectorsSettingsButRegistersNothing() {
    decoder();

    assertThat(BrokenConverter.SETTINGS)
        .containsEntry("schema.registry.url", "http://localhost:8081")
        .containsEntry("apicurio.registry.auto-register", "false")
        .containsEntry("auto.register.schemas", "false");
  }

  @Test
  void worksWithTheClassesOfItsJars() {
    ClassLoader before = Thread.currentThread().getContextClassLoader();

    RecordDecoder decoder = decoder();
    assertThatThrownBy(() -> read(decoder)).isInstanceOf(UnreadableRecordException.class);

    assertThat(BrokenConverter.LOADERS).hasSize(2).hasOnlyElementsOfType(URLClassLoader.class);
    assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
  }

  private static CallFields read(RecordDecoder decoder) {
    return decoder.call(new RecordHeaders(), "a call".getBytes(UTF_8));
  }

  @Test
  void givesUpWhenNoneOfTheFirstRecordsCanBeRead() {
    RecordDecoder decoder = decoder();
    for (int i = 1; i < 20; i++) {
      assertThatThrownBy(() -> read(decoder)).isInstanceOf(UnreadableRecordException.class);
    }

    assertThatThrownBy(() -> read(decoder))
        .isInstanceOfSatisfying(
            CliException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.UNSEEN))
        .hasMessageContaining("none of the first 20 records of topic calls")
        .hasMessageContaining("(IllegalStateException)");
  }
}
