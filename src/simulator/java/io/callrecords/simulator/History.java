package io.callrecords.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;

/** The versions of one call that was edited; immutable. */
final class History {
  private final Call original;
  private final List<Edit> edits;

  /** The oldest first, each as it is after all edits up to its own. */
  private final List<CallVersion> versions;

  private History(Call original, List<Edit> edits) {
    this.original = original;
    this.edits = edits;
    versions = new ArrayList<>();
    Call call = original;
    for (Edit edit : edits) {
      call = call.with(edit.change()).with(this::keepIdentity);
      versions.add(new CallVersion(edit.at(), call));
    }
  }

  static History of(Call original) {
    return new History(original, List.of());
  }

  /** This history and one more change, which may lie between others. */
  History plus(Instant at, UnaryOperator<Call.CallBuilder> change) {
    List<Edit> more = new ArrayList<>(edits);
    more.add(new Edit(at, change));
    more.sort(Comparator.comparing(Edit::at));
    return new History(original, more);
  }

  /** The call as it is at a moment. */
  Call at(Instant now) {
    Call call = original;
    for (CallVersion version : versions) {
      call = version.from().isAfter(now) ? call : version.call();
    }
    return call;
  }

  /** The versions that queries show, each from the moment on when they do. */
  List<CallVersion> shown() {
    Instant appearsAt = original.appearsAt();
    List<CallVersion> shown = new ArrayList<>();
    shown.add(new CallVersion(appearsAt, at(appearsAt)));
    versions.stream().filter(version -> version.from().isAfter(appearsAt)).forEach(shown::add);
    return shown;
  }

  private Call.CallBuilder keepIdentity(Call.CallBuilder call) {
    return call.callSessionId(original.callSessionId()).appearsAt(original.appearsAt());
  }

  private record Edit(Instant at, UnaryOperator<Call.CallBuilder> change) {}
}
