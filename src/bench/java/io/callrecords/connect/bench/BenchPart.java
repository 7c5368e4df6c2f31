package io.callrecords.connect.bench;

import java.util.List;
import java.util.Map;

/** A part of the benchmark, which measures something in one run. */
interface BenchPart {
  /** The word by which it is chosen on the command line. */
  String name();

  /**
   * Measures.
   *
   * @param brief whether it has to be over in a few minutes
   */
  List<Measured> run(boolean brief) throws Exception;

  /** Why it cannot be measured as things are; empty where it can. */
  default String leftOut() {
    return "";
  }

  /** A further table of what was measured last, in Markdown; empty where the lines say all. */
  default String details() {
    return "";
  }

  /** Pictures of what was measured last, SVG by the name of their file. */
  default Map<String, String> pictures() {
    return Map.of();
  }
}
