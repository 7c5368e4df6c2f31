package io.callrecords.connect.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;
import org.jspecify.annotations.Nullable;

/**
 * The parsed values of the {@code ssl} settings, and Kafka's own loader for the stores they name.
 *
 * @param values returns the value of a setting by name, or null if it is not set
 */
record TlsConfigValues(Function<String, @Nullable Object> values) {
  boolean has(String key) {
    return values.apply(key) != null;
  }

  /** The value of a text setting, or null if it is not set. */
  @Nullable String text(String key) {
    return values.apply(key) instanceof String text ? text : null;
  }

  /** The value of a text setting as a message shows it. */
  String shown(String key) {
    return LogText.of(String.valueOf(text(key)));
  }

  List<String> list(String key) {
    return values.apply(key) instanceof List<?> list
        ? list.stream().map(Object::toString).toList()
        : List.of();
  }

  boolean contains(String key, String part) {
    return values.apply(key) instanceof Password secret && secret.value().contains(part);
  }

  /**
   * Loads the stores that the given settings name.
   *
   * @throws org.apache.kafka.common.KafkaException when that fails; do not show its message and
   *     causes, since they may quote what was read
   */
  DefaultSslEngineFactory load(Collection<String> keys) {
    Map<String, Object> config = new HashMap<>();
    for (String key : keys) {
      Object value = values.apply(key);
      if (value != null) {
        config.put(key, value);
      }
    }
    config.putIfAbsent(SslConfigs.SSL_PROTOCOL_CONFIG, "TLS");
    // These do not matter for a context, but some versions of the loader require them.
    config.put(SslConfigs.SSL_CIPHER_SUITES_CONFIG, List.of());
    config.put(SslConfigs.SSL_ENABLED_PROTOCOLS_CONFIG, List.of());
    DefaultSslEngineFactory factory = new DefaultSslEngineFactory();
    factory.configure(config);
    return factory;
  }

  /** Rejects a path that is not a file which the worker can read. */
  void validateFile(String key) {
    String text = text(key);
    if (text == null) {
      return;
    }
    String problem = fileProblem(text);
    if (problem != null) {
      throw new SettingException(key, LogText.of(text) + " " + problem);
    }
  }

  private static @Nullable String fileProblem(String text) {
    Path path;
    try {
      path = Path.of(text);
    } catch (InvalidPathException e) {
      return "is not a path; correct it";
    }
    if (!Files.exists(path)) {
      return "does not exist on this worker; copy the file to every worker";
    }
    if (!Files.isRegularFile(path)) {
      return "is not a file; set the path of the store itself";
    }
    return Files.isReadable(path)
        ? null
        : "cannot be read by the user that runs the worker; change its permissions";
  }

  static boolean causedBy(@Nullable Throwable error, Class<? extends Throwable> type) {
    for (Throwable e = error; e != null; e = e.getCause()) {
      if (type.isInstance(e)) {
        return true;
      }
    }
    return false;
  }
}
