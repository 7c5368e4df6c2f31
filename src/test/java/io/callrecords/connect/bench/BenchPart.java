package io.callrecords.connect.bench;

import java.util.List;

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
}
