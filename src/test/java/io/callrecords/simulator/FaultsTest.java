package io.callrecords.simulator;

import static io.callrecords.simulator.Probe.NOW;
import static io.callrecords.simulator.Probe.question;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FaultsTest {
  private static final JsonNode QUESTION = question(NOW.minusSeconds(3600), NOW, 1, 10);

  private final Probe probe =
      Probe.with(Quirks.newBuilder()).add(Probe.call(1, NOW.minusSeconds(60)));

  @Test
  void aShareOfAnswersGoesWrongAsTheSeedSays() {
    List<String> first = kinds(new Faults(3).share(.3));

    assertThat(first).isEqualTo(kinds(new Faults(3).share(.3)));
    assertThat(first).isNotEqualTo(kinds(new Faults(4).share(.3)));
    assertThat(first.stream().filter(kind -> !kind.isEmpty()).count()).isBetween(250L, 350L);
    assertThat(first).contains("http 500", "status -18", "reset", "truncated", "empty");
  }

  @Test
  void scriptsComeBeforeChanceAndEnd() {
    probe
        .faults
        .next(2, Fault.http(503))
        .next(1, Fault.status(-18))
        .share(1, List.of(Fault.empty()));

    assertThat(probe.post(QUESTION).httpStatus()).isEqualTo(503);
    assertThat(probe.post(QUESTION).httpStatus()).isEqualTo(503);
    assertThat(probe.status(QUESTION)).isEqualTo(-18);
    assertThat(probe.post(QUESTION).text()).isEmpty();
    probe.faults.clear();
    assertThat(probe.status(QUESTION)).isZero();
    assertThat(probe.journal.faults()).isEqualTo(4);
    assertThat(probe.journal.count()).isEqualTo(5);
  }

  @Test
  void aScriptMayChooseItsRequests() {
    probe.faults.when(request -> request.current() == 2, Fault.status(-12));

    assertThat(probe.status(QUESTION)).isZero();
    assertThat(probe.status(question(NOW.minusSeconds(3600), NOW, 2, 10))).isEqualTo(-12);
    assertThat(probe.status(question(NOW.minusSeconds(3600), NOW, 2, 10))).isEqualTo(-12);
  }

  @Test
  void aGatewaysPageHasNoJsonToChange() {
    Probe limited =
        Probe.with(Quirks.newBuilder().rateLimit(RateLimit.strict(1, RateLimit.Refusal.HTTP_503)));
    limited.post(QUESTION);
    limited.faults.next(1, FaultCatalogue.lies().get(0));

    assertThat(limited.post(QUESTION).httpStatus()).isEqualTo(503);
  }

  @Test
  void aFaultMayLastForASpan() {
    probe.faults.between(NOW.plusSeconds(10), NOW.plusSeconds(20), Fault.status(-12));
    List<Integer> statuses = new ArrayList<>();
    for (int second : new int[] {9, 10, 15, 19, 20}) {
      probe.now = NOW.plusSeconds(second);
      statuses.add(probe.status(QUESTION));
    }

    assertThat(statuses).containsExactly(0, -12, -12, -12, 0);
  }

  @Test
  void anOutageMayLookLikeSuccess() {
    List<String> bodies = new ArrayList<>();
    for (Fault outage : Faults.outages()) {
      probe.faults.next(1, outage);
      Answer answer = probe.post(QUESTION);
      assertThat(answer.httpStatus()).isEqualTo(outage.name().equals("no content") ? 204 : 200);
      assertThat(answer.text()).doesNotContain("callSessionId");
      bodies.add(answer.text());
    }

    assertThat(bodies).hasSize(8);
    assertThat(bodies.get(2)).contains("\"data\":{\"error\":\"timeout\",\"records\":[]}");
    assertThat(bodies.get(5)).isEmpty();
    assertThat(bodies.get(7)).contains("\"total\":0", "\"pages\":0", "\"records\":[]");
  }

  @Test
  void answersCanBeRewrittenOrReplaced() {
    probe
        .faults
        .next(1, Fault.rewritten("total", body -> body.replace("\"total\":1", "\"total\":2")))
        .next(1, Fault.body("text/plain", "hello"))
        .next(1, Fault.http(429, Map.of("Retry-After", "7")))
        .next(1, Fault.slow(Duration.ofSeconds(9)));

    assertThat(probe.ask(QUESTION).at("/data/total").asInt()).isEqualTo(2);
    Answer replaced = probe.post(QUESTION);
    assertThat(replaced.text()).isEqualTo("hello");
    assertThat(replaced.headers()).containsEntry("Content-Type", "text/plain");
    assertThat(probe.post(QUESTION).headers()).containsEntry("Retry-After", "7");
    assertThat(probe.post(QUESTION).delay()).isEqualTo(Duration.ofSeconds(9));
  }

  @Test
  void theNetworksFaultsAreToldToThoseWithoutOne() {
    probe
        .faults
        .next(1, Fault.reset())
        .next(1, Fault.truncated())
        .next(1, Fault.hang())
        .next(1, Fault.stall())
        .next(1, Fault.endless());
    List<Answer.Delivery> deliveries = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      deliveries.add(probe.post(QUESTION).delivery());
    }
    assertThat(deliveries)
        .containsExactly(
            Answer.Delivery.RESET,
            Answer.Delivery.TRUNCATED,
            Answer.Delivery.HANGING,
            Answer.Delivery.STALLED,
            Answer.Delivery.ENDLESS,
            Answer.Delivery.WHOLE);
  }

  private List<String> kinds(Faults faults) {
    List<String> kinds = new ArrayList<>();
    probe.post(QUESTION);
    ApiRequest request = probe.journal.entries().get(0).request();
    for (int i = 0; i < 1000; i++) {
      Fault fault = faults.draw(request);
      kinds.add(fault == null ? "" : fault.name());
    }
    return kinds;
  }
}
