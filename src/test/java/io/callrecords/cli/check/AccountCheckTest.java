package io.callrecords.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.cli.check.QuirkFacts.ExpectedFact;
import io.callrecords.simulator.Quirks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Draws accounts with quirks, and compares what a check says of each with what it is.
 *
 * <p>The table of {@code docs/CHECK.md} is made here, so the seeds are always the same. {@code mvn
 * -q test -Dtest=AccountCheckTest -Ddocs.write=true} writes it anew.
 */
class AccountCheckTest {
  private static final int ACCOUNTS = 30;

  /** What calls happen to lack in some accounts: two labels, a second with several of them. */
  private static final double MOST_UNKNOWN = 0.03;

  private static final Path FILE = Path.of("docs", "CHECK.md");
  private static final String BEGIN = "<!-- The table is made by AccountCheckTest. -->\n";
  private static final String END = "<!-- End of the table. -->\n";

  private static final Map<String, Map<String, Outcomes>> OUTCOMES = new TreeMap<>();
  private static final List<String> WRONG = new ArrayList<>();
  private static final List<String> UNKNOWN = new ArrayList<>();
  private static int named;
  private static int most;
  private static long requests;

  /** How often something was on, and what was said of it. */
  private static final class Outcomes {
    private int drawn;
    private int right;
    private int unknown;
    private int wrong;
    private boolean canBeTold;
  }

  @BeforeAll
  static void checkAccounts() throws Exception {
    for (long seed = 1; seed <= ACCOUNTS; seed++) {
      Quirks quirks = DrawnAccount.quirks(seed);
      VirtualAccount account = new VirtualAccount(quirks, seed);
      ApiCaller caller = account.caller();
      List<Fact> facts =
          new AccountCheck(account.survey(caller), VirtualAccount.PER_SECOND).facts(count -> {});
      int sent = caller.answers().size() + caller.limits().size();
      requests += sent;
      most = Math.max(most, sent);
      Map<String, ExpectedFact> expected = QuirkFacts.of(quirks);
      for (Fact fact : facts) {
        ExpectedFact should = expected.get(fact.name());
        if (should != null) {
          compare(seed, fact, should);
        }
      }
    }
  }

  private static void compare(long seed, Fact fact, ExpectedFact should) {
    Outcomes outcomes =
        OUTCOMES
            .computeIfAbsent(fact.name(), name -> new TreeMap<>())
            .computeIfAbsent(should.quirk(), quirk -> new Outcomes());
    outcomes.drawn++;
    outcomes.canBeTold |= should.value() != null;
    String said = "account " + seed + ": " + fact.name() + ", which is " + should.quirk();
    if (fact.value() == null) {
      outcomes.unknown++;
      if (should.value() != null) {
        UNKNOWN.add(said + ": " + fact.text());
      }
    } else if (should.value() == null || !should.value().matcher(fact.value()).matches()) {
      outcomes.wrong++;
      WRONG.add(said + ", is said to be " + fact.value());
    } else {
      outcomes.right++;
      named++;
    }
  }

  /** As {@code docs/CLI.md} says. */
  @Test
  void takesFewRequests() {
    assertThat(most).isLessThanOrEqualTo(200);
    assertThat(requests / ACCOUNTS).isBetween(100L, 120L);
  }

  @Test
  void saysNothingThatIsNotSo() {
    assertThat(named).isGreaterThan(ACCOUNTS * 15);
    assertThat(WRONG).isEmpty();
  }

  @Test
  void saysWhatThereIsToSay() {
    assertThat((double) UNKNOWN.size() / (UNKNOWN.size() + named))
        .as(String.join("\n", UNKNOWN))
        .isLessThan(MOST_UNKNOWN);
    OUTCOMES.forEach(
        (fact, quirks) ->
            quirks.forEach(
                (quirk, outcomes) -> {
                  if (outcomes.canBeTold && outcomes.drawn > 2) {
                    assertThat(outcomes.right).as(fact + " " + quirk).isPositive();
                  }
                }));
  }

  @Test
  void theTableIsWhatTheChecksSaid() throws IOException {
    String text = Files.readString(FILE);
    int begin = text.indexOf(BEGIN) + BEGIN.length();
    int end = text.indexOf(END);
    String wanted = text.substring(0, begin) + table() + text.substring(end);
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(FILE, wanted);
    }
    assertThat(FILE).hasContent(wanted);
  }

  private static String table() {
    StringBuilder table = new StringBuilder();
    table.append(
        "\n%d accounts, %d requests each on average and %d at most.\n\n"
            .formatted(ACCOUNTS, requests / ACCOUNTS, most));
    table.append("| fact | what the account does | drawn | named | unknown | wrong |\n");
    table.append("|---|---|---|---|---|---|\n");
    OUTCOMES.forEach(
        (fact, quirks) ->
            quirks.forEach(
                (quirk, outcomes) ->
                    table.append(
                        "| `%s` | %s%s | %d | %d | %d | %d |\n"
                            .formatted(
                                fact,
                                quirk,
                                outcomes.canBeTold ? "" : " (nothing tells)",
                                outcomes.drawn,
                                outcomes.right,
                                outcomes.unknown,
                                outcomes.wrong))));
    return table.append('\n').toString();
  }
}
