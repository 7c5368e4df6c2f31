package io.callrecords.connect.scenario;

import io.callrecords.connect.config.MalformedPolicy;
import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.loop.VirtualLoop;
import io.callrecords.connect.split.DayVolumes;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.JournalLimits;
import io.callrecords.connect.state.WindowAudit;
import io.callrecords.simulator.Bounds;
import io.callrecords.simulator.Call;
import io.callrecords.simulator.CallGenerator;
import io.callrecords.simulator.CallStore;
import io.callrecords.simulator.CallVersion;
import io.callrecords.simulator.EmptyResult;
import io.callrecords.simulator.Fault;
import io.callrecords.simulator.Faults;
import io.callrecords.simulator.FilteredTime;
import io.callrecords.simulator.Insertion;
import io.callrecords.simulator.Journal;
import io.callrecords.simulator.NullStyle;
import io.callrecords.simulator.Order;
import io.callrecords.simulator.Quirks;
import io.callrecords.simulator.SimulatedApi;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.kafka.connect.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/** An account and what happens to the connector that reads it, drawn from a seed. */
final class Scenario {
  private static final Duration LATE = Duration.ofMinutes(40);
  private static final Duration LONGEST_TALK = Duration.ofMinutes(30);
  private static final Instant BIRTH = Instant.parse("2026-03-03T21:30:00Z");
  private static final List<String> ZONES =
      List.of("+08:00", "UTC", "Asia/Kolkata", "America/St_Johns", "Australia/Lord_Howe");

  private static final MalformedPolicy[] PUTTING_ASIDE = {
    MalformedPolicy.SKIP, MalformedPolicy.TOPIC
  };

  /**
   * What may stand in a row instead of a right value; the time by which it is filtered is right.
   */
  private static final List<Map<String, String>> ODDITIES =
      List.of(
          Map.of("callDuration", "\"a while\""),
          Map.of("labels", "\"VIP\""),
          Map.of("callType", "99999999999"),
          Map.of("answerTime", "\"31/12/2026\""),
          Map.of("caller", "{\"number\":[]}"));

  /** What an API may lack that shows an empty result as no data at all. */
  private static final Set<String> WITHOUT_DATA =
      Set.of("data null", "data missing", "data empty", "data a list");

  /** What hides calls, so that the total alone gives it away. */
  private static final Set<String> HIDING =
      Set.of(
          "records null",
          "records missing",
          "records empty",
          "total negative, no records",
          "half of the records",
          "page 1 again");

  /** What costs too much time where days pass in milliseconds. */
  private static final Set<String> HUGE = Set.of("huge text", "more than 8 MiB");

  /** How the last of the outages that look like success is called, which is a proper answer. */
  private static final String EMPTY_PAGE = "an empty page";

  private final SplittableRandom random;

  /** Draws what totals say of days, apart from all else. */
  private final SplittableRandom told;

  /** Draws what was added later, so that a seed's life stays what it was without that. */
  private final SplittableRandom more;

  /** Draws fractions of seconds for settings in milliseconds, in half of the lives. */
  private final SplittableRandom fractions;

  private final Set<LifeQuirk> lifeQuirks;
  private final Quirks quirks;
  private final VirtualLoop loop;
  private final CallStore store;
  private final SimulatedApi api;
  private final Faults faults;
  private final VirtualWorker worker;
  private final Instant start;
  private final Instant horizon;
  private final @Nullable Instant end;
  private final boolean updates;
  private final boolean audits;
  private final boolean edited;
  private final boolean moves;
  private final MalformedPolicy malformed;
  private final boolean resets;
  private final LifePrivacy privacy;
  private final LifeFacts facts;
  private final Set<String> odd = new HashSet<>();

  /** How often each call had come when a person wanted it again. */
  private final Map<String, Integer> again = new HashMap<>();

  private final List<String> story = new ArrayList<>();

  Scenario(long seed) {
    random = new SplittableRandom(seed);
    told = new SplittableRandom(~seed);
    more = new SplittableRandom(seed ^ 0x5DEECE66DL);
    fractions = new SplittableRandom(seed ^ 0x3C6EF372FE94F82AL);
    lifeQuirks = LifeQuirk.draw(seed, more);
    quirks = quirks();
    loop = new VirtualLoop(BIRTH.plusSeconds(random.nextInt(6 * 3600)));
    Instant birth = serverTime();
    start = birth.minusSeconds(random.nextInt(60, 3 * 86_400));
    horizon = birth.plusSeconds(random.nextInt(600, 3 * 3600));
    end = random.nextInt(4) == 0 ? endBefore(horizon) : null;
    updates = random.nextInt(3) == 0;
    audits = random.nextBoolean();
    edited = random.nextBoolean();
    moves = edited && random.nextBoolean();
    store = new CallStore(quirks.filteredTime());
    faults = new Faults(seed);
    CallGenerator generator = generator(seed);
    api = api(seed, generator);
    edit();
    // The labels of a malformed row cannot be counted, so that nobody knows where a page ends.
    malformed =
        random.nextInt(4) > 0 || LifeQuirk.splitLabels(lifeQuirks)
            ? MalformedPolicy.FAIL
            : pick(PUTTING_ASIDE);
    damage(generator);
    resets = !audits && !updates && !moves && odd.isEmpty() && random.nextBoolean();
    worker = new VirtualWorker(api, loop, random, settings());
    privacy = new LifePrivacy(seed, updates, malformed != MalformedPolicy.FAIL);
    worker.readOnly(privacy.rules());
    facts = new LifeFacts(seed, quirks);
    worker.tell(facts.told());
    slowKafka();
    busyDays(new SplittableRandom(seed ^ 0x2545F4914F6CDDL));
    filter(seed, new SplittableRandom(seed ^ 0x517CC1B727220AL));
  }

  /** In some lives a transform drops calls, so that Kafka gets neither them nor their offsets. */
  private void filter(long seed, SplittableRandom draws) {
    if (!audits && odd.isEmpty() && draws.nextInt(3) == 0) {
      int percent = draws.nextInt(5, 95);
      worker.drop(id -> Math.floorMod(31L * id.hashCode() + seed, 100) < percent);
      story.add(percent + " % of the calls are dropped");
    }
  }

  /** In most lives a few calls are many: their ids have no room in the offset of a day. */
  private void busyDays(SplittableRandom draws) {
    if (draws.nextInt(4) > 0) {
      JournalLimits limits = new JournalLimits(draws.nextInt(100, 2_500), draws.nextInt(60, 1_500));
      Duration longest =
          Duration.ofMillis(draws.nextLong(10, draws.nextInt(3) == 0 ? 120_000 : 500));
      worker.limit(limits);
      worker.acknowledgeWithin(longest);
      story.add(limits + ", acknowledged within " + longest);
    }
  }

  /** In some lives Kafka takes its time for stored offsets, or is out of reach for a while. */
  private void slowKafka() {
    Duration longest =
        switch (random.nextInt(5)) {
          case 0 -> Duration.ofSeconds(30);
          case 1 -> Duration.ofMinutes(5);
          case 2 -> Duration.ofHours(20);
          default -> Duration.ZERO;
        };
    if (!longest.isZero()) {
      double failing = random.nextDouble(.8);
      worker.lookup().delayBy(() -> delay(longest));
      worker
          .lookup()
          .failWith(
              () ->
                  random.nextDouble() < failing
                      ? new RetriableException("Failed to fetch offsets.")
                      : null);
      story.add("offsets within " + longest + ", " + failing + " of the lookups fail");
    }
  }

  private Duration delay(Duration longest) {
    // Most are fast, so that a task that starts begins before it ends.
    Duration limit = random.nextInt(3) == 0 ? longest : Duration.ofSeconds(2);
    return Duration.ofMillis(random.nextLong(limit.toMillis()));
  }

  private Instant endBefore(Instant limit) {
    return start.plusSeconds(random.nextLong(1, limit.getEpochSecond() - start.getEpochSecond()));
  }

  private Quirks quirks() {
    Quirks.QuirksBuilder builder =
        Quirks.newBuilder()
            .filteredTime(random.nextBoolean() ? FilteredTime.CALL_START : FilteredTime.CALL_END)
            .bounds(pick(Bounds.values()))
            .order(pick(Order.values()))
            .emptyResult(pick(EmptyResult.values()))
            .nullStyle(pick(NullStyle.values()))
            .zone(ZoneId.of(ZONES.get(random.nextInt(ZONES.size()))))
            .duplicateEvery(random.nextInt(4) == 0 ? random.nextInt(2, 50) : 0)
            .lag(Duration.ZERO, Duration.ofSeconds(random.nextInt(1, 300)))
            .clockOffset(
                random.nextInt(3) == 0
                    ? Duration.ofSeconds(random.nextInt(-30_000, 30_000))
                    : Duration.ZERO)
            .recordsLast(random.nextBoolean());
    if (random.nextInt(3) == 0) {
      builder.insertion(
          new Insertion(
              random.nextInt(1, 6),
              random.nextInt(1, 4),
              pick(Insertion.InsertionPoint.values()),
              60));
    }
    if (LifeQuirk.splitLabels(lifeQuirks)) {
      // Where a call's labels lie apart in random order, or calls come twice beside that, no count
      // tells how many labels there are.
      builder.order(more.nextBoolean() ? Order.NEWEST_FIRST : Order.OLDEST_FIRST).duplicateEvery(0);
    }
    builder.pagination(LifeQuirk.pagination(lifeQuirks, more));
    lifeQuirks.forEach(quirk -> quirk.apply(builder, more));
    return builder.build();
  }

  private <T> T pick(T[] values) {
    return values[random.nextInt(values.length)];
  }

  private Instant serverTime() {
    return loop.wallClock().plus(quirks.clockOffset());
  }

  private CallGenerator generator(long seed) {
    return CallGenerator.newBuilder()
        .seed(seed)
        .zone(quirks.zone())
        .lag(quirks.minLag(), quirks.maxLag())
        .longestTalk(LONGEST_TALK)
        .build();
  }

  private SimulatedApi api(long seed, CallGenerator generator) {
    int count = random.nextInt(4) == 0 ? random.nextInt(20) : random.nextInt(1500);
    store.addAll(recorded(seed, generator.realistic(count, start.minusSeconds(100), horizon)));
    if (random.nextInt(3) == 0) {
      Instant second = start.plusSeconds(random.nextInt(3600));
      store.addAll(generator.inSecond(random.nextInt(1, 400), second));
    }
    if (random.nextInt(2) == 0) {
      faults.share(random.nextDouble(.3), kinds());
    }
    outage();
    return new SimulatedApi(
        "/v3", "key", "secret", quirks, store, generator, Journal.countersOnly(), faults, seed);
  }

  /** In some lives the calls have recordings, whose addresses are signed anew in each response. */
  private static Collection<Call> recorded(long seed, Collection<Call> calls) {
    return seed % 2 == 0
        ? calls
        : calls.stream()
            .map(call -> call.with(to -> to.voiceUrl("https://recordings.example/a.wav?")))
            .toList();
  }

  /** In some lives the API answers success without data for a while. */
  private void outage() {
    boolean success = lifeQuirks.contains(LifeQuirk.OUTAGE_OF_SUCCESS);
    if (!success && !lifeQuirks.contains(LifeQuirk.OUTAGE_OF_EMPTY_PAGES)) {
      return;
    }
    List<Fault> outages =
        Faults.outages().stream()
            .filter(fault -> fault.name().equals(EMPTY_PAGE) != success)
            .filter(fault -> !saysNothing() || !WITHOUT_DATA.contains(fault.name()))
            .toList();
    Fault outage = outages.get(more.nextInt(outages.size()));
    // Most begin while the backlog is read.
    int latest = more.nextInt(4) == 0 ? 3600 : 60;
    Instant from = serverTime().plusSeconds(more.nextInt(latest));
    Duration span = Duration.ofSeconds(more.nextInt(5, 90));
    faults.between(from, from.plus(span), outage);
    story.add("outage " + outage + " from " + from + " for " + span);
  }

  private boolean saysNothing() {
    return quirks.emptyResult() == EmptyResult.NULL_DATA;
  }

  /**
   * All that a reader has to survive; but where no data means no calls, an answer without them is
   * the truth, and where totals say nothing, or count no labels, so is one without some of these:
   * no reader can tell.
   */
  private List<Fault> kinds() {
    return Faults.survivable().stream()
        .filter(fault -> !HUGE.contains(fault.name()))
        .filter(fault -> !LifeQuirk.hideCalls(lifeQuirks) || !HIDING.contains(fault.name()))
        .filter(fault -> !saysNothing() || !WITHOUT_DATA.contains(fault.name()))
        .toList();
  }

  /** Calls whose rows nobody can read. */
  private void damage(CallGenerator generator) {
    if (malformed == MalformedPolicy.FAIL) {
      return;
    }
    for (int i = random.nextInt(1, 30); i > 0; i--) {
      long second = random.nextLong(start.getEpochSecond(), horizon.getEpochSecond());
      Map<String, String> oddity = ODDITIES.get(random.nextInt(ODDITIES.size()));
      Call call =
          generator
              .starting(Instant.ofEpochSecond(second), Duration.ofMinutes(5))
              .with(c -> c.extra(oddity));
      store.add(call);
      odd.add(call.callSessionId());
    }
  }

  /** People and machines change calls afterwards: remarks always, times in some lives. */
  private void edit() {
    double share = edited ? random.nextDouble(.3) : 0;
    for (Call call : store.visible(horizon, start, horizon)) {
      Instant at = call.appearsAt();
      for (int i = 1; random.nextDouble() < share && i < 4; i++) {
        at = at.plusSeconds(random.nextInt(1, 1500));
        // A time that is corrected shortly before its window settles is found too late.
        Instant time = quirks.filteredTime().of(call);
        boolean early = at.isBefore(time.plus(LATE.dividedBy(2)));
        // A time that is corrected into another day may be another task's.
        long second = time.getEpochSecond() % 86_400;
        boolean amidst = second > 600 && second < 85_800;
        int shift =
            moves && early && amidst && random.nextBoolean() ? random.nextInt(-120, 120) : 0;
        String remark = "edit " + i;
        store.edit(
            call.callSessionId(),
            at,
            c -> {
              Call now = c.build();
              return c.remark(remark)
                  .start(now.start().plusSeconds(shift))
                  .answer(now.answer() == null ? null : now.answer().plusSeconds(shift))
                  .end(now.end().plusSeconds(shift));
            });
      }
    }
  }

  private VirtualWorker.WorkerOptions settings() {
    Duration poll = Duration.ofSeconds(random.nextInt(5, 90));
    String timeField =
        quirks.filteredTime() == FilteredTime.CALL_START ? "callStartTime" : "callEndTime";
    int pageSize = random.nextBoolean() ? random.nextInt(1, 20) : 100;
    boolean isRandom = quirks.order() == Order.RANDOM && LifeQuirk.falsifyTotals(lifeQuirks);
    if (isRandom || lifeQuirks.contains(LifeQuirk.TIES_BY_PAGE)) {
      // A page of a few calls in random order may be the same as another by chance, and few sizes
      // have few orders.
      pageSize = Math.max(10, pageSize);
    }
    if (LifeQuirk.splitLabels(lifeQuirks)) {
      // A page has room for several calls with all of their labels, whatever size is tried.
      pageSize = Math.max(10, pageSize);
    }
    int rate = random.nextInt(2, 60);
    boolean isOdd = fractions.nextBoolean();
    poll = isOdd ? poll.plusMillis(fractions.nextInt(1000)) : poll;
    Duration late = isOdd ? LATE.plusMillis(fractions.nextInt(1000)) : LATE;
    if (isOdd) {
      story.add("rechecks every " + poll + " for " + late);
    }
    return new VirtualWorker.WorkerOptions(
        new ReadOptions(start, end, Duration.ofDays(59), poll, late, updates, audits, malformed),
        timeField,
        quirks.zone(),
        // A call that moves between two windows is known again only where both are looked at in
        // time, for which the rate has to suffice.
        moves ? 100 : pageSize,
        moves ? Math.max(20, rate) : rate,
        Network.upTo(random.nextInt(10, 2000)));
  }

  /** Totals may say anything, and something else at each start: then days move between tasks. */
  private DayVolumes volumes() {
    if (told.nextBoolean()) {
      return DayVolumes.UNKNOWN;
    }
    Map<Split, Long> records = new HashMap<>();
    Split.of(start)
        .to(Split.of(horizon))
        .forEach(day -> records.put(day, told.nextInt(3) == 0 ? 0 : told.nextLong(5_000)));
    return new DayVolumes(records, told.nextInt(1, 100));
  }

  /** Runs the connector through restarts and crashes to the horizon, and until all is settled. */
  void live() {
    boolean clockJumps = random.nextInt(4) == 0;
    while (serverTime().isBefore(horizon)) {
      int tasks = random.nextInt(1, 5);
      worker.plan(volumes());
      worker.start(tasks);
      boolean crash = random.nextBoolean();
      // Crashes come in quick succession, so that some hit a backlog that is not read yet.
      Duration span = Duration.ofMillis(random.nextInt(1, crash ? 60_000 : 3 * 3600_000));
      loop.runFor(span);
      story.add(tasks + " tasks for " + span + (crash ? ", crash" : ", stop"));
      if (clockJumps) {
        jump();
      }
      // A time that is corrected while nothing is kept for long may be met too late to be known.
      if (crash && !moves && random.nextInt(3) == 0) {
        Duration stall = Duration.ofMinutes(random.nextInt(90));
        worker.stall();
        loop.runFor(stall);
        story.add("stalled for " + stall);
      }
      if (crash) {
        worker.crash(Duration.ofMinutes(10));
      } else {
        worker.stop();
      }
      loop.runFor(Duration.ofSeconds(random.nextInt(60)));
      if (resets && random.nextInt(3) == 0) {
        reset();
      }
    }
    faults.clear();
    worker.lookup().recover();
    worker.start(1);
    loop.runFor(LONGEST_TALK.plus(LATE).plusHours(2));
    if (worker.hasBacklog()) {
      // A day of which nothing was kept is read anew, which takes its time where the rate is low.
      loop.runUntil(() -> !worker.hasBacklog(), Duration.ofDays(1));
      loop.runFor(LATE.plusHours(1));
    }
    worker.stop();
  }

  /** A person wants a day again. */
  private void reset() {
    long begin = start.getEpochSecond();
    long second = random.nextLong(begin, Math.max(begin, serverTime().getEpochSecond()) + 1);
    Split day = Split.of(Instant.ofEpochSecond(second));
    worker.reset(day);
    store.visibleIds(horizon.plusSeconds(86_400), day.range().from(), day.range().to()).stream()
        .filter(worker.topic()::containsKey)
        .forEach(id -> again.put(id, worker.topic().get(id)));
    story.add("reset of " + day);
  }

  /** The server's clock and the machine's are set while the connector runs, and it runs on. */
  private void jump() {
    // The store does not take edits back, so time goes forward only where there are some.
    Duration jump = Duration.ofSeconds(random.nextInt(edited ? 0 : -600, 1200));
    loop.setWallClock(loop.wallClock().plus(jump));
    story.add("clocks jump by " + jump);
    loop.runFor(Duration.ofMinutes(random.nextInt(20)));
  }

  /** What is missing, what came twice, and what should not be there. */
  List<String> wrongs() {
    List<String> wrongs = new ArrayList<>();
    Map<String, Integer> topic = worker.topic();
    for (Call call : store.visible(serverTime(), start, horizon)) {
      String id = call.callSessionId();
      List<CallVersion> versions = store.versions(id);
      if (odd.contains(id)) {
        boolean aside = malformed == MalformedPolicy.TOPIC;
        if (versions.stream().allMatch(this::isWanted)
            && worker.malformed().getOrDefault("!" + id, 0) != (aside ? 1 : 0)) {
          wrongs.add("put aside " + worker.malformed().get("!" + id) + " times " + id);
        }
      } else if (!worker.drops(id) && versions.stream().allMatch(this::isWanted)) {
        if (topic.getOrDefault(id, 0) < 1 + again.getOrDefault(id, 0)) {
          wrongs.add("missing " + id);
        } else if (updates
            && !worker.remarks(id).contains(privacy.remark(last(versions).call().remark()))) {
          wrongs.add("missing a version of " + id);
        }
      }
    }
    worker
        .malformed()
        .forEach(
            (id, count) -> {
              if (count > 1 || !odd.contains(id.substring(1))) {
                wrongs.add("put aside " + count + " times " + id);
              }
            });
    topic.forEach(
        (id, count) -> {
          if (odd.contains(id)) {
            wrongs.add("sent although malformed " + id);
          }
          if (worker.labels(id).stream().anyMatch(sent -> !isOfAVersion(id, sent))) {
            wrongs.add("labels " + worker.labels(id) + " of " + id);
          }
          List<String> remarks = worker.remarks(id);
          int most = 1 + again.getOrDefault(id, 0);
          if (updates ? Set.copyOf(remarks).size() < remarks.size() : count > most) {
            wrongs.add(count + " times " + id + " " + remarks);
          }
        });
    if (loop.invariants().violations() > 0) {
      wrongs.add(loop.invariants().violations() + " violated invariants");
    }
    if (worker.disordered() > 0) {
      wrongs.add(worker.disordered() + " batches out of order");
    }
    if (audits) {
      wrongs.addAll(wrongsOfAudit());
    }
    return wrongs.subList(0, Math.min(5, wrongs.size()));
  }

  /** Whether a call ever had just these labels, in whichever order. */
  private boolean isOfAVersion(String id, List<String> labels) {
    return store.versions(id).stream()
        .map(version -> privacy.labels(version.call().labels()))
        .anyMatch(Set.copyOf(labels)::equals);
  }

  /** Whether a version came in time, and lies in the range. */
  private boolean isWanted(CallVersion version) {
    Instant time = quirks.filteredTime().of(version.call());
    return !version.from().isAfter(time.plus(LATE).minusSeconds(240))
        && !time.isBefore(start)
        && time.isBefore(end == null ? horizon : end);
  }

  private static CallVersion last(List<CallVersion> versions) {
    return versions.get(versions.size() - 1);
  }

  /** The audits without what another has replaced: a window that was empty, and was read again. */
  private List<WindowAudit> finalAudits() {
    List<WindowAudit> last = new ArrayList<>();
    for (WindowAudit audit : worker.audits()) {
      if (audit.outcome() == WindowAudit.WindowOutcome.DRIFTED) {
        continue;
      }
      for (WindowAudit earlier : List.copyOf(last)) {
        if (earlier.distinct() == 0
            && earlier.emitted() == 0
            && earlier.window().overlaps(audit.window())) {
          last.remove(earlier);
          earlier
              .window()
              .minus(List.of(audit.window()))
              .forEach(rest -> last.add(of(earlier, rest)));
        }
      }
      last.add(audit);
    }
    return last;
  }

  private static WindowAudit of(WindowAudit audit, TimeRange part) {
    return new WindowAudit(
        part,
        audit.outcome(),
        audit.emitted(),
        audit.lateCounts(),
        audit.malformed(),
        audit.distinct(),
        audit.reconciliation(),
        audit.settledAt());
  }

  /** The audit has to tell of each moment once, and to add up to what is in the topic. */
  private List<String> wrongsOfAudit() {
    List<String> wrongs = new ArrayList<>();
    List<WindowAudit> audits = finalAudits();
    audits.sort(Comparator.comparing((WindowAudit audit) -> audit.window().from()));
    Instant at = start;
    long emitted = 0;
    long updated = 0;
    for (WindowAudit audit : audits) {
      if (!audit.window().from().equals(at)) {
        wrongs.add("the audit jumps from " + at + " to " + audit.window());
      }
      at = audit.window().to();
      emitted += audit.emitted();
      updated += audit.lateCounts().updated();
      WindowAudit.Reconciliation responses = audit.reconciliation();
      if (responses != null
          && !LifeQuirk.blurCounts(lifeQuirks)
          && responses.counted()
          && responses.total() != audit.distinct() + responses.outside() + responses.duplicates()) {
        wrongs.add("does not add up: " + audit);
      }
      // Of a window that is not verified, the last reading may lack what others had; and in an
      // outage
      // that looks like empty pages, its neighbour may have got the ids.
      boolean isCertain =
          responses != null
              && responses.verified()
              && !lifeQuirks.contains(LifeQuirk.OUTAGE_OF_EMPTY_PAGES);
      if (!moves
          && audit.distinct() != audit.emitted() + audit.malformed()
          && (isCertain || audit.distinct() > audit.emitted() + audit.malformed())) {
        wrongs.add("not all was sent: " + audit);
      }
    }
    // Nothing is settled by no data alone, where the API has never returned a page.
    boolean isSilent = quirks.emptyResult() == EmptyResult.NULL_DATA && worker.topic().isEmpty();
    if (at.isBefore(end == null ? horizon : end) && !isSilent) {
      wrongs.add("the audit ends at " + at);
    }
    // What lies behind the last audit is not settled yet: calls are let in as long as pages are
    // read, also long after the horizon.
    Instant settledTo = at;
    Map<String, Integer> topic = new HashMap<>(worker.topic());
    topic.keySet().removeIf(id -> !worker.times().getOrDefault(id, start).isBefore(settledTo));
    long repeats = topic.values().stream().mapToLong(n -> n - 1).sum();
    // Where a time is moved to another day, both days may count the call.
    // So may two windows that are settled unverified, of a call that is in either.
    boolean isCertain =
        audits.stream()
            .map(WindowAudit::reconciliation)
            .allMatch(responses -> responses == null || responses.verified());
    boolean isMiscounted = isCertain ? emitted != topic.size() : emitted < topic.size();
    if ((!moves && isMiscounted) || updated != repeats) {
      wrongs.add(
          "the audit counts %d and %d of %d and %d"
              .formatted(emitted, updated, topic.size(), repeats));
    }
    return wrongs;
  }

  @Override
  public String toString() {
    return quirks
        + ", "
        + lifeQuirks
        + ", from "
        + start
        + " to "
        + (end == null ? horizon : end)
        + (updates ? ", with updates" : "")
        + (moves ? ", with times that move" : "")
        + privacy
        + facts
        + (odd.isEmpty() ? "" : ", malformed: " + malformed + " " + odd)
        + ", "
        + story;
  }
}
