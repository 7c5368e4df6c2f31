package io.callrecords.cli.reconcile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.cli.topic.MadeUpTopics;
import io.callrecords.connect.Seeds;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.RowVersion;
import io.callrecords.simulator.Call;
import io.callrecords.simulator.Quirks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/**
 * Draws accounts, forms and faults of a topic from seeds: each fault is found, as what it is and
 * with its cause, and nothing else.
 */
class ReconcilerTest {
  private static final int CALLS = 250;
  private static final int DAYS = 4;

  private Random random = new Random();
  private final Map<String, String> expected = new TreeMap<>();
  private final Map<String, String> fields = new HashMap<>();
  private final Set<String> used = new HashSet<>();

  @RepeatedTest(12)
  void findsEachFaultAndNothingElse(RepetitionInfo repetition) throws Exception {
    long seed = Seeds.of(repetition);
    random = new Random(seed);
    Map<String, String> settings = settings();
    Quirks quirks =
        Quirks.newBuilder()
            .costs(random.nextBoolean())
            .unknownFields(random.nextBoolean())
            .durationAsText(random.nextBoolean())
            .malformedEvery(random.nextBoolean() ? 0 : 20)
            .build();
    try (ReconciledAccount account =
        new ReconciledAccount(seed, CALLS, DAYS, 1 + random.nextInt(3), quirks, settings)) {
      account.fill();
      ReconcileResult healthy = account.reconcile();
      boolean hasMalformed = noteMalformed(healthy, settings);
      assertThat(found(healthy)).as("seed %s, healthy", seed).isEqualTo(expected);
      assertThat(healthy.isWell()).isEqualTo(!hasMalformed);
      if (!hasMalformed) {
        assertThat(healthy.days().digest(DayResult::topicDigest))
            .isEqualTo(healthy.days().digest(DayResult::apiDigest));
      }
      boolean isReplayed = random.nextInt(3) == 0;
      if (isReplayed) {
        replayADay(account);
      }
      drawFaults(account, isReplayed);

      ReconcileResult result = account.reconcile();

      assertThat(found(result)).as("seed %s", seed).isEqualTo(expected);
      assertThat(result.isWell()).as("seed %s", seed).isEqualTo(expected.isEmpty());
      assertThat(differing(result)).as("seed %s", seed).isEqualTo(fields);
      if (isReplayed) {
        assertThat(result.days().sum(day -> day.replayed)).as("seed %s", seed).isPositive();
      }
      assertThat(account.reconcile().days().digest(DayResult::apiDigest))
          .isEqualTo(result.days().digest(DayResult::apiDigest));
    }
  }

  private Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    settings.put("labels.format", one("array", "json", "csv"));
    settings.put("extra.format", one("map", "json", "none"));
    settings.put("times.format", one("timestamp", "iso", "epoch.millis"));
    settings.put("cost.format", one("text", "decimal"));
    settings.put("emit.updates", one("true", "false"));
    settings.put("value.converter.schemas.enable", one("true", "false"));
    settings.put("record.timestamp", one("ingest", "call.start", "call.end"));
    settings.put("audit.topic", ReconciledAccount.AUDIT);
    settings.put("malformed.records", one("skip", "topic"));
    if (settings.get("malformed.records").equals("topic")) {
      settings.put("malformed.topic", ReconciledAccount.MALFORMED);
    }
    if (random.nextBoolean()) {
      settings.put("add.fields", "readAt,version");
    }
    if (random.nextBoolean()) {
      settings.put("fields.exclude", "remark");
      settings.put("fields.pseudonymize", "called,agentName");
      settings.put("fields.pseudonymize.key", "a-key-that-is-long-enough-for-it-0123456789");
    }
    return settings;
  }

  private String one(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  /** Rows that cannot be converted are missing, unless they are in the topic for them. */
  private boolean noteMalformed(ReconcileResult healthy, Map<String, String> settings) {
    boolean isMissing =
        settings.get("malformed.records").equals("skip")
            && healthy.days().sum(day -> day.malformed) > 0;
    if (isMissing) {
      for (Discrepancy one : healthy.findings()) {
        if (one.cause() == FindingCause.MALFORMED) {
          note(String.valueOf(one.id()), "missing malformed");
        }
      }
      assertThat((long) expected.size()).isEqualTo(healthy.days().sum(day -> day.malformed));
    }
    return isMissing;
  }

  /** All of a day comes once more, which its audits say. */
  private void replayADay(ReconciledAccount account) throws InterruptedException {
    List<MadeUpTopics.MadeUpRecord> records = account.topics.records(ReconciledAccount.CALLS);
    String id = records.get(random.nextInt(records.size())).id();
    Call call = account.simulator.store().find(id, account.simulator.now()).orElseThrow();
    Split day = Split.of(call.start());
    account.send(day.range().intersection(account.range), RowVersion.REPLAYED);
  }

  private void drawFaults(ReconciledAccount account, boolean isReplayed) {
    for (int i = 0; i < 3; i++) {
      switch (random.nextInt(7)) {
        case 0 -> delete(account);
        case 1 -> {
          if (!isReplayed) {
            repeat(account);
          }
        }
        case 2 -> edit(account);
        case 3 -> add(account);
        case 4 -> addLate(account);
        case 5 -> addLong(account);
        default -> move(account);
      }
    }
    if (random.nextInt(4) == 0) {
      loseADay(account);
    }
  }

  private void note(String id, String what) {
    expected.put(id, what);
    used.add(id);
  }

  /** A call of the topic that nothing is wrong with yet. */
  private String draw(ReconciledAccount account) {
    List<String> ids = new ArrayList<>(new HashSet<>(ids(account)));
    Collections.sort(ids);
    ids.removeAll(used);
    String id = ids.get(random.nextInt(ids.size()));
    used.add(id);
    return id;
  }

  private static List<String> ids(ReconciledAccount account) {
    return account.topics.records(ReconciledAccount.CALLS).stream()
        .map(MadeUpTopics.MadeUpRecord::id)
        .toList();
  }

  private void delete(ReconciledAccount account) {
    String id = draw(account);
    account.topics.remove(ReconciledAccount.CALLS, one -> one.id().equals(id));
    note(id, "missing lost");
  }

  private void repeat(ReconciledAccount account) {
    String id = draw(account);
    account.topics.repeat(ReconciledAccount.CALLS, id);
    note(id, "twice unknown");
  }

  private void edit(ReconciledAccount account) {
    String id = draw(account);
    account.topics.change(
        ReconciledAccount.CALLS,
        id,
        value -> replace(value, "\"ccodeName\":\"", "\"ccodeName\":\"X"));
    note(id, "different unknown");
    fields.put(id, "ccodeName");
  }

  /** The time of a call of the topic is changed, so that it lies on another day or out of all. */
  private void move(ReconciledAccount account) {
    if (!account.config.getString("times.format").equals("epoch.millis")) {
      return;
    }
    String id = draw(account);
    Call call = account.simulator.store().find(id, account.simulator.now()).orElseThrow();
    long millis = call.start().toEpochMilli();
    long other = millis + (random.nextBoolean() ? 1 : -30) * Duration.ofDays(1).toMillis();
    account.topics.change(
        ReconciledAccount.CALLS,
        id,
        value -> replace(value, "\"callStartTime\":" + millis, "\"callStartTime\":" + other));
    note(id, "different moved");
    fields.put(id, "callStartTime");
  }

  private static byte[] replace(byte[] value, String from, String to) {
    String text = new String(value, UTF_8);
    assertThat(text).contains(from);
    return text.replace(from, to).getBytes(UTF_8);
  }

  /** A record with an id that the API does not know. */
  private void add(ReconciledAccount account) {
    String id = draw(account);
    String other = "9" + id;
    MadeUpTopics.MadeUpRecord record =
        account.topics.records(ReconciledAccount.CALLS).stream()
            .filter(one -> one.id().equals(id))
            .findFirst()
            .orElseThrow();
    byte[] value = record.value();
    assertThat(value).isNotNull();
    account.topics.add(
        ReconciledAccount.CALLS,
        other,
        other.getBytes(UTF_8),
        replace(value, "\"callSessionId\":\"" + id, "\"callSessionId\":\"" + other),
        Instant.now());
    note(other, "foreign gone");
  }

  /** A call that the API shows only after its window was settled. */
  private void addLate(ReconciledAccount account) {
    TimeRange range = account.range;
    Instant start = range.from().plusSeconds(random.nextInt((int) range.seconds() - 60));
    Call call =
        account
            .simulator
            .generator()
            .starting(start, Duration.ofSeconds(20))
            .with(one -> one.appearsAt(account.simulator.now()));
    account.simulator.store().add(call);
    // Whatever the window has lost besides, it has more now than when it was settled.
    note(call.callSessionId(), "missing late");
  }

  /** A call that takes longer than a call may be late. */
  private void addLong(ReconciledAccount account) {
    Instant start = account.range.from().plusSeconds(random.nextInt(3_600));
    Call call =
        account
            .simulator
            .generator()
            .starting(start, Duration.ofSeconds(20))
            .with(
                one ->
                    one.end(start.plus(ReconciledAccount.LATE_ARRIVAL).plusSeconds(1))
                        .appearsAt(account.simulator.now()));
    account.simulator.store().add(call);
    note(call.callSessionId(), "missing late");
  }

  private void loseADay(ReconciledAccount account) {
    Split day = Split.of(account.range.from().plus(Duration.ofDays(random.nextInt(DAYS))));
    Instant now = account.simulator.now();
    for (String id : new HashSet<>(ids(account))) {
      Call call = account.simulator.store().find(id, now).orElse(null);
      boolean isOfDay = call != null && day.range().contains(call.start().getEpochSecond());
      if (isOfDay && !used.contains(id)) {
        account.topics.remove(ReconciledAccount.CALLS, one -> one.id().equals(id));
        note(id, "missing lost");
      }
    }
  }

  /** What was found, by id: its kind and its cause. */
  private Map<String, String> found(ReconcileResult result) {
    Map<String, String> found = new TreeMap<>();
    for (Discrepancy one : result.findings()) {
      String what = one.kind().word() + " " + one.cause().word();
      String id = String.valueOf(one.id());
      String wanted = expected.getOrDefault(id, "");
      // In a window that has grown, what was lost cannot be told from what has come late; and what
      // comes late may be a row that cannot be converted.
      boolean isEither =
          (what.equals("missing late") && wanted.equals("missing lost"))
              || (what.equals("missing malformed") && wanted.equals("missing late"));
      found.merge(id, isEither ? wanted : what, (a, b) -> a + " and " + b);
    }
    return found;
  }

  private static Map<String, String> differing(ReconcileResult result) {
    Map<String, String> fields = new HashMap<>();
    for (Discrepancy one : result.findings()) {
      if (one.kind() == FindingKind.DIFFERENT) {
        fields.put(
            String.valueOf(one.id()),
            String.join(
                ",", one.differences().stream().map(Discrepancy.FieldDifference::field).toList()));
      }
    }
    return fields;
  }
}
