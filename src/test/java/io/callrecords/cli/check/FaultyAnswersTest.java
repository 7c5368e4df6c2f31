package io.callrecords.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.callrecords.simulator.OutOfRange;
import io.callrecords.simulator.Quirks;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A fault of a moment, and clocks that differ, are not taken for what the API always does. */
class FaultyAnswersTest {
  private static final Quirks REFUSING =
      Quirks.newBuilder().retentionDays(60).tooOld(OutOfRange.TIME_RANGE_STATUS).build();

  private static Fact examine(
      FactProbe probe, Quirks quirks, BiConsumer<JsonNode, ObjectNode> alteration)
      throws Exception {
    VirtualAccount account = new VirtualAccount(quirks, 5);
    return probe.examine(account.survey(account.caller(new AlteredAnswers(account, alteration))));
  }

  private static boolean isEmpty(JsonNode request, ObjectNode answer) {
    return request.path("current").asInt() == 1
        && answer.at("/data/records").isArray()
        && answer.at("/data/records").isEmpty();
  }

  @Test
  void bothKindsOfAnEmptyAnswerAreNoFact() throws Exception {
    int[] empty = new int[1];
    Fact fact =
        examine(
            new EmptyAnswerProbe(),
            Quirks.defaults(),
            (request, answer) -> {
              if (isEmpty(request, answer) && empty[0]++ == 0) {
                answer.putNull("data");
              }
            });

    assertThat(fact.value()).as(fact.text()).isNull();
    assertThat(fact.text()).contains("both", "data null", "records empty");
  }

  @Test
  void noDataForOneRangeIsNoFact() throws Exception {
    int[] empty = new int[1];
    Fact fact =
        examine(
            new EmptyAnswerProbe(),
            Quirks.defaults(),
            (request, answer) -> {
              if (isEmpty(request, answer)) {
                answer.putNull("data").put("status", empty[0]++ == 0 ? "0" : "-22");
              }
            });

    assertThat(fact.value()).as(fact.text()).isNull();
    assertThat(fact.text()).contains("one range only");
  }

  @Test
  void noDataForSeveralRangesIsOne() throws Exception {
    Fact fact =
        examine(
            new EmptyAnswerProbe(),
            Quirks.defaults(),
            (request, answer) -> {
              if (isEmpty(request, answer)) {
                answer.putNull("data");
              }
            });

    assertThat(fact.value()).as(fact.text()).isEqualTo("data null");
  }

  private static long daysBack(JsonNode request) {
    Instant from = OffsetDateTime.parse(request.at("/params/strTime").asText()).toInstant();
    return Duration.between(from, Instant.parse("2026-11-20T09:00:00Z").plusSeconds(600)).toDays();
  }

  @Test
  void aRefusalThatPassesIsNotBelieved() throws Exception {
    int[] refused = new int[1];
    Fact fact =
        examine(
            new RetentionProbe(),
            REFUSING,
            (request, answer) -> {
              if (daysBack(request) == 59 && refused[0]++ == 0) {
                answer.put("status", "-25").putNull("data");
              }
            });

    assertThat(refused[0]).isPositive();
    assertThat(fact.value()).as(fact.text()).isEqualTo("60 days, status -25");
  }

  @ParameterizedTest
  @CsvSource({"-99", "-1", "-13"})
  void aStatusThatRefusesNoRangeIsNoRetention(String status) throws Exception {
    Fact fact =
        examine(
            new RetentionProbe(),
            REFUSING,
            (request, answer) -> {
              if (daysBack(request) > 30) {
                answer.put("status", status).putNull("data");
              }
            });

    assertThat(fact.value()).as(fact.text()).isNull();
    assertThat(fact.text()).contains(status);
  }

  /** Drawn for each of the ranges that are asked for, in the order in which they are. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void aWideRangeThatIsNotAnsweredOnceIsNotTooWide(int which) throws Exception {
    int[] asked = new int[1];
    Fact fact =
        examine(
            new WidthProbe(),
            Quirks.defaults(),
            (request, answer) -> {
              if (++asked[0] == which) {
                answer.put("status", "-25").putNull("data");
              }
            });
    Fact without = examine(new WidthProbe(), Quirks.defaults(), (request, answer) -> {});

    assertThat(fact.value()).as(fact.text()).isNotNull().isEqualTo(without.value());
  }

  /** The API's clock decides, be it that of its Date header or not. */
  @ParameterizedTest
  @CsvSource({"0,0", "10800,0", "-25200,0", "0,200", "0,10800", "0,-10800"})
  void theApisOwnClockDecidesHowFarBack(long header, long clock) throws Exception {
    Quirks quirks =
        Quirks.newBuilder()
            .retentionDays(60)
            .tooOld(OutOfRange.TIME_RANGE_STATUS)
            .timestampTolerance(Duration.ofDays(1))
            .dateHeader(true)
            .dateOffset(Duration.ofSeconds(header))
            .clockOffset(Duration.ofSeconds(clock))
            .build();

    Fact fact = examine(new RetentionProbe(), quirks, (request, answer) -> {});

    assertThat(fact.value()).as(fact.text()).isEqualTo("60 days, status -25");
  }
}
