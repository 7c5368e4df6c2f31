package io.callrecords.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CallGeneratorTest {
  private static final Instant FROM = Instant.parse("2026-03-01T00:00:00Z");
  private static final Instant TO = Instant.parse("2026-03-05T00:00:00Z");

  @Test
  void theSameSeedDrawsTheSameCalls() {
    List<Call> calls = List.copyOf(generator(7).realistic(2000, FROM, TO));

    assertThat(calls).isEqualTo(List.copyOf(generator(7).realistic(2000, FROM, TO)));
    assertThat(calls).isNotEqualTo(List.copyOf(generator(8).realistic(2000, FROM, TO)));
  }

  @Test
  void oneGeneratorNeverRepeatsAnId() {
    CallGenerator generator = generator(1);
    Set<String> ids = new HashSet<>();
    int count = 0;
    for (List<Call> calls :
        List.of(
            generator.realistic(5000, FROM, TO),
            generator.uniform(5000, FROM, FROM.plusSeconds(60)),
            generator.inSecond(5000, FROM),
            generator.steady(60, FROM, FROM.plusSeconds(600)))) {
      calls.forEach(call -> ids.add(call.callSessionId()));
      count += calls.size();
    }
    for (int i = 0; i < 500; i++) {
      ids.add(generator.starting(FROM, Duration.ofSeconds(5)).callSessionId());
      ids.add(generator.at(FilteredTime.CALL_END, FROM, TO).callSessionId());
    }
    assertThat(ids).hasSize(count + 1000);
  }

  @Test
  void anIdBeginsWithTheLocalSecondOfTheEndAlsoWhenTheClockGoesBack() {
    ZoneId zone = ZoneId.of("Europe/Berlin");
    Instant before = Instant.parse("2026-10-25T00:00:00Z");
    CallGenerator generator = CallGenerator.newBuilder().zone(zone).build();
    GeneratedCalls calls = generator.uniform(20_000, before, before.plus(Duration.ofHours(2)));
    DateTimeFormatter form = DateTimeFormatter.ofPattern("yyMMddHHmmss").withZone(zone);

    assertThat(calls)
        .allSatisfy(
            call -> assertThat(call.callSessionId()).matches(form.format(call.end()) + "\\d{5}"));
    assertThat(calls.stream().map(Call::callSessionId).distinct()).hasSize(20_000);
    for (int i = 0; i < calls.size(); i += 97) {
      assertThat(calls.find(calls.get(i).callSessionId())).isEqualTo(i);
    }
    assertThat(calls.find("99999999999999999")).isEqualTo(-1);
    assertThat(calls.find("no id")).isEqualTo(-1);
  }

  @ParameterizedTest
  @EnumSource(FilteredTime.class)
  void aCallCanBeMadeForAFilteredSecond(FilteredTime time) {
    DateTimeFormatter form =
        DateTimeFormatter.ofPattern("yyMMddHHmmss").withZone(ZoneId.of("+08:00"));
    CallGenerator generator = generator(2);
    for (int i = 0; i < 100; i++) {
      Call call = generator.at(time, FROM, TO);
      assertThat(time.of(call)).isEqualTo(FROM);
      assertThat(call.appearsAt()).isEqualTo(TO);
      assertThat(call.end()).isAfterOrEqualTo(call.start());
      assertThat(call.callSessionId()).startsWith(form.format(call.end()));
    }
  }

  @Test
  void realisticCallsAreOfAllKinds() {
    GeneratedCalls calls = generator(3).realistic(20_000, FROM, TO);

    assertThat(calls)
        .allSatisfy(
            call -> {
              assertThat(call.start()).isBetween(FROM, TO.minusSeconds(1));
              assertThat(call.end()).isAfterOrEqualTo(call.start());
              assertThat(call.appearsAt()).isEqualTo(call.end());
            });
    assertThat(calls.stream().map(Call::callType)).contains(1, 2, 3);
    assertThat(calls.stream().map(Call::hangupReason)).contains(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertThat(calls.stream().map(Call::hangingDirection)).contains(0, 1, 3);
    assertThat(calls.stream().map(Call::calledInfo)).containsNull();
    assertThat(calls.stream().map(Call::answer)).containsNull();
    assertThat(calls.stream().mapToInt(Call::callDuration)).anyMatch(seconds -> seconds > 3600);
    assertThat(calls.stream().map(Call::start).distinct().count()).isLessThan(19_500);
  }

  @Test
  void answeredCallsLastFromAnswerToEnd() {
    assertThat(generator(3).uniform(1000, FROM, TO))
        .allSatisfy(
            call -> {
              Instant answer = call.answer() == null ? call.end() : call.answer();
              assertThat(Duration.between(answer, call.end()).toSeconds())
                  .isEqualTo(call.callDuration().longValue());
            });
  }

  @Test
  void aGeneratorCanPutManyCallsIntoOneSecond() {
    assertThat(generator(1).inSecond(5000, FROM).stream().map(Call::start).distinct())
        .containsExactly(FROM);
  }

  @Test
  void lagIsSpreadEvenly() {
    CallGenerator generator =
        CallGenerator.newBuilder().lag(Duration.ofSeconds(5), Duration.ofSeconds(9)).build();

    assertThat(
            generator.uniform(1000, FROM, TO).stream()
                .map(call -> Duration.between(call.end(), call.appearsAt()).toSeconds())
                .collect(Collectors.toSet()))
        .containsExactlyInAnyOrder(5L, 6L, 7L, 8L, 9L);
  }

  private static CallGenerator generator(long seed) {
    return CallGenerator.newBuilder().seed(seed).build();
  }
}
