package io.callrecords.connect.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.callrecords.connect.config.PrivacyOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves what is left of a row where it is read, whatever becomes of the row. */
class PrivacyRulesTest {
  private static final QueryRange ANY = new QueryRange(0, Integer.MAX_VALUE);
  private static final Password KEY = new Password("0123456789abcdef0123456789abcdef");
  private static final String ID = "'callSessionId':'1','callStartTime':'2026-11-01 08:00:00'";

  private final Feed feed = CallCenterFeed.create();
  private final PrivacyRules rules =
      rules(Set.of("remark", "labels", "callDuration"), Set.of("called", "caller"), Set.of());

  private static PrivacyRules rules(
      Set<String> excluded, Set<String> pseudonymized, @Nullable Set<String> extra) {
    return new PrivacyRules(new PrivacyOptions(excluded, pseudonymized, KEY, false, extra));
  }

  private Row parse(PrivacyRules applied, String fields) {
    byte[] bytes =
        ("{" + ID + "," + fields + "}").replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    try (JsonParser json = new JsonFactory().createParser(bytes)) {
      json.nextToken();
      return new RecordParser(feed, "callStartTime", ZoneOffset.UTC, applied)
          .parse(json, bytes, 1, ANY);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Struct value(PrivacyRules applied, String fields) {
    return ((FeedRecord) parse(applied, fields)).value();
  }

  // ---- records

  @Test
  void leaveARecordAsItIsWhereThereAreNone() {
    String fields = "'called':'4915199887766','remark':'x','labels':['a'],'queue':7";

    assertThat(PrivacyRules.NONE.isEmpty()).isTrue();
    assertThat(parse(PrivacyRules.NONE, fields))
        .isEqualTo(parse(rules(Set.of(), Set.of(), null), fields));
    assertThat(value(PrivacyRules.NONE, fields).getString("called")).isEqualTo("4915199887766");
    assertThat(value(PrivacyRules.NONE, fields).getMap("extra")).isEqualTo(Map.of("queue", "7"));
  }

  /** The schema stays the same, so that no registry and no table has to change. */
  @Test
  void makeAFieldNullThatIsExcluded() {
    Struct value =
        value(rules, "'remark':'x','labels':['a'],'callDuration':7,'agentName':'y','queue':7");

    assertThat(value.schema()).isEqualTo(feed.schema());
    assertThat(value.get("remark")).isNull();
    assertThat(value.get("labels")).isNull();
    assertThat(value.get("callDuration")).isNull();
    assertThat(value.get("extra")).isNull();
    assertThat(value.get("agentName")).isEqualTo("y");
  }

  @Test
  void makeATokenOfATextThatIsPseudonymized() {
    Struct value = value(rules, "'called':'+49 151 99887766','caller':4915199887766");

    assertThat(value.getString("called"))
        .isEqualTo(rules.token("called", "4915199887766"))
        .isEqualTo(value.getString("caller"));
    assertThat(value(rules, "'called':'','caller':null").getString("called")).isEmpty();
    assertThat(value(rules, "'called':'','caller':null").get("caller")).isNull();
  }

  @Test
  void makeATokenOfEachElementOfAList() {
    PrivacyRules labels = rules(Set.of(), Set.of("labels"), Set.of());

    assertThat(value(labels, "'labels':['VIP',null,7]").getArray("labels"))
        .isEqualTo(List.of(labels.token("labels", "VIP"), labels.token("labels", "7")));
  }

  /**
   * Whatever digits and exponent a number of JSON has; elsewhere than in these two it is a text.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "4915199887766",
        "4915199887766.0",
        "4915199887766.000",
        "4.915199887766E12",
        "49151998877660e-1",
        "'4915199887766.0'",
        "'\\u202a+49 (0)151 99887766\\u202c'"
      })
  void knowAPhoneNumberHoweverItIsWritten(String json) {
    Struct value = value(rules, "'called':%1$s,'caller':%1$s".formatted(json));

    assertThat(value.getString("called"))
        .isEqualTo(value.getString("caller"))
        .isEqualTo(rules.token("called", "4915199887766"));
  }

  @Test
  void takeNoOtherFieldOrNumberForAPhoneNumber() {
    PrivacyRules others = rules(Set.of(), Set.of("agentAccount", "cost", "called"), Set.of());
    assertThat(
            tokens(others, "agentAccount", "'0012345678'", "'12345678'", "12345678.5", "-12345678"))
        .hasSize(4);
    assertThat(tokens(others, "cost", "1234567.5", "'12345675'", "1e400", "1E2147483647"))
        .hasSize(4);
    assertThat(tokens(others, "cost", "12", "12.0", "1.2E1", "'12'")).hasSize(1);
    assertThat(tokens(others, "called", "1234567.5", "-12345675", "12345675")).hasSize(3);
  }

  private Set<String> tokens(PrivacyRules applied, String field, String... forms) {
    return Arrays.stream(forms)
        .map(form -> value(applied, "'%s':%s".formatted(field, form)).getString(field))
        .collect(Collectors.toSet());
  }

  @Test
  void letOnlyThoseUnknownFieldsPassThatAreNamed() {
    String fields = "'queue':7,'number':'4915199887766','tree':{'a':[1]},'extra':{'x':1}";

    assertThat(value(rules, fields).get("extra")).isNull();
    assertThat(value(rules(Set.of(), Set.of(), Set.of("queue")), fields).getMap("extra"))
        .isEqualTo(Map.of("queue", "7"));
    assertThat(value(rules(Set.of("remark"), Set.of(), null), fields).getMap("extra")).hasSize(4);
  }

  /** What is not read cannot be wrong. */
  @ParameterizedTest
  @ValueSource(
      strings = {"'a while'", "{'a':[{'b':1}]}", "[1,[2]]", "99999999999", "true", "null", "''"})
  void doNotReadWhatIsExcluded(String json) {
    Row row = parse(rules, "'callDuration':%1$s,'remark':%1$s,'agentName':'y'".formatted(json));

    assertThat(row).isInstanceOf(FeedRecord.class);
    assertThat(((FeedRecord) row).value().get("agentName")).isEqualTo("y");
  }

  /** Topics need not take what does not reach them. */
  @Test
  void measureWhatIsLeftOfARow() {
    String most = "x".repeat(300_000);

    assertThat(parse(rules, "'remark':'%1$s','called':'%1$s','new':'%1$s'".formatted(most)))
        .isInstanceOf(FeedRecord.class);
    assertThat(((MalformedRecord) parse(rules, "'agentName':'%s'".formatted(most))).reason())
        .endsWith("record is larger than 256 KiB, and truncated to that");
    assertThat(parse(rules, "'agentName':'%s'".formatted(most.substring(0, 200_000))))
        .isInstanceOf(FeedRecord.class);
    assertThat(((MalformedRecord) parse(rules, "'remark':'%s','callType':'x'".formatted(most))))
        .satisfies(row -> assertThat(row.field()).isEqualTo("callType"))
        .satisfies(row -> assertThat(row.json()).hasSizeLessThan(100));
  }

  // ---- versions

  @Test
  void aFingerprintDiffersWithWhatIsLeft() {
    int before = parse(rules, "'called':'4915199887766'").fingerprint();

    assertThat(parse(rules, "'called':'4915199887767'").fingerprint()).isNotEqualTo(before);
    assertThat(parse(rules, "'called':'+49 151 99887766'").fingerprint()).isEqualTo(before);
    assertThat(parse(rules, "'called':'4915199887766','remark':'x','labels':['a']").fingerprint())
        .isEqualTo(before);
  }

  /** It is stored in offsets: without the key, nobody may find out the number by trying. */
  @Test
  void aFingerprintCannotBeComputedWithoutTheKey() {
    PrivacyRules other =
        new PrivacyRules(
            new PrivacyOptions(
                Set.of(), Set.of("called"), new Password("x".repeat(32)), false, Set.of()));
    String fields = "'called':'4915199887766'";

    assertThat(parse(rules, fields).fingerprint())
        .isNotEqualTo(parse(other, fields).fingerprint())
        .isNotEqualTo(parse(PrivacyRules.NONE, fields).fingerprint());
  }

  /** What a join has split is put together even if the list is left out that it was split by. */
  @Test
  void partsOfARecordAreRecognizedByAListThatIsExcluded() {
    Row whole = parse(rules, "'labels':['a','b']");
    Row one = parse(rules, "'labels':['a']");
    Row other = parse(rules, "'labels':['b']");

    assertThat(JoinedRows.count(whole)).isEqualTo(2);
    assertThat(JoinedRows.union(one, other)).contains(whole);
    assertThat(JoinedRows.isPartOf(whole, one)).isTrue();
    assertThat(JoinedRows.isPartOf(one, other)).isFalse();
    assertThat(JoinedRows.union(one, parse(rules, "'labels':['a']"))).isEmpty();
    assertThat(JoinedRows.union(one, parse(rules, "'labels':null"))).contains(one);
    assertThat(JoinedRows.count(parse(rules, "'labels':[]"))).isOne();
    assertThat(((FeedRecord) whole).value().get("labels")).isNull();
  }

  /** Nor does a list without end fill the heap because it is left out. */
  @Test
  void hardlyAnythingIsKeptOfAListThatIsExcluded() {
    FeedRecord record =
        (FeedRecord) parse(rules, "'labels':[" + "'a',".repeat(5_000) + "['b'],null,'c']");

    assertThat(record.excludedLists().get("labels")).hasSize(200);
  }

  // ---- malformed rows

  @Test
  void holdForARowThatCannotBeConverted() {
    MalformedRecord row =
        (MalformedRecord)
            parse(
                rules,
                "'callType':'x','called':'4915199887766','remark':'y','caller':{'a':'4915199887766'}"
                    + ",'queue':'4915199887766','agentName':'z'");

    assertThat(row.key()).isEqualTo("1");
    assertThat(row.json().replace('"', '\''))
        .isEqualTo(
            "{%s,'called':'%s','agentName':'z'}", ID, rules.token("called", "4915199887766"));
  }

  @Test
  void holdForARowOfAnotherTime() {
    byte[] bytes =
        ("{" + ID + ",'called':'4915199887766','remark':'y'}")
            .replace('\'', '"')
            .getBytes(StandardCharsets.UTF_8);
    try (JsonParser json = new JsonFactory().createParser(bytes)) {
      json.nextToken();
      Row row =
          new RecordParser(feed, "callStartTime", ZoneOffset.UTC, rules)
              .parse(json, bytes, 1, new QueryRange(0, 10));

      assertThat(((OutOfRangeRecord) row).asMalformed().json().replace('"', '\''))
          .isEqualTo("{%s,'called':'%s'}", ID, rules.token("called", "4915199887766"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Rows that differ in hidden values only are two rows, as they would be if nothing was hidden.
   */
  @Test
  void theIdOfARowWithoutOneDiffersWithWhatIsHiddenIfThereIsAKey() {
    for (String field : List.of("remark", "called", "labels", "new")) {
      MalformedRecord row = withoutId(rules, "'%s':'4915199887766'".formatted(field));
      assertThat(row.id()).startsWith("!").hasSize(33).doesNotContain("4915199887766");
      assertThat(withoutId(rules, "'%s':'4915199887767'".formatted(field)).id())
          .isNotEqualTo(row.id());
      assertThat(withoutId(rules, "'%s':'4915199887766'".formatted(field))).isEqualTo(row);
    }
    assertThat(withoutId(rules, "'remark':'https://a.b/c?sign=x','callType':1").id())
        .isEqualTo(withoutId(rules, "'remark':'https://a.b/c?sign=y','callType':1").id())
        .isNotEqualTo(withoutId(rules, "'remark':'https://a.b/c?sign=y','callType':2").id())
        .isNotEqualTo(withoutId(rules, "'remark':'https://a.b/d?sign=x','callType':1").id());
  }

  /** It stands in offsets: without the key, nobody may find out by trying what is hidden. */
  @Test
  void theIdOfARowWithoutOneCannotBeComputedWithoutTheKey() {
    PrivacyRules other =
        new PrivacyRules(
            new PrivacyOptions(
                Set.of("remark"), Set.of(), new Password("x".repeat(32)), false, Set.of()));
    PrivacyRules keyless =
        new PrivacyRules(new PrivacyOptions(Set.of("remark"), Set.of(), null, false, Set.of()));

    assertThat(withoutId(rules, "'remark':'x'").id())
        .isNotEqualTo(withoutId(other, "'remark':'x'").id());
    assertThat(withoutId(keyless, "'remark':'x'").id())
        .isEqualTo(withoutId(keyless, "'remark':'y'").id())
        .isNotEqualTo(withoutId(keyless, "'remark':'y','caller':'z'").id());
  }

  /** One that can be read is its id, whatever else is hidden. */
  @Test
  void aRowWithAnIdKeepsIt() {
    assertThat(parse(rules, "'callType':'x','remark':'y'").id()).isEqualTo("!1");
  }

  private MalformedRecord withoutId(PrivacyRules applied, String fields) {
    byte[] bytes =
        ("[{" + fields + "},{'a':1}]").replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    try (JsonParser json = new JsonFactory().createParser(bytes)) {
      json.nextToken();
      json.nextToken();
      return (MalformedRecord)
          new RecordParser(feed, "callStartTime", ZoneOffset.UTC, applied)
              .parse(json, bytes, 1, ANY);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // ---- what no settings ask for

  @ParameterizedTest
  @ValueSource(strings = {"callSessionId", "callStartTime", "callEndTime"})
  void cannotConcernWhatTheConnectorNeeds(String field) {
    for (PrivacyRules wrong :
        List.of(
            rules(Set.of(field), Set.of(), Set.of()), rules(Set.of(), Set.of(field), Set.of()))) {
      assertThatThrownBy(() -> parse(wrong, "'a':1"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(field);
    }
  }

  @Test
  void makeNoTokenWithoutAKeyOrOfANumber() {
    PrivacyOptions withoutKey =
        new PrivacyOptions(Set.of(), Set.of("called"), null, false, Set.of());

    assertThatThrownBy(() -> new PrivacyRules(withoutKey)).hasMessageContaining("key");
    assertThatThrownBy(() -> parse(rules(Set.of(), Set.of("callType"), Set.of()), "'a':1"))
        .hasMessageContaining("callType");
  }
}
