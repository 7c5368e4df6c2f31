package io.callrecords.connect.feed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves that an unknown field's text is what a JSON generator would write of it. */
class JsonTextTest {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int[] CHARACTERS = {
    'a', 'Z', '"', '\\', '/', '\n', '\t', '\b', 0, 0x1f, 0x7f, 0xe9, 0x2028, 0x5ba2, 0x1f4de
  };

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "null | null",
        "true | true",
        "-0.00 | -0.00",
        "'' | ''",
        "' a, b: c ' | ' a, b: c '",
        "'\\u0041\\/\\u4e2d' | 'A/\u4e2d'",
        "'caf\u00e9' | 'caf\u00e9'",
        "'\\u001F\\u000a\\\\' | '\\u001F\\n\\\\'",
        "[] | []",
        "{} | {}",
        "{'vip':true,'tries':[1,2.50],'note':'a b'} | {'vip':true,'tries':[1,2.50],'note':'a b'}",
        "[ [], {} , [ [ ] ] ] | [[],{},[[]]]",
        "{ 'a' : { 'b\\u0022' : [ { } , null ] } , 'c' : 1E5 } | {'a':{'b\\'':[{},null]},'c':1E5}",
        "{'a' :\t[ ' ' ]} | {'a':[' ']}"
      })
  void writesAlwaysTheSameForm(String text, String expected) throws IOException {
    assertSame(text.replace('\'', '"'), expected.replace('\'', '"'));
  }

  @RepeatedTest(200)
  void writesAnyValueAsAGeneratorDoes(RepetitionInfo repetition) throws IOException {
    int seed = repetition.getCurrentRepetition();
    String compact = generated(seed, false);

    assertSame(generated(seed, true), compact);
    assertSame(compact, compact);
  }

  private static String generated(int seed, boolean pretty) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = JSON.createGenerator(text)) {
      if (pretty) {
        generator.useDefaultPrettyPrinter();
      }
      write(generator, new SplittableRandom(seed), 0);
    }
    return text.toString();
  }

  private static void write(JsonGenerator generator, SplittableRandom random, int depth)
      throws IOException {
    switch (random.nextInt(depth > 4 ? 4 : 6)) {
      case 0 -> generator.writeNull();
      case 1 -> generator.writeBoolean(random.nextBoolean());
      case 2 -> generator.writeNumber(random.nextDouble());
      case 3 -> generator.writeString(text(random));
      case 4 -> {
        generator.writeStartArray();
        for (int i = random.nextInt(4); i > 0; i--) {
          write(generator, random, depth + 1);
        }
        generator.writeEndArray();
      }
      default -> {
        generator.writeStartObject();
        for (int i = random.nextInt(4); i > 0; i--) {
          generator.writeFieldName(text(random));
          write(generator, random, depth + 1);
        }
        generator.writeEndObject();
      }
    }
  }

  private static String text(SplittableRandom random) {
    return random
        .ints(random.nextInt(8), 0, CHARACTERS.length)
        .map(i -> CHARACTERS[i])
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static void assertSame(String text, String expected) throws IOException {
    byte[] page = ("[" + text + ",1]").getBytes(StandardCharsets.UTF_8);
    try (JsonParser json = JSON.createParser(page)) {
      json.nextToken();
      json.nextToken();
      assertThat(JsonText.of(json, page)).isEqualTo(expected);
      assertThat(json.nextToken()).as("what follows").isEqualTo(JsonToken.VALUE_NUMBER_INT);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0.0, 0",
    "12, 12",
    "12.0, 12",
    "1.2E1, 12",
    "120e-1, 12",
    "-12.00, -12",
    "4.915199887766E12, 4915199887766",
    "1E63, 1000000000000000000000000000000000000000000000000000000000000000"
  })
  void writesAWholeNumberWithoutPointAndExponent(String number, String expected) {
    assertThat(JsonText.wholeNumber(number)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.5",
        "1234567.5",
        "12e-1",
        "1E64",
        "1E400",
        "1E2147483647",
        "10E2147483647",
        "1e99999999999",
        "11111111111111111111111111111111111111111111111111111111111111111"
      })
  void knowsNoOtherWholeNumber(String number) {
    assertThat(JsonText.wholeNumber(number)).isNull();
  }
}
