package io.callrecords.connect.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.Feed;
import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.feed.QueryRange;
import io.callrecords.connect.feed.RecordParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.connect.json.JsonConverter;
import org.junit.jupiter.api.Test;

/** Holds what the README shows to what the connector does. */
class ReadmeTest {
  private static final QueryRange ANY = new QueryRange(0, Integer.MAX_VALUE);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String readme = read(Path.of("README.md"));

  @Test
  void theRecordThatItPrintsIsWhatArrives() throws IOException {
    Matcher block = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL).matcher(readme);
    assertThat(block.find()).isTrue();

    assertThat(JSON.readTree(block.group(1))).isEqualTo(arriving());
  }

  private static JsonNode arriving() throws IOException {
    Feed feed = CallCenterFeed.create();
    try (InputStream in = ReadmeTest.class.getResourceAsStream("/call.json");
        JsonConverter converter = new JsonConverter()) {
      byte[] bytes = in.readAllBytes();
      JsonParser json = new JsonFactory().createParser(bytes);
      json.nextToken();
      FeedRecord record =
          (FeedRecord)
              new RecordParser(feed, feed.startField(), ZoneOffset.ofHours(8))
                  .parse(json, bytes, 1, ANY);
      converter.configure(Map.of("schemas.enable", "false"), false);
      return JSON.readTree(converter.fromConnectData("topic", feed.schema(), record.value()));
    }
  }

  @Test
  void theZipThatItNamesIsTheOneOfThisVersion() {
    Matcher zips = Pattern.compile("target/(\\S+\\.zip)").matcher(readme);
    assertThat(zips.find()).isTrue();
    do {
      assertThat(zips.group(1))
          .isEqualTo(
              "kafka-connect-call-records-" + System.getProperty("project.version") + ".zip");
    } while (zips.find());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalStateException("Run from the project's folder", e);
    }
  }
}
