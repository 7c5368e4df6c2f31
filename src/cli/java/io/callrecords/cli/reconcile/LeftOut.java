package io.callrecords.cli.reconcile;

import java.util.ArrayList;
import java.util.List;

/** Says what a comparison has left out, so that nobody takes it for one of all. */
final class LeftOut {
  private LeftOut() {}

  /**
   * The lines; none where nothing was left out.
   *
   * @param ignored the fields that were not compared
   * @param filters the settings by which the connector leaves calls out
   */
  static List<String> lines(List<String> ignored, List<String> filters) {
    List<String> lines = new ArrayList<>();
    if (!ignored.isEmpty()) {
      lines.add("Not compared: " + String.join(", ", ignored) + " (--ignore)");
    }
    if (!filters.isEmpty()) {
      lines.add("Only calls that pass the connector's " + String.join(", ", filters));
    }
    return lines;
  }
}
