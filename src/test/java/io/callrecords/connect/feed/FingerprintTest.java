package io.callrecords.connect.feed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves what counts as another version of a record. */
class FingerprintTest {
  private static final QueryRange ANY = new QueryRange(0, Integer.MAX_VALUE);
  private static final String BASE =
      "'callSessionId':'1','callStartTime':'2026-11-01 08:00:00','labels':['a','b'],"
          + "'voiceUrl':'https://cdn.example.com/1.wav?sign=x','hangupReason':3,'queue':'7'";

  private final RecordParser parser =
      new RecordParser(CallCenterFeed.create(), "callStartTime", ZoneOffset.UTC);

  @Test
  void staysTheSameForEver() {
    assertThat(print(BASE)).isEqualTo(-1_734_490_938);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Each replaces a part of the base, as "old -> new".
        "'labels':['a','b'] -> 'labels':['a']",
        "'labels':['a','b'] -> 'labels':['ab']",
        "'labels':['a','b'] -> 'labels':[]",
        "'labels':['a','b'] -> 'remark':'a'",
        "1.wav -> 2.wav",
        "08:00:00 -> 08:00:01",
        "'hangupReason':3 -> 'hangupReason':4",
        "'hangupReason':3 -> 'callType':3",
        "'queue':'7' -> 'queue':'8'",
        "'queue':'7' -> 'queue':7",
        ",'queue':'7' -> ",
        "'queue':'7' -> 'queue':'7','more':null"
      })
  void differsWhenAnythingHasChanged(String change) {
    String[] parts = change.split(" -> ?", -1);
    assertThat(BASE).contains(parts[0]);

    assertThat(print(BASE.replace(parts[0], parts[1]))).isNotEqualTo(print(BASE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "['a','b'] -> ['b','a']",
        "?sign=x -> ?sign=y",
        "'hangupReason':3 -> 'hangupReason':'3'",
        "'hangupReason':3 -> 'hangupReason':3,'callDuration':''",
        "'hangupReason':3 -> 'hangupReason':3,'remark':null"
      })
  void staysTheSameWhenOnlyTheFormDiffers(String change) {
    String[] parts = change.split(" -> ", -1);
    assertThat(BASE).contains(parts[0]);

    assertThat(print(BASE.replace(parts[0], parts[1]))).isEqualTo(print(BASE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'video':'https://cdn.example.com/1.mp4?sign=%s'",
        "'files':[{'at':'http://a.example.com/1?s=%s&t=1','size':3},'https://b.example.com/2?%s']",
      })
  void staysTheSameWhenAnUnknownFieldsAddressIsSignedAnew(String field) {
    String signed = BASE + "," + field;

    assertThat(print(signed.replace("%s", "x"))).isEqualTo(print(signed.replace("%s", "y")));
    assertThat(print(signed.replace("com/", "com/other"))).isNotEqualTo(print(signed));
  }

  @Test
  void aQuestionInAnUnknownFieldCounts() {
    assertThat(print(BASE + ",'note':'why? x'")).isNotEqualTo(print(BASE + ",'note':'why? y'"));
  }

  @Test
  void hardlyEverRepeats() {
    Set<Integer> prints = new HashSet<>();
    for (int i = 0; i < 20_000; i++) {
      prints.add(print(BASE.replace("1.wav", i + ".wav")));
    }

    assertThat(prints).hasSize(20_000).doesNotContain(0);
  }

  private int print(String fields) {
    byte[] bytes = ("{" + fields + "}").replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    try (JsonParser json = new JsonFactory().createParser(bytes)) {
      json.nextToken();
      return parser.parse(json, bytes, 1, ANY).fingerprint();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
