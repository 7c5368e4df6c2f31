package io.callrecords.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.callrecords.simulator.Quirks;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whatever an API puts where, no text of a call gets into a report. */
class ReportPrivacyTest {
  private static final String START = "Wendeline Quor 7";
  private static final String KEY = "Bartolome Fizz";
  private static final String NUMBER_KEY = "agent_5550123456";
  private static final String PAGE_KEY = "Ilsabet-Marrow";
  private static final String STATUS = "Ottoline Vex is away";
  private static final List<String> TEXTS =
      List.of("Wendeline", "Quor", KEY, "Fizz", NUMBER_KEY, "Ilsabet", "Marrow", "Ottoline", "Vex");

  private static CheckReport report;
  private static List<String> calls;

  @BeforeAll
  static void check() throws Exception {
    VirtualAccount account = new VirtualAccount(Quirks.defaults(), 3);
    ApiCaller caller = account.caller(new AlteredAnswers(account, ReportPrivacyTest::alter));
    Survey survey = account.survey(caller);
    calls = ShownCalls.lines(survey, false);
    List<Fact> facts = new AccountCheck(survey, VirtualAccount.PER_SECOND).facts(count -> {});
    BacklogEstimate backlog =
        BacklogEstimate.of(survey, survey.now().minus(Duration.ofDays(2)), 100, 5, true);
    report =
        new CheckReport("1", Instant.EPOCH, "http://127.0.0.1/v3", 1, backlog, facts, List.of());
  }

  private static void alter(JsonNode request, ObjectNode answer) {
    if (answer.path("status").asText().equals("-25")) {
      answer.put("status", STATUS);
    }
    if (answer.path("data") instanceof ObjectNode data) {
      data.put(PAGE_KEY, 1);
    }
    int at = 0;
    for (JsonNode row : answer.at("/data/records")) {
      ((ObjectNode) row).put(KEY, "x").put(NUMBER_KEY, 1);
      if (at++ == 1) {
        ((ObjectNode) row).put("callStartTime", START).put("ccodeName", START);
      }
    }
  }

  @Test
  void noTextOfACallIsShown() {
    assertThat(calls).hasSize(3);
    for (String shown :
        List.of(
            report.json(),
            report.factsAlone(),
            CheckReportPage.of(report),
            String.join("\n", CheckReportText.of(report, true)),
            String.join("\n", calls))) {
      assertThat(shown).doesNotContain(TEXTS);
    }
  }

  @Test
  void theFormOfWhatIsHiddenIsSaid() {
    assertThat(report.json()).contains("(2 others)", "(1 other)", "aaaaaaaaa aaaa d");
  }

  @Test
  void textsWithoutDigitsHaveNoForm() {
    assertThat(new String[] {"Wendeline Quor", "2026-11-20T09:00:00.0Z", "dTd1", "1".repeat(50)})
        .extracting(SafeText::shape)
        .containsExactly("another text", "dddd-dd-ddTdd:dd:dd.dZ", "aaad", "another text");
  }
}
