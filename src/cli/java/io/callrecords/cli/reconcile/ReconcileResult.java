package io.callrecords.cli.reconcile;

import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What came of a comparison.
 *
 * @param request what was compared
 * @param days how the calls of each day add up
 * @param findings what is wrong with calls, those that are kept
 * @param dropped how many findings are counted only
 * @param unreadable how many records the converter could not read
 * @param audits how many audit records there are
 * @param requests how many requests the API has answered
 * @param begun when it began, by this machine's clock
 * @param ended when it ended
 * @param notes what else has to be known
 * @param unseen what could not be seen, but for what the days tell
 */
record ReconcileResult(
    ReconcileRequest request,
    RangeResult days,
    List<Discrepancy> findings,
    long dropped,
    long unreadable,
    int audits,
    long requests,
    Instant begun,
    Instant ended,
    List<String> notes,
    List<String> unseen) {
  /** What it comes to. */
  ReconcileConclusion conclusion() {
    return new ReconcileConclusion(this);
  }

  /** Whether all was seen, and the topic has what the API returns, and nothing else. */
  boolean isWell() {
    return conclusion().verdict() == ReconcileVerdict.WELL;
  }

  /** The findings that are listed: so many of each kind as were asked for. */
  List<Discrepancy> listed() {
    Map<FindingKind, Integer> counts = new EnumMap<>(FindingKind.class);
    return findings.stream()
        .filter(one -> counts.merge(one.kind(), 1, Integer::sum) <= request.limit())
        .toList();
  }
}
