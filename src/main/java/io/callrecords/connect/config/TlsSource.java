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
 * The parsed {@code ssl} settings, and Kafka's own loader for what they name.
 *
 * @param settings finds a setting's value by name, null when it is not set
 */
record TlsSource(Function<String, @Nullable Object> settings) {
  boolean has(String key) {
    return settings.apply(key) != null;
  }

  /** The text of a setting, which is shown, or null. */
  @Nullable String text(String key) {
    return settings.apply(key) instanceof String text ? text : null;
  }

  List<String> list(String key) {
    return settings.apply(key) instanceof List<?> list
        ? list.stream().map(Object::toString).toList()
        : List.of();
  }

  boolean contains(String key, String part) {
    return settings.apply(key) instanceof Password secret && secret.value().contains(part);
  }

  /**
   * Loads what the given settings name.
   *
   * @throws org.apache.kafka.common.KafkaException when that cannot be done; its messages and
   *     causes are not for people, since they may quote what was read
   */
  DefaultSslEngineFactory load(Collection<String> keys) {
    Map<String, Object> some = new HashMap<>();
    for (String key : keys) {
      Object value = settings.apply(key);
      if (value != null) {
        some.put(key, value);
      }
    }
    some.putIfAbsent(SslConfigs.SSL_PROTOCOL_CONFIG, "TLS");
    // Of no account for a context, but the loader of some versions cannot do without.
    some.put(SslConfigs.SSL_CIPHER_SUITES_CONFIG, List.of());
    some.put(SslConfigs.SSL_ENABLED_PROTOCOLS_CONFIG, List.of());
    DefaultSslEngineFactory factory = new DefaultSslEngineFactory();
    factory.configure(some);
    return factory;
  }

  /** Refuses a path at which the worker finds no file that it may read. */
  void checkFile(String key) {
    String text = text(key);
    if (text == null) {
      return;
    }
    String complaint = complaint(text);
    if (complaint != null) {
      throw new SettingException(key, text + " " + complaint);
    }
  }

  private static @Nullable String complaint(String text) {
    Path path;
    try {
      path = Path.of(text);
    } catch (InvalidPathException e) {
      return "is not a path";
    }
    if (!Files.exists(path)) {
      return "does not exist on this worker; every worker needs the file";
    }
    if (!Files.isRegularFile(path)) {
      return "is not a file; name the store itself";
    }
    return Files.isReadable(path) ? null : "may not be read by the user whom the worker runs as";
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
