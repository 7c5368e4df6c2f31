package io.callrecords.cli.check;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that the API does, with what shows it; or that it could not be told.
 *
 * @param name the fact's name, for machines
 * @param title what it is about, for people
 * @param value what was found, in a word for machines; null where it could not be told
 * @param text what was found, or why it could not be told, for people
 * @param evidence what was asked, and what came
 */
record Fact(
    String name, String title, @Nullable String value, String text, List<FactEvidence> evidence) {
  private static final int MAX_EVIDENCE = 12;

  /**
   * What shows a fact.
   *
   * @param asked what was asked
   * @param came what came
   */
  record FactEvidence(String asked, String came) {
    static FactEvidence of(ApiAnswer answer) {
      return new FactEvidence(answer.question().text(), answer.text());
    }

    /** An answer, of which something else than its rows matters. */
    static FactEvidence of(ApiAnswer answer, String came) {
      return new FactEvidence(answer.question().text(), came);
    }
  }

  /** Whether it was found out. */
  boolean isKnown() {
    return value != null;
  }

  /** Names of a fact, from which both outcomes are made. */
  record FactName(String name, String title) {
    Fact is(String value, String text, List<FactEvidence> evidence) {
      return new Fact(name, title, value, text, limited(evidence));
    }

    Fact unknown(String reason, List<FactEvidence> evidence) {
      return new Fact(name, title, null, reason, limited(evidence));
    }

    Fact unknown(String reason) {
      return unknown(reason, List.of());
    }

    private static List<FactEvidence> limited(List<FactEvidence> evidence) {
      if (evidence.size() <= MAX_EVIDENCE) {
        return List.copyOf(evidence);
      }
      List<FactEvidence> shown = new ArrayList<>(evidence.subList(0, MAX_EVIDENCE));
      shown.add(
          new FactEvidence("…", (evidence.size() - MAX_EVIDENCE) + " more requests of this kind"));
      return List.copyOf(shown);
    }
  }

  static List<FactEvidence> evidence(ApiAnswer... answers) {
    return evidence(List.of(answers));
  }

  static List<FactEvidence> evidence(List<ApiAnswer> answers) {
    return answers.stream().map(FactEvidence::of).toList();
  }
}
