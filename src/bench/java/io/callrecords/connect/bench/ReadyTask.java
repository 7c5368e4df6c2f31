package io.callrecords.connect.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;

/** Hands over the same values again and again, each time with fresh ids. */
public final class ReadyTask extends SourceTask {
  private static final String ID = "callSessionId";
  private static final long FIRST_ID = 26_010_100_000_000_000L;
  private static final Map<String, String> PARTITION = Map.of("source", "ready");
  private static final long PATIENCE_MILLIS = 500;

  private final List<Struct> values = new ArrayList<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private String topic = "";
  private long left;
  private int batch;
  private long handedOver;

  @Override
  public String version() {
    return "1";
  }

  @Override
  public void start(Map<String, String> settings) {
    topic = settings.getOrDefault(ReadyConnector.TOPIC, "");
    left = Long.parseLong(settings.getOrDefault(ReadyConnector.COUNT, "0"));
    batch = Integer.parseInt(settings.getOrDefault(ReadyConnector.BATCH, "1"));
    try (JsonConverter converter = new JsonConverter()) {
      converter.configure(Map.of("schemas.enable", "true"), false);
      List<String> lines = Files.readAllLines(Path.of(settings.get(ReadyConnector.FILE)), UTF_8);
      Schema schema = null;
      // A worker converts a batch before it asks for the next, so no value is needed twice at once.
      for (int i = 0; i < batch; i++) {
        byte[] json = lines.get(i % lines.size()).getBytes(UTF_8);
        Struct read = (Struct) converter.toConnectData(topic, json).value();
        schema = schema == null ? read.schema() : schema;
        Struct value = new Struct(schema);
        for (Field field : schema.fields()) {
          value.put(field, read.get(field.name()));
        }
        values.add(value);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public @Nullable List<SourceRecord> poll() throws InterruptedException {
    int count = (int) Math.min(batch, left);
    if (count == 0) {
      boolean ends = stopped.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
      return ends ? List.of() : null;
    }
    left -= count;
    Map<String, Long> offset = Map.of("position", handedOver);
    List<SourceRecord> records = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Struct value = values.get(i);
      String id = Long.toString(FIRST_ID + handedOver++);
      value.put(ID, id);
      records.add(
          new SourceRecord(
              PARTITION, offset, topic, null, Schema.STRING_SCHEMA, id, value.schema(), value));
    }
    return records;
  }

  @Override
  public void stop() {
    stopped.countDown();
  }
}
