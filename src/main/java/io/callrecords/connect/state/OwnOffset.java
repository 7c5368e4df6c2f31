package io.callrecords.connect.state;

import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.JournaledDay;
import io.callrecords.connect.offset.LateCounts;
import io.callrecords.connect.offset.SettledDays;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.offset.WindowOffset;
import io.callrecords.connect.offset.WindowOffset.State;
import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What of a day is written to its own offset: all of its windows, or, once its ids go to the
 * journal, what is settled and the ids that it held by then.
 *
 * <p>Before ids of a day go to the journal, its own offset has been emitted with a name for them,
 * so that they are void once the day is reset.
 */
final class OwnOffset {
  private final SplitScope scope;
  private final OffsetJournal journal;
  private final EmittedIdIndex emittedIds;
  private final SplitWindows windows;
  private final AuditQueue audits;
  private final Supplier<SettledDays> settledDays;
  private final OwnOffsetDelivery delivery;
  private final List<WindowOffset> beforeStart = new ArrayList<>();
  private @Nullable String generation;
  private @Nullable Instant replayedTo;

  /** What of the day its own offset may call partial in Kafka: a later one may be dropped there. */
  private final Set<TimeRange> partial = new LinkedHashSet<>();

  /** The ids that stay in the day's own offset, as they were emitted; null while all do. */
  private @Nullable Map<String, Long> kept;

  /** Creates the part of a day that is opened; its audits tell what of it is not confirmed. */
  OwnOffset(
      SplitScope scope,
      OffsetJournal journal,
      EmittedIdIndex emittedIds,
      SplitWindows windows,
      AuditQueue audits,
      Supplier<SettledDays> settledDays) {
    this.scope = scope;
    this.journal = journal;
    this.emittedIds = emittedIds;
    this.windows = windows;
    this.audits = audits;
    this.settledDays = settledDays;
    this.delivery = new OwnOffsetDelivery(journal.delivery());
  }

  /**
   * Resumes from a stored offset.
   *
   * @param keptBeforeStart windows before the start, which are kept in case it is moved back
   */
  void restore(SplitOffset stored, List<WindowOffset> keptBeforeStart) {
    beforeStart.addAll(keptBeforeStart);
    Instant storedReplay = stored.replayedTo();
    replayedTo =
        storedReplay != null && storedReplay.isAfter(scope.openedAt())
            ? scope.openedAt()
            : storedReplay;
    partial.addAll(stored.partial());
    if (journal.isEnabled() && stored.generation() != null) {
      JournaledDay journaled = stored.journaled();
      if (journaled == null || journaled.isNamed()) {
        delivery.restoreNamed();
      }
      kept = WindowOffset.marks(stored.windows());
      // From where the connector's range begins now, which may not be where it began then.
      open(stored.generation(), windows.settledTo());
    }
  }

  private void open(String name, Instant claimed) {
    generation = name;
    journal.open(
        scope.split(),
        name,
        delivery::isNameStored,
        () -> confirmed(audits.unconfirmed(scope.range())).settledTo(),
        () -> List.copyOf(partial),
        claimed);
  }

  /** What lies before this was emitted before a person had it loaded again; null where none was. */
  @Nullable Instant replayedTo() {
    return replayedTo;
  }

  /** What the day's offset names its ids in the journal; null while none are to come there. */
  @Nullable String generation() {
    return generation;
  }

  /** Whether the ids of new rows go to the journal, unless their window is settled. */
  boolean isJournaled() {
    return kept != null;
  }

  /**
   * Takes note that the day's own offset is emitted with a batch.
   *
   * @param offset what it is once all of the batch is emitted
   */
  void emitted(long batch, SplitOffset offset) {
    prune();
    partial.addAll(offset.partial());
    if (generation != null) {
      delivery.emitted(batch);
    }
  }

  /**
   * Whether Kafka has the day's own offset as it was emitted last. That of a day without ids in the
   * journal needs not be there: the ones before it hold the ids of all that was sent.
   */
  boolean isStored() {
    return generation == null || delivery.isStored();
  }

  /** Whether a window may be settled that has new rows: all of its ids have to be in one place. */
  boolean maySettle(WindowDelta delta) {
    if (kept == null) {
      return true;
    }
    return delta.isEmpty() ? mayUpdate(delta.window()) : delta.history().isEmpty();
  }

  /**
   * Whether further versions of a window's records may be emitted: what the journal says of one
   * counts those before it, in its segments and in the day's own offset, which Kafka has to have.
   */
  boolean mayUpdate(TimeRange window) {
    return kept == null || hasAll(window);
  }

  private boolean hasAll(TimeRange window) {
    return delivery.isNameAcknowledged() && !journal.isUnacknowledged(window);
  }

  /**
   * Whether the ids of new rows go to the journal, since the day's own offset has enough of them.
   *
   * @param emitted the day's own offset as it was emitted last
   * @param batch the number of the batch that the rows belong to
   */
  boolean isFull(SplitOffset emitted, WindowDelta delta, long batch) {
    if (kept == null && journal.isEnabled()) {
      fill(emitted, delta);
      if (kept == null && generation != null) {
        journal.emitted(batch, delta.window());
      }
    }
    return kept != null;
  }

  private void fill(SplitOffset emitted, WindowDelta delta) {
    int length = emitted.windows().stream().mapToInt(WindowOffset::encodedLength).sum();
    for (WindowDelta.Pending row : delta.pending()) {
      length += JournalSegment.lengthOf(row.row().id());
    }
    if (length > journal.limits().day() / 2 && generation == null) {
      open(scope.openedAt().toString(), scope.range().from());
    }
    boolean isSafe = !delta.hasUpdates() || hasAll(delta.window());
    if (length > journal.limits().day() && delivery.isNamed() && isSafe) {
      kept = WindowOffset.marks(emitted.windows());
    }
  }

  /** Takes note of what has become known of ids that are not emitted again. */
  void relocate(WindowDelta delta) {
    if (kept != null) {
      journal.relocate(scope.split(), delta.relocated());
    }
  }

  /** What is true now, as far as it is confirmed. */
  SplitOffset build() {
    return build(audits.unconfirmed(scope.range()));
  }

  /** What is true now, be it confirmed or not. */
  SplitOffset buildUnconfirmed() {
    return build(List.of());
  }

  private SplitOffset build(List<TimeRange> unconfirmed) {
    ConfirmedWindows confirmed = confirmed(unconfirmed);
    List<WindowOffset> known = new ArrayList<>(beforeStart);
    known.addAll(own(confirmed.windows()));
    return new SplitOffset(
        scope.options().start(),
        confirmed.settledTo(),
        known,
        settledDays.get(),
        scope.openedAt(),
        generation,
        confirmed.settledTo().isBefore(scope.range().to()) ? replayedTo : null,
        null);
  }

  private ConfirmedWindows confirmed(List<TimeRange> unconfirmed) {
    return ConfirmedWindows.of(scope.range(), windows.settledTo(), windows.all(), unconfirmed);
  }

  /**
   * Names the windows that have to be settled early to keep a length, the oldest first.
   *
   * @param maxLength how many characters the windows may have
   */
  List<Window> excess(int maxLength) {
    OffsetSizeLimit limit = new OffsetSizeLimit(maxLength);
    if (limit.isExceededBy(windows.all(), beforeStart)) {
      beforeStart.clear();
    }
    return limit.excess(windows.all());
  }

  private List<WindowOffset> own(List<WindowOffset> all) {
    if (kept == null) {
      return all;
    }
    Map<Instant, Map<String, Long>> byStart = ownIds(kept, all);
    List<WindowOffset> result = new ArrayList<>();
    for (WindowOffset window : all) {
      if (window.state() == State.SETTLED) {
        result.add(window);
      } else {
        Map<String, Long> ids = byStart.getOrDefault(window.range().from(), Map.of());
        if (!ids.isEmpty() || !window.unattributed().equals(LateCounts.NONE)) {
          result.add(
              new WindowOffset(
                  window.range(),
                  window.state(),
                  WindowOffset.UNKNOWN,
                  window.unattributed(),
                  IdSet.ofMarks(ids)));
        }
      }
    }
    return result;
  }

  /** The ids of the day's own offset by the start of each window that holds them now. */
  private Map<Instant, Map<String, Long>> ownIds(Map<String, Long> own, List<WindowOffset> all) {
    Map<String, Long> ids = new HashMap<>(own);
    ids.putAll(journal.relocated(scope.split()));
    Map<Instant, WindowOffset> known = new HashMap<>();
    all.forEach(window -> known.put(window.range().from(), window));
    Map<Instant, Map<String, Long>> byStart = new HashMap<>();
    ids.forEach(
        (id, mark) ->
            holders(id, known, all)
                .forEach(
                    holder ->
                        byStart
                            .computeIfAbsent(holder.range().from(), start -> new HashMap<>())
                            .put(id, mark)));
    return byStart;
  }

  /** The windows that hold an id; several while nobody knows on which side of a cut it belongs. */
  private List<WindowOffset> holders(
      String id, Map<Instant, WindowOffset> known, List<WindowOffset> all) {
    List<WindowOffset> holders =
        windows.owners(id).stream()
            .map(window -> known.get(window.range().from()))
            .filter(window -> window != null && window.ids().contains(id))
            .toList();
    return holders.isEmpty()
        ? all.stream().filter(window -> window.ids().contains(id)).toList()
        : holders;
  }

  /** Forgets ids that no window holds any more: each build would look for them in all windows. */
  void prune() {
    if (kept != null) {
      List<Window> all = windows.all();
      kept.keySet()
          .removeIf(
              id ->
                  emittedIds.owner(id) == null
                      && all.stream().noneMatch(window -> window.ids().contains(id)));
    }
  }
}
