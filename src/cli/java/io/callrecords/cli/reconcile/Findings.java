package io.callrecords.cli.reconcile;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What is wrong with calls: all are counted, and so many are kept to be looked into and listed. */
final class Findings {
  /** Some twenty MiB; so much is wrong only where a whole part of the topic is. */
  private static final int MAX_KEPT = 100_000;

  /** Some thirty MiB: a day or a few, in which something is open. */
  private static final long MAX_KEPT_DIGESTS = 500_000;

  private final List<Discrepancy> kept = new ArrayList<>();
  private final int detailed;
  private int details;
  private long dropped;
  private long keptDigests;

  /**
   * Creates an empty list.
   *
   * @param detailed of how many findings what the API returns is kept whole
   */
  Findings(int detailed) {
    this.detailed = detailed;
  }

  /** Of how many findings what the API returns is kept whole. */
  int detailed() {
    return detailed;
  }

  /** Adds one, and counts it for its day. */
  void add(Discrepancy finding, DayResult totals) {
    totals.add(finding.kind(), 1);
    if (kept.size() >= MAX_KEPT) {
      dropped++;
      return;
    }
    boolean isWhole = finding.expected() != null && details < detailed;
    details += isWhole ? 1 : 0;
    kept.add(isWhole ? finding : finding.compact());
  }

  /** Whether the digests of a day may be kept until what is found of it is looked into. */
  boolean mayKeep(ContentDigest content) {
    boolean mayKeep = keptDigests + content.size() <= MAX_KEPT_DIGESTS;
    keptDigests += mayKeep ? content.size() : 0;
    return mayKeep;
  }

  /** Those that are kept, in the order in which they were found. */
  List<Discrepancy> kept() {
    return List.copyOf(kept);
  }

  /** How many are counted only. */
  long dropped() {
    return dropped;
  }

  /** Replaces each that is kept by what becomes of it; null where nothing is wrong after all. */
  void replaceAll(RangeResult days, UnaryOperator<@Nullable Discrepancy> look) {
    List<Discrepancy> before = List.copyOf(kept);
    kept.clear();
    for (Discrepancy finding : before) {
      Discrepancy after = look.apply(finding);
      DayResult totals = days.of(finding.day());
      totals.add(finding.kind(), -1);
      if (after != null) {
        totals.add(after.kind(), 1);
        kept.add(after);
      }
    }
  }
}
