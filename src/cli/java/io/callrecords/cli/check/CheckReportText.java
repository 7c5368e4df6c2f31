package io.callrecords.cli.check;

import java.util.ArrayList;
import java.util.List;

/** A report as lines for people. */
final class CheckReportText {
  private CheckReportText() {}

  /**
   * The lines.
   *
   * @param hasEvidence whether each fact is followed by what was asked, and what came
   */
  static List<String> of(CheckReport report, boolean hasEvidence) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("To load: " + report.backlog().text());
    lines.add("");
    lines.add("What the API does, as " + report.requests() + " requests have shown:");
    int width = report.facts().stream().mapToInt(fact -> fact.title().length()).max().orElse(0);
    for (Fact fact : report.facts()) {
      String title = fact.title() + " ".repeat(width - fact.title().length());
      lines.add("  " + title + "  " + (fact.isKnown() ? "" : "Unknown: ") + fact.text());
      if (hasEvidence) {
        fact.evidence().forEach(each -> lines.add("      " + each.asked() + " -> " + each.came()));
      }
    }
    lines.add("");
    lines.addAll(report.verdict());
    return lines;
  }
}
