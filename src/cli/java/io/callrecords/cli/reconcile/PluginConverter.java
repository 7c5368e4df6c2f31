package io.callrecords.cli.reconcile;

import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.storage.Converter;
import org.jspecify.annotations.Nullable;

/**
 * A converter from jars of its own. While it works, the thread's class loader is the one of those
 * jars, as in a worker: it may look for its classes there.
 */
final class PluginConverter implements Converter {
  private final Converter converter;
  private final ClassLoader jars;

  /**
   * Wraps a converter.
   *
   * @param jars has loaded it
   */
  PluginConverter(Converter converter, ClassLoader jars) {
    this.converter = converter;
    this.jars = jars;
  }

  @Override
  public void configure(Map<String, ?> settings, boolean isKey) {
    work(
        () -> {
          converter.configure(settings, isKey);
          return isKey;
        });
  }

  @Override
  public byte @Nullable [] fromConnectData(String topic, Schema schema, Object value) {
    return work(() -> converter.fromConnectData(topic, schema, value));
  }

  @Override
  public byte @Nullable [] fromConnectData(
      String topic, Headers headers, Schema schema, Object value) {
    return work(() -> converter.fromConnectData(topic, headers, schema, value));
  }

  @Override
  public SchemaAndValue toConnectData(String topic, byte[] value) {
    return work(() -> converter.toConnectData(topic, value));
  }

  @Override
  public SchemaAndValue toConnectData(String topic, Headers headers, byte[] value) {
    return work(() -> converter.toConnectData(topic, headers, value));
  }

  private <T> T work(Supplier<T> what) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(jars);
    try {
      return what.get();
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
