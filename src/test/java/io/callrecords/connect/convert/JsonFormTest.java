package io.callrecords.connect.convert;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.callrecords.connect.Seeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Proves that nothing of a list or a map is lost when it becomes a text. */
class JsonFormTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final List<String> PARTS =
      List.of("VIP", ",", "\"", "\n", "\r", " ", "\t", "\\", "名", "é", "😀", "'", "a", "null");

  private static List<String> texts(Random random) {
    List<String> texts = new ArrayList<>();
    int count = random.nextInt(5);
    for (int i = 0; i < count; i++) {
      StringBuilder text = new StringBuilder();
      int parts = random.nextInt(4);
      for (int part = 0; part < parts; part++) {
        text.append(PARTS.get(random.nextInt(PARTS.size())));
      }
      texts.add(text.toString());
    }
    return texts;
  }

  @RepeatedTest(500)
  void keepsEachText(RepetitionInfo repetition) throws JsonProcessingException {
    List<String> texts = texts(new Random(Seeds.of(repetition)));

    assertThat(JSON.readValue(JsonForm.array(texts), String[].class))
        .containsExactlyElementsOf(texts);
    assertThat(parse(JsonForm.csv(texts))).isEqualTo(texts);
  }

  @RepeatedTest(100)
  void keepsEachField(RepetitionInfo repetition) throws JsonProcessingException {
    Random random = new Random(Seeds.of(repetition));
    Map<String, String> fields = new HashMap<>();
    for (String name : texts(random)) {
      fields.put(name, JSON.writeValueAsString(texts(random)));
    }

    Map<?, ?> read = JSON.readValue(JsonForm.object(fields), Map.class);

    assertThat(read.keySet()).isEqualTo(fields.keySet());
    for (Map.Entry<String, String> field : fields.entrySet()) {
      assertThat(read.get(field.getKey())).isEqualTo(JSON.readValue(field.getValue(), List.class));
    }
  }

  @Test
  void writesWhatPeopleExpect() {
    assertThat(JsonForm.array(List.of("VIP", "call back"))).isEqualTo("[\"VIP\",\"call back\"]");
    assertThat(JsonForm.array(List.of())).isEqualTo("[]");
    assertThat(JsonForm.csv(List.of("VIP", "call back"))).isEqualTo("VIP,call back");
    assertThat(JsonForm.csv(List.of("VIP, Asia"))).isEqualTo("\"VIP, Asia\"");
    assertThat(JsonForm.csv(List.of())).isEmpty();
    assertThat(JsonForm.csv(List.of(""))).isEqualTo("\"\"");
    assertThat(JsonForm.object(Map.of("b", "{\"x\":1}", "a", "7")))
        .isEqualTo("{\"a\":7,\"b\":{\"x\":1}}");
  }

  /** As RFC 4180 has it; a line without anything is a list without elements. */
  private static List<String> parse(String line) {
    List<String> texts = new ArrayList<>();
    int at = 0;
    while (at < line.length() || (at > 0 && line.charAt(at - 1) == ',')) {
      StringBuilder text = new StringBuilder();
      if (at < line.length() && line.charAt(at) == '"') {
        at++;
        while (line.charAt(at) != '"' || line.startsWith("\"\"", at)) {
          at += line.charAt(at) == '"' ? 1 : 0;
          text.append(line.charAt(at));
          at++;
        }
        at++;
      } else {
        while (at < line.length() && line.charAt(at) != ',') {
          text.append(line.charAt(at));
          at++;
        }
      }
      texts.add(text.toString());
      if (at == line.length()) {
        break;
      }
      at++;
    }
    return texts;
  }
}
