package io.callrecords.cli.reconcile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.callrecords.cli.CliException;
import io.callrecords.cli.ExitStatus;
import io.callrecords.cli.topic.MadeUpTopics;
import io.callrecords.cli.topic.TopicPlace;
import io.callrecords.connect.TestSettings;
import io.callrecords.connect.config.CallRecordSourceConfig;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.simulator.Fault;
import io.callrecords.simulator.Quirks;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.storage.Converter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Proves what is told apart at the edges of a comparison: what may still come, and why not. */
class ReconcilerEdgesTest {
  private static final String CALLS = ReconciledAccount.CALLS;

  private static ReconciledAccount account(String... namesAndValues) throws InterruptedException {
    Map<String, String> settings = new HashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      settings.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    ReconciledAccount account =
        new ReconciledAccount(3, 60, 1, 2, Quirks.newBuilder().costs(true).build(), settings);
    account.fill();
    return account;
  }

  private static MadeUpTopics.MadeUpRecord first(ReconciledAccount account) {
    return account.topics.records(CALLS).get(0);
  }

  @Test
  void countsWhatTheConnectorWritesMeanwhile() throws Exception {
    try (ReconciledAccount account = account("emit.updates", "true")) {
      MadeUpTopics.MadeUpRecord record = first(account);
      MadeUpTopics.MadeUpRecord changed = account.topics.records(CALLS).get(1);
      byte[] value = changed.value();
      account.topics.remove(CALLS, one -> one.id().equals(record.id()));
      account.topics.change(CALLS, changed.id(), old -> remarked(old));
      account.topics.beforeReading(
          () -> {
            account.topics.add(CALLS, record.id(), record.key(), record.value(), Instant.now());
            account.topics.add(CALLS, changed.id(), changed.key(), value, Instant.now());
          });

      ReconcileResult result = account.reconcile();

      assertThat(result.isWell()).isTrue();
      assertThat(result.days().digest(DayResult::topicDigest))
          .isEqualTo(result.days().digest(DayResult::apiDigest));
    }
  }

  private static byte[] remarked(byte[] value) {
    return new String(value, UTF_8)
        .replace("\"callDuration\":", "\"callDuration\":1")
        .getBytes(UTF_8);
  }

  @Test
  void tellsApartWhatMayStillCome() throws Exception {
    try (ReconciledAccount account = account("late.arrival.ms", "86400000")) {
      List<MadeUpTopics.MadeUpRecord> records = account.topics.records(CALLS);
      String id = records.get(records.size() - 1).id();
      account.topics.remove(CALLS, one -> one.id().equals(id));

      ReconcileResult result = account.reconcile();

      assertThat(result.isWell()).isTrue();
      assertThat(result.findings()).isEmpty();
      assertThat(result.days().sum(day -> day.pending)).isEqualTo(1);
    }
  }

  @Test
  void knowsACallThatTheFiltersLeaveOut() throws Exception {
    try (ReconciledAccount account = account()) {
      Map<String, String> filtered = account.config.originalsStrings();
      filtered.put("filter.call.types", "incoming");
      CallRecordSourceConfig config = new CallRecordSourceConfig(filtered);
      long others =
          account.topics.records(CALLS).stream()
              .filter(one -> !new String(one.value(), UTF_8).contains("\"callType\":2"))
              .count();

      ReconcileResult result = account.reconcile(config, JsonDecoder::new, Set.of());

      assertThat(others).isPositive();
      assertThat(result.findings())
          .hasSize((int) others)
          .extracting(Discrepancy::kind, Discrepancy::cause)
          .containsOnly(tuple(FindingKind.FOREIGN, FindingCause.FILTERED));
    }
  }

  @Test
  void saysThatTheTopicMayHaveForgotten() throws Exception {
    try (ReconciledAccount account = account()) {
      String id = first(account).id();
      account.topics.remove(CALLS, one -> one.id().equals(id));
      account.topics.loseOldest();

      assertThat(account.reconcile().findings())
          .extracting(Discrepancy::id, Discrepancy::cause)
          .containsExactly(tuple(id, FindingCause.RETENTION));
    }
  }

  @Test
  void saysThatACallMayHaveChangedSince() throws Exception {
    try (ReconciledAccount account = account()) {
      String id = first(account).id();
      account
          .simulator
          .store()
          .edit(id, account.simulator.now(), call -> call.labels(List.of("Changed since")));

      ReconcileResult result = account.reconcile();
      ReconcileResult ignoring = account.reconcile(JsonDecoder::new, Set.of("labels"));

      assertThat(result.findings())
          .extracting(Discrepancy::id, Discrepancy::kind, Discrepancy::cause)
          .containsExactly(tuple(id, FindingKind.DIFFERENT, FindingCause.CHANGED));
      assertThat(ignoring.isWell()).isTrue();
    }
  }

  @Test
  void readsByAnyConverter() throws Exception {
    try (ReconciledAccount account =
        account("cost.format", "decimal", "value.converter.schemas.enable", "true")) {
      JsonConverter converter = new JsonConverter();
      converter.configure(Map.of("schemas.enable", "true"), false);
      String id = first(account).id();

      ReconcileResult healthy =
          account.reconcile(layout -> new ConverterDecoder(layout, converter, CALLS), Set.of());
      account.topics.change(CALLS, id, ReconcilerEdgesTest::remarked);
      ReconcileResult result =
          account.reconcile(layout -> new ConverterDecoder(layout, converter, CALLS), Set.of());

      assertThat(healthy.isWell()).isTrue();
      assertThat(healthy.days().digest(DayResult::apiDigest))
          .isEqualTo(account.reconcile().days().digest(DayResult::apiDigest));
      assertThat(result.findings())
          .extracting(Discrepancy::id, Discrepancy::kind)
          .containsExactly(tuple(id, FindingKind.DIFFERENT));
    }
  }

  /**
   * As Apicurio's converters write unless told otherwise: what a value is stands in its headers.
   */
  @Test
  void readsByAConverterThatNeedsItsHeaders() throws Exception {
    Map<String, String> settings = Map.of("audit.topic", ReconciledAccount.AUDIT);
    try (ReconciledAccount account =
        new ReconciledAccount(3, 60, 1, 2, Quirks.newBuilder().build(), settings)) {
      HeaderConverter converter = new HeaderConverter();
      account.writeBy(converter);
      account.fill();
      String id = first(account).id();
      account.topics.change(CALLS, id, ReconcilerEdgesTest::remarked);

      ReconcileResult result =
          account.reconcile(layout -> new ConverterDecoder(layout, converter, CALLS), Set.of());

      assertThat(result.unreadable()).isZero();
      assertThat(result.audits()).isPositive();
      assertThat(result.findings())
          .singleElement()
          .satisfies(one -> assertThat(one.id()).isEqualTo(id))
          .satisfies(one -> assertThat(one.differences()).hasSize(1));
    }
  }

  @Test
  void cannotSeeWhatItsConverterCannotWrite() throws Exception {
    try (ReconciledAccount account =
        new ReconciledAccount(3, 60, 1, 2, Quirks.newBuilder().build(), Map.of())) {
      HeaderConverter converter = new HeaderConverter();
      account.writeBy(converter);
      account.fill();
      converter.isBroken = true;

      assertThatThrownBy(
              () ->
                  account.reconcile(
                      layout -> new ConverterDecoder(layout, converter, CALLS), Set.of()))
          .isInstanceOfSatisfying(
              CliException.class, e -> assertThat(e.status()).isEqualTo(ExitStatus.UNSEEN))
          .hasMessageContaining("cannot write what the API returns (DataException)");
    }
  }

  /** Reads nothing without the header that it writes. */
  private static final class HeaderConverter implements Converter {
    private static final String FORM = "form";
    private final JsonConverter json = new JsonConverter();
    private boolean isBroken;

    HeaderConverter() {
      configure(Map.of("schemas.enable", "true"), false);
    }

    @Override
    public void configure(Map<String, ?> settings, boolean isKey) {
      json.configure(settings, isKey);
    }

    @Override
    public byte[] fromConnectData(String topic, Schema schema, Object value) {
      throw new DataException("Where would the form go?");
    }

    @Override
    public byte[] fromConnectData(String topic, Headers headers, Schema schema, Object value) {
      if (isBroken) {
        throw new DataException("The registry takes no schema");
      }
      headers.add(FORM, "json".getBytes(UTF_8));
      return json.fromConnectData(topic, schema, value);
    }

    @Override
    public SchemaAndValue toConnectData(String topic, byte[] value) {
      throw new DataException("Which form?");
    }

    @Override
    public SchemaAndValue toConnectData(String topic, Headers headers, byte[] value) {
      if (headers.lastHeader(FORM) == null) {
        throw new DataException("Which form?");
      }
      return json.toConnectData(topic, value);
    }
  }

  @Test
  void isNotWellWithRecordsThatCannotBeRead() throws Exception {
    try (ReconciledAccount account = account()) {
      account.topics.add(CALLS, "x", null, "no JSON".getBytes(UTF_8), Instant.now());

      ReconcileResult result = account.reconcile();

      assertThat(result.isWell()).isFalse();
      assertThat(result.unreadable()).isEqualTo(1);
      TopicPlace place = account.topics.records(CALLS).get(60).place();
      assertThat(result.notes())
          .singleElement()
          .asString()
          .contains("1 record could not be read")
          .contains("partition %d offset %d".formatted(place.partition(), place.offset()))
          .doesNotContain("--value-converter");
      assertThat(ReconcileReport.lines(result, false, null, null))
          .last()
          .isEqualTo("Not well: 1 record could not be read.");
    }
  }

  /** As after a crash: the same window once more, with the same audit. */
  @Test
  void aWindowThatWasSentTwiceIsNotLoadedAgain() throws Exception {
    try (ReconciledAccount account = account("audit.topic", ReconciledAccount.AUDIT)) {
      account.fill();

      ReconcileResult result = account.reconcile();

      assertThat(result.days().count(FindingKind.TWICE)).isEqualTo(60);
      assertThat(result.days().sum(day -> day.replayed)).isZero();
    }
  }

  @Test
  void aRecordExcusesOneRowWithoutAnIdAndNotAll() throws Exception {
    try (ReconciledAccount account =
        account("malformed.records", "topic", "malformed.topic", ReconciledAccount.MALFORMED)) {
      account
          .simulator
          .faults()
          .when(
              request -> true,
              Fault.rewritten("no ids", body -> body.replaceAll("\"callSessionId\"", "\"other\"")));
      String key = "";
      account.topics.add(
          ReconciledAccount.MALFORMED,
          key,
          key.getBytes(UTF_8),
          key.getBytes(UTF_8),
          Instant.now());

      ReconcileResult result = account.reconcile();

      assertThat(result.days().sum(day -> day.malformed)).isEqualTo(60);
      assertThat(result.days().count(FindingKind.MISSING)).isEqualTo(59);
    }
  }

  @Test
  void aCallBehindWhichThereIsNoValueIsDeleted() throws Exception {
    try (ReconciledAccount account = account("late.arrival.ms", "86400000")) {
      List<MadeUpTopics.MadeUpRecord> records = account.topics.records(CALLS);
      MadeUpTopics.MadeUpRecord deleted = records.get(records.size() - 1);
      MadeUpTopics.MadeUpRecord compacted = records.get(1);
      MadeUpTopics.MadeUpRecord again = records.get(2);
      account.topics.remove(CALLS, one -> one.id().equals(compacted.id()));
      for (MadeUpTopics.MadeUpRecord one : List.of(deleted, compacted, again)) {
        account.topics.add(CALLS, one.id(), one.key(), null, Instant.now());
      }
      account.topics.remove(CALLS, one -> one.id().equals(again.id()) && one.value() != null);
      account.topics.add(CALLS, again.id(), again.key(), again.value(), Instant.now());

      ReconcileResult result = account.reconcile();

      assertThat(result.findings())
          .extracting(Discrepancy::id, Discrepancy::kind, Discrepancy::cause)
          .containsExactlyInAnyOrder(
              tuple(deleted.id(), FindingKind.MISSING, FindingCause.DELETED),
              tuple(compacted.id(), FindingKind.MISSING, FindingCause.DELETED));
      assertThat(result.days().sum(day -> day.topic)).isEqualTo(58);
    }
  }

  @Test
  void notesKeysThatAreNotTheId() throws Exception {
    try (ReconciledAccount account = account()) {
      MadeUpTopics.MadeUpRecord first = first(account);
      MadeUpTopics.MadeUpRecord second = account.topics.records(CALLS).get(1);
      account.topics.remove(
          CALLS, one -> one.id().equals(first.id()) || one.id().equals(second.id()));
      account.topics.add(CALLS, first.id(), null, first.value(), Instant.now());
      account.topics.add(
          CALLS, second.id(), "other".getBytes(UTF_8), second.value(), Instant.now());

      ReconcileResult result = account.reconcile();

      assertThat(result.isWell()).isTrue();
      assertThat(result.notes()).anyMatch(note -> note.contains("2 records have no key"));
    }
  }

  @Test
  void namesTheConverterWhereMostRecordsCannotBeRead() throws Exception {
    try (ReconciledAccount account = account()) {
      for (int i = 0; i < 100; i++) {
        account.topics.add(CALLS, "x", null, "no JSON".getBytes(UTF_8), Instant.now());
      }

      ReconcileResult result = account.reconcile();

      assertThat(result.notes())
          .singleElement()
          .asString()
          .contains("100 records could not be read", ", …", "--value-converter");
    }
  }

  @Test
  void saysHowALoadingWouldBeKnown() throws Exception {
    try (ReconciledAccount account = account()) {
      account.fill();

      assertThat(ReconcileReport.lines(account.reconcile(), false, null, null))
          .anyMatch(line -> line.contains("2 times") && line.contains("add.fields=version"));
    }
  }

  @Test
  void leavesOutWhatNoCallIsFoundBy() {
    CallRecordSourceConfig config = new CallRecordSourceConfig(TestSettings.minimal());

    assertThat(CallLayout.mayBeIgnored("labels", config)).isTrue();
    assertThat(CallLayout.mayBeIgnored("callStartTime", config)).isFalse();
    assertThat(CallLayout.mayBeIgnored(CallCenterFeed.create().idField(), config)).isFalse();
    assertThat(CallLayout.mayBeIgnored("lables", config)).isFalse();
  }

  /** As validation and {@code check} have it: exit codes tell a wrong setting from an outage. */
  @ParameterizedTest
  @CsvSource({"-1, USAGE, api.secret", "-31, USAGE, allow-listed", "-22, UNSEEN, filter."})
  void tellsAWrongSettingFromAnApiThatCannotBeRead(int status, ExitStatus expected, String text)
      throws Exception {
    try (ReconciledAccount account = account()) {
      account.simulator.faults().when(request -> true, Fault.status(status));

      assertThatThrownBy(account::reconcile)
          .isInstanceOfSatisfying(
              CliException.class, e -> assertThat(e.status()).isEqualTo(expected))
          .hasMessageContaining("The API cannot be read")
          .hasMessageContaining(text);
    }
  }
}
