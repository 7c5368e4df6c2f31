package io.callrecords.connect.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.apache.kafka.connect.source.SourceConnector;

/**
 * kafka-connect-http as a plugin that a worker can load, and the settings by which it reads the API
 * as fast as it can.
 *
 * <p>It has no place in this build: whoever wants it in the benchmark names the folder of its jars.
 */
final class PeerPlugin {
  private static final String PACKAGE = "com.github.castorm.kafka.connect.";
  private static final String CONNECTOR = PACKAGE + "http.HttpSourceConnector";
  private static final int PAGE_SIZE = 100;

  /** A zone of the API's own offset, which needs no colon: a worker takes that for a provider. */
  private static final String ZONE = "Asia/Shanghai";

  /** The API's times have no zone. */
  private static final String OFFSET = "+08:00";

  private PeerPlugin() {}

  /**
   * Puts links to its jars into a folder for {@code plugin.path}, and beside them what names its
   * connector to service loaders, as the example worker wants it.
   *
   * @param jars the folder with the connector's jar and those of its libraries
   */
  static void linkInto(Path folder, Path jars) throws IOException {
    Path plugin = emptied(folder.resolve("peer"));
    boolean found = false;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(jars, "*.jar")) {
      for (Path jar : all) {
        Files.createSymbolicLink(plugin.resolve(jar.getFileName()), jar.toRealPath());
        found |= jar.getFileName().toString().startsWith("kafka-connect-http");
      }
    }
    if (!found) {
      throw new IOException("No jar of kafka-connect-http in " + jars);
    }
    try (JarOutputStream out =
        new JarOutputStream(Files.newOutputStream(plugin.resolve("service.jar")))) {
      out.putNextEntry(new JarEntry("META-INF/services/" + SourceConnector.class.getName()));
      out.write(CONNECTOR.getBytes(UTF_8));
    }
  }

  /** A folder with nothing in it, whatever an earlier run has left there. */
  private static Path emptied(Path folder) throws IOException {
    if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
        for (Path old : all) {
          Files.delete(old);
        }
      }
    } else {
      Files.deleteIfExists(folder);
    }
    return Files.createDirectories(folder);
  }

  /**
   * The settings of a connector of it that fills a topic: keys and values are the same texts, with
   * the least work that it can do for them.
   *
   * @param ours the settings by which this project's connector reads the same calls
   * @param from where they begin
   * @param to where they end
   */
  static Map<String, String> settings(
      Map<String, String> ours, String topic, Instant from, Instant to) {
    Map<String, String> settings = new HashMap<>();
    settings.put("connector.class", CONNECTOR);
    settings.put("tasks.max", "1");
    settings.put("kafka.topic", topic);
    settings.put("http.request.url", ours.get("api.url") + "/voice/ccRecordQuery");
    settings.put("http.request.method", "POST");
    settings.put(
        "http.request.template.factory",
        PACKAGE + "http.request.template.freemarker.FreeMarkerTemplateFactory");
    settings.put("http.request.headers", headers(ours.get("api.key"), ours.get("api.secret")));
    settings.put("http.request.body", body(to));
    settings.put("http.response.list.pointer", "/data/records");
    settings.put("http.response.list.order.direction", "ASC");
    settings.put("http.response.record.key.pointer", "/callSessionId");
    settings.put("http.response.record.timestamp.pointer", "/callStartTime");
    settings.put(
        "http.response.record.timestamp.parser",
        PACKAGE + "http.response.timestamp.DateTimeFormatterTimestampParser");
    settings.put("http.response.record.timestamp.parser.pattern", "yyyy-MM-dd HH:mm:ss");
    settings.put("http.response.record.timestamp.parser.zone", OFFSET);
    settings.put("http.response.record.mapper", PACKAGE + "http.record.StringKvSourceRecordMapper");
    settings.put("value.converter", "org.apache.kafka.connect.storage.StringConverter");
    // It takes what is later than its offset.
    settings.put("http.offset.initial", "timestamp=" + from.minus(Duration.ofSeconds(1)));
    settings.put("http.timer", PACKAGE + "timer.FixedIntervalTimer");
    settings.put("http.timer.interval.millis", "0");
    return settings;
  }

  private static String headers(String key, String secret) {
    return "<#assign second=(.now?long/1000)?floor?c"
        + " digest='freemarker.template.utility.ObjectConstructor'?new()"
        + "('org.apache.commons.codec.digest.DigestUtils')>"
        + "Content-Type: application/json;charset=UTF-8, Api-Key: "
        + key
        + ", Timestamp: ${second}, Sign: ${digest.md5Hex('"
        + key
        + secret
        + "'+second)}";
  }

  /** A page from the second of the last call that it has seen; those it had it leaves out. */
  private static String body(Instant to) {
    return "{\"current\":1,\"size\":"
        + PAGE_SIZE
        + ",\"params\":{\"strTime\":\"${offset.timestamp?datetime.iso?iso('"
        + ZONE
        + "')}\",\"endTime\":\""
        + DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(to.atOffset(ZoneOffset.of(OFFSET)))
        + "\"}}";
  }
}
