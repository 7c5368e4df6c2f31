package io.callrecords.cli.reconcile;

import io.callrecords.connect.split.Split;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;

/** What can be done about each kind of finding, a line for each. */
final class NextSteps {
  private final ReconcileResult result;

  NextSteps(ReconcileResult result) {
    this.result = result;
  }

  /** The lines; none where nothing is wrong. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (FindingKind kind : FindingKind.values()) {
      if (result.conclusion().wrong(kind) > 0) {
        lines.add(
            switch (kind) {
              case MISSING -> "Missing: " + ofMissing();
              case FOREIGN -> "Foreign: --json has the partition and offset of each record.";
              case TWICE ->
                  "Twice: whoever keeps the last record of each key need do nothing; --json has its"
                      + " partition and offset.";
              case DIFFERENT ->
                  "Different: --show-values shows both values; %s sends the calls as they are now."
                      .formatted(replay(daysOf(kind, cause -> true)));
            });
      }
    }
    return lines;
  }

  private String ofMissing() {
    List<String> steps = new ArrayList<>();
    Collection<Split> toLoad =
        daysOf(
            FindingKind.MISSING,
            cause -> cause != FindingCause.MALFORMED && cause != FindingCause.NOT_READ);
    if (!toLoad.isEmpty()) {
      steps.add(replay(toLoad) + " loads what the API still returns");
    }
    if (has(FindingCause.NOT_READ)) {
      steps.add("call-records status says what has not been read yet");
    }
    if (has(FindingCause.MALFORMED)) {
      steps.add("with malformed.topic, rows that cannot be converted are kept from now on");
    }
    return String.join("; ", steps) + ".";
  }

  private boolean has(FindingCause cause) {
    return result.findings().stream()
        .anyMatch(one -> one.kind() == FindingKind.MISSING && one.cause() == cause);
  }

  private Collection<Split> daysOf(FindingKind kind, Predicate<FindingCause> causes) {
    Collection<Split> days = new TreeSet<>();
    for (Discrepancy one : result.findings()) {
      if (one.kind() == kind && causes.test(one.cause())) {
        days.add(one.day());
      }
    }
    if (result.dropped() > 0) {
      // Of those that are counted only, the cause is not known.
      result.days().all().stream()
          .filter(day -> day.count(kind) > 0)
          .forEach(day -> days.add(day.day()));
    }
    return days;
  }

  /** The command that loads the first days that follow each other, and how many more there are. */
  private String replay(Collection<Split> days) {
    List<Split> all = List.copyOf(days);
    int last = 0;
    while (last + 1 < all.size() && all.get(last + 1).equals(all.get(last).next())) {
      last++;
    }
    int further = all.size() - last - 1;
    return "call-records replay "
        + result.request().connector()
        + " "
        + all.get(0)
        + (last == 0 ? "" : ".." + all.get(last))
        + (further == 0 ? "" : " (then " + CountText.of(further, "further day") + ")");
  }
}
