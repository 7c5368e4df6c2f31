package io.callrecords.connect.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.config.CostFormat;
import io.callrecords.connect.config.PrivacyOptions;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Timestamp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves what is left of the JSON of a row that becomes no record. */
class RowTextTest {
  private static final Password KEY = new Password("0123456789abcdef0123456789abcdef");
  private static final Schema SCHEMA =
      SchemaBuilder.struct()
          .field("id", Schema.STRING_SCHEMA)
          .field("called", Schema.STRING_SCHEMA)
          .field("caller", Schema.STRING_SCHEMA)
          .field("labels", SchemaBuilder.array(Schema.STRING_SCHEMA).build())
          .field("remark", Schema.STRING_SCHEMA)
          .field("duration", Schema.INT32_SCHEMA)
          .field("start", Timestamp.SCHEMA)
          .build();
  private static final int MAX_BYTES = 1_000;

  private final PrivacyRules rules =
      new PrivacyRules(
          new PrivacyOptions(
              Set.of("remark"), Set.of("called", "labels"), KEY, false, Set.of("queue")));

  private String of(PrivacyRules applied, String row) {
    byte[] page = ("[" + row + ",7]").replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return new RowText(applied, readers(applied), MAX_BYTES)
        .of(page, page, 1, page.length - 4)
        .replace('"', '\'');
  }

  private static Map<String, FieldReader> readers(PrivacyRules applied) {
    Feed feed = CallCenterFeed.create();
    NaiveTime times = new NaiveTime(ZoneOffset.UTC);
    return SCHEMA.fields().stream()
        .collect(
            Collectors.toMap(
                Field::name,
                field -> new FieldReader(field, feed, "start", times, applied, CostFormat.TEXT)));
  }

  private String token(String text) {
    return rules.token("called", text);
  }

  @Test
  void isTheRowItselfWithoutRules() {
    assertThat(of(PrivacyRules.NONE, "{ 'called' : '1', 'remark':'x'}"))
        .isEqualTo("{ 'called' : '1', 'remark':'x'}");
  }

  @Test
  void hasWhatPassesAndTokens() {
    assertThat(
            of(
                rules,
                "{'id':'7','called':'+49 151 99887766','caller':'12','remark':'x','labels':['a',2],"
                    + "'queue':{'n':[1,{'x':null}]},'more':{'called':'1'},'score':4.50}"))
        .isEqualTo(
            "{'id':'7','called':'%s','caller':'12','labels':['%s','%s'],'queue':{'n':[1,{'x':null}]}}",
            token("4915199887766"), token("a"), token("2"));
  }

  /** Numbers and truths have tokens as well; lists have them one by one; the rest has none. */
  @Test
  void hasNoPlainValueOfWhateverForm() {
    assertThat(of(rules, "{'called':4915199887766}"))
        .isEqualTo("{'called':'%s'}", token("4915199887766"));
    assertThat(of(rules, "{'called':null,'labels':'VIP'}"))
        .isEqualTo("{'called':null,'labels':'%s'}", token("VIP"));
    assertThat(of(rules, "{'called':{'number':'4915199887766'},'id':1}")).isEqualTo("{'id':1}");
    assertThat(of(rules, "{'labels':['a',['b'],{'c':'d'},null]}"))
        .isEqualTo("{'labels':['%s',null]}", token("a"));
    assertThat(of(rules, "{'called':'1','called':'2'}"))
        .isEqualTo("{'called':'%s','called':'%s'}", token("1"), token("2"));
    assertThat(of(rules, "{'Called':'1','\\u0063alled':'1'}"))
        .isEqualTo("{'called':'%s'}", token("1"));
    assertThat(of(rules, "{'remark':{'a':[1]},'remark':7}")).isEqualTo("{}");
  }

  /** Nobody has said of what stands in an object that it may pass, although the field may. */
  @Test
  void hasNoObjectWhereTheSchemaHasNone() {
    String object = "{'name':'G','called':'4915199887766'}";

    assertThat(of(rules, "{'id':'7','caller':" + object + "}")).isEqualTo("{'id':'7'}");
    assertThat(
            of(
                rules,
                "{'id':%s,'caller':['a',%s,[%s],['b'],7,null]}".formatted(object, object, object)))
        .isEqualTo("{'caller':['a',7,null]}");
    assertThat(of(rules, "{'queue':[%s],'caller':[[]]}".formatted(object)))
        .isEqualTo("{'queue':[%s],'caller':[]}", object);
    assertThat(of(PrivacyRules.NONE, "{'caller':" + object + "}"))
        .isEqualTo("{'caller':%s}", object);
  }

  /** Where columns are mixed up, it is another field's: a phone number, most likely. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "'duration':4915199887766",
        "'duration':'0705C049'",
        "'duration':'1.5'",
        "'duration':[12]",
        "'start':'4915199887766'",
        "'start':4915199887766",
        "'start':'call me 4915199887766'",
        "'start':'31/12/2026'",
        "'start':'0000-00-00 4915199887766'",
        "'start':'2026-11-01 08:00:00.4915199887766'",
        "'start':'2026-11-01T08:00:00Z[4915199887766]'",
        "'start':true"
      })
  void hasNothingThatIsNoNumberOrTimeInThePlaceOfOne(String field) {
    assertThat(of(rules, "{'id':'7'," + field + "}")).isEqualTo("{'id':'7'}");
    assertThat(of(PrivacyRules.NONE, "{'id':'7'," + field + "}")).contains(field);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'duration':12",
        "'duration':'12.0'",
        "'duration':' '",
        "'duration':null",
        "'start':'2026-11-01 08:00:00'",
        "'start':'2026-11-01T08:00:00.123+08:00'",
        "'start':'0000-00-00 00:00:00'",
        "'start':''"
      })
  void hasNumbersAndTimes(String field) {
    assertThat(of(rules, "{" + field + "}")).isEqualTo("{" + field + "}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"'4915199887766'", "['4915199887766']", "4915199887766", "null", "true"})
  void isNothingOfARowThatIsNoObject(String row) {
    assertThat(of(rules, row)).isEqualTo("{}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{'called':'49151", "{'caller':'1','called':4x}", "{'caller'"})
  void isNothingOfARowThatIsNoJson(String row) {
    assertThat(of(rules, row)).isEqualTo("{}");
  }

  @Test
  void numbersKeepTheirDigits() {
    assertThat(of(rules, "{'caller':12345678901234567890.10,'id':1E400}"))
        .isEqualTo("{'caller':12345678901234567890.10,'id':1E400}");
  }

  /** A token is longer than what it stands for; many of them must not fill the heap. */
  @Test
  void isTruncatedWhereTokensMakeItLonger() {
    String elements = "'1',".repeat(100_000);

    assertThat(of(rules, "{'labels':[" + elements + "'1']}"))
        .hasSize(MAX_BYTES)
        .startsWith("{'labels':['" + token("1"));
    assertThat(of(rules, "{" + "'called':'1',".repeat(10_000) + "'called':'1'}"))
        .hasSize(MAX_BYTES);
    assertThat(of(rules, "{'caller':'" + "é".repeat(2_000) + "'}")).hasSizeBetween(500, MAX_BYTES);
  }
}
