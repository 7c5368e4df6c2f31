package io.callrecords.connect.process;

import io.callrecords.simulator.Call;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A way to declare a field, and what becomes of it.
 *
 * @param name of the script
 * @param form what is in the topic
 * @param declaration how an engine is told to read it
 * @param script returns, for each record, the call's id and what the engine has read, as text
 * @param right what it should have read
 * @param verdict how it ends
 */
record TypeTrial(
    String name,
    String form,
    String declaration,
    String script,
    Function<Call, @Nullable String> right,
    TrialVerdict verdict) {
  private static final int LONGEST = 130;

  /** How a declaration ends. */
  enum TrialVerdict {
    RIGHT("right"),
    FAILS("the query fails"),
    NULL("**null, without a word**"),
    OTHER("**something else, without a word**");

    private final String words;

    TrialVerdict(String words) {
      this.words = words;
    }
  }

  /**
   * What a declaration came to.
   *
   * @param verdict how it ended
   * @param evidence an example, or the message of the failure
   */
  record TrialOutcome(TrialVerdict verdict, String evidence) {}

  /** Compares what an engine has read with the calls. */
  TrialOutcome outcome(SqlResult result, Map<String, Call> calls) {
    if (result.failure().isPresent()) {
      List<String> messages = result.failure().get();
      return new TrialOutcome(TrialVerdict.FAILS, brief(messages.get(messages.size() - 1)));
    }
    // A later version of a call stands behind the earlier ones.
    Map<@Nullable String, @Nullable String> read = new LinkedHashMap<>();
    result.rows().forEach(row -> read.put(row.get(0), row.get(1)));
    if (read.isEmpty()) {
      throw new AssertionError(name + " has read nothing: " + script);
    }
    if (read.values().stream().allMatch(Objects::isNull)) {
      return new TrialOutcome(TrialVerdict.NULL, "");
    }
    for (Map.Entry<@Nullable String, @Nullable String> row : read.entrySet()) {
      Call call = Objects.requireNonNull(calls.get(row.getKey()), () -> "no call " + row.getKey());
      String expected = right.apply(call);
      if (!Objects.equals(expected, row.getValue())) {
        return new TrialOutcome(
            TrialVerdict.OTHER, brief("`%s` for `%s`".formatted(row.getValue(), expected)));
      }
    }
    return new TrialOutcome(TrialVerdict.RIGHT, "");
  }

  private static String brief(String text) {
    String line = text.lines().findFirst().orElse("").replace("|", "\\|");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }

  /** The trial as a row of a table. */
  String row(TrialOutcome outcome) {
    String evidence = outcome.evidence().isEmpty() ? "" : ": " + outcome.evidence();
    return "| %s | %s | %s%s |%n"
        .formatted(form, declaration, outcome.verdict().words, evidence)
        .replace("\r", "");
  }
}
