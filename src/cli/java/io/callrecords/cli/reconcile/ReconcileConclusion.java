package io.callrecords.cli.reconcile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/** Draws the conclusion of a comparison: a verdict, and a sentence that says no more than it. */
final class ReconcileConclusion {
  private final ReconcileResult result;
  private final RangeResult days;

  ReconcileConclusion(ReconcileResult result) {
    this.result = result;
    days = result.days();
  }

  /** The verdict. */
  ReconcileVerdict verdict() {
    if (wrong() > 0 || result.unreadable() > 0) {
      return ReconcileVerdict.BAD;
    }
    return unseen().isEmpty() ? ReconcileVerdict.WELL : ReconcileVerdict.UNSEEN;
  }

  private long wrong() {
    return Arrays.stream(FindingKind.values()).mapToLong(this::wrong).sum();
  }

  /** Findings but for those that only responses which do not agree have brought about. */
  long wrong(FindingKind kind) {
    long unsteady =
        result.findings().stream()
            .filter(one -> one.kind() == kind && one.cause() == FindingCause.UNSTEADY)
            .count();
    return days.count(kind) - unsteady;
  }

  /** What could not be seen, each as a sentence without its end. */
  List<String> unseen() {
    List<String> unseen = new ArrayList<>(result.unseen());
    long expired = days.sum(day -> day.expiredSeconds);
    if (expired > 0) {
      unseen.add(
          "the API no longer returns "
              + CountText.ofSeconds(expired)
              + " of the range: nothing can be said of their calls");
    }
    addDays(unseen, day -> day.hasNoData, "the API answered without data for ");
    addDays(
        unseen,
        day -> day.isUnsteady && !day.hasNoData,
        "the API's responses never agreed for a part of ");
    long announced = days.sum(day -> day.announced);
    if (announced > 0) {
      unseen.add("the API announced " + CountText.of(announced, "call") + " more than it returned");
    }
    long pending = pending();
    if (pending > 0 && pending >= calls()) {
      unseen.add("all calls that the API returns are pending: choose an earlier range");
    }
    return unseen;
  }

  private void addDays(List<String> unseen, Predicate<DayResult> which, String text) {
    List<String> found =
        days.all().stream().filter(which).map(day -> day.day().toString()).toList();
    if (!found.isEmpty()) {
      int further = found.size() - 1;
      unseen.add(
          text
              + found.get(0)
              + (further == 0 ? "" : " and " + CountText.of(further, "further day")));
    }
  }

  private long pending() {
    return days.sum(day -> day.pending);
  }

  private long calls() {
    return days.sum(day -> day.api);
  }

  /** The sentence. */
  String text() {
    String unseen = String.join("; ", unseen());
    return switch (verdict()) {
      case WELL -> wellText();
      case UNSEEN -> "Not all could be seen: " + unseen + ".";
      case BAD ->
          "Not well: "
              + wrongText()
              + (unseen.isEmpty() ? "." : ". And not all could be seen: " + unseen + ".");
    };
  }

  private String wellText() {
    long pending = pending();
    if (pending > 0) {
      return "Nothing is wrong so far; %,d of %s %s pending."
          .formatted(pending, CountText.of(calls(), "call"), CountText.are(pending));
    }
    long routed = days.sum(day -> day.routed);
    boolean hasNothing = calls() + days.sum(day -> day.topic + day.malformed) == 0;
    return hasNothing
        ? "Nothing is wrong: neither the API nor the topic has a call of the range."
        : "All is well: the topic has what the API returns"
            + (routed == 0 ? "." : ", but for " + CountText.of(routed, "malformed row") + ".");
  }

  private String wrongText() {
    long unreadable = result.unreadable();
    String unread = CountText.of(unreadable, "record") + " could not be read";
    if (wrong() == 0) {
      return unread;
    }
    return "the topic " + topicText() + (unreadable == 0 ? "" : "; " + unread);
  }

  /** What the topic lacks, and has besides. */
  private String topicText() {
    List<String> texts = new ArrayList<>();
    add(texts, FindingKind.MISSING, "lacks %s that the API returns");
    add(texts, FindingKind.FOREIGN, "has %s that the API does not return");
    add(texts, FindingKind.DIFFERENT, "has %s with other content");
    if (texts.isEmpty()) {
      // Whatever else could not be seen is said behind it.
      return "has all that the API returns, and %s more than once"
          .formatted(CountText.of(wrong(FindingKind.TWICE), "call"));
    }
    add(texts, FindingKind.TWICE, "has %s more than once");
    int last = texts.size() - 1;
    return last == 0
        ? texts.get(0)
        : String.join(", ", texts.subList(0, last)) + ", and " + texts.get(last);
  }

  private void add(List<String> texts, FindingKind kind, String text) {
    long count = wrong(kind);
    if (count > 0) {
      texts.add(text.formatted(CountText.of(count, "call")));
    }
  }
}
