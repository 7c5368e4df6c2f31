package io.callrecords.connect.fetch;

import io.callrecords.connect.client.Page;
import io.callrecords.connect.client.PageRequest;
import io.callrecords.connect.config.Settings;
import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.feed.FeedTimes;
import io.callrecords.connect.feed.FeedTimes.TimeInterpretation;
import io.callrecords.connect.feed.OutOfRangeRecord;
import io.callrecords.connect.feed.Row;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proves by experiment that {@code api.time.zone} and {@code query.time.field} are right: the API
 * has to show a record again when it is asked for just the moment that the settings make of the
 * record's time.
 *
 * <p>That is asked once for each week that has records, before the first of them is sent: in a
 * quiet account, a wrong zone would else move whole days of calls without any of them leaving the
 * range that was asked for, and a zone's clocks may be set between one week and the next. Where the
 * API does not show the record, the other zones and the other field are tried, and the one that
 * fits is named.
 */
public final class TimeSettingsVerifier {
  private static final Logger LOG = LoggerFactory.getLogger(TimeSettingsVerifier.class);

  /** Records that may have been moved or deleted between two requests, one after another. */
  private static final int WITNESSES = 3;

  /** A stray that no reading explains is the record's own fault; not each is worth a search. */
  private static final int SEARCHES = 3;

  /** So many strays that have their own place show that the API takes bounds for rough ones. */
  private static final int OUT_OF_RANGE_WITH_A_PLACE = 3;

  /** The most that the API gives, whatever is set: few calls share a second. */
  private static final int PAGE_SIZE = 100;

  private static final int WEEKS_KEPT = 100;
  private static final long SECONDS_A_WEEK = 7 * 86_400;

  /** What the API shows when it is asked for a moment may lie that far from it. */
  private static final Duration ROUGHNESS = Duration.ofSeconds(2);

  private static final String FITS = " would fit the times of the calls that the API shows";

  private final FeedTimes times;
  private final Function<PageRequest, CompletableFuture<Page>> api;
  private final Map<Period, CompletableFuture<Void>> proven =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Period, CompletableFuture<Void>> eldest) {
          return size() > WEEKS_KEPT;
        }
      };

  /** A week in which the clocks of the zone are not set. */
  private record Period(long week, ZoneOffset offset) {}

  private int searches;
  private int outOfRangeWithAPlace;
  private final Set<Period> provenForFieldToo = new HashSet<>();
  private boolean loggedUnexplained;

  /**
   * Creates a proof.
   *
   * @param times what the settings make of a record's times
   * @param api asks for a page, before all else: new records wait for the proof
   */
  public TimeSettingsVerifier(FeedTimes times, Function<PageRequest, CompletableFuture<Page>> api) {
    this.times = times;
    this.api = api;
  }

  /**
   * Examines a page before anything of it is used.
   *
   * @return the page without strays: one whose time is right after all belongs to another window,
   *     and any other is malformed. Fails with a {@link TimeSettingsException} when a setting is
   *     wrong
   */
  public CompletableFuture<Page> examine(Page page, PageRequest asked) {
    CompletableFuture<Void> known = knownFor(page, asked);
    if (known != null) {
      return known.thenApply(nothing -> page);
    }
    List<OutOfRangeRecord> strays = new ArrayList<>();
    List<FeedRecord> witnesses = new ArrayList<>();
    for (Row row : page.rows()) {
      if (row instanceof OutOfRangeRecord stray) {
        strays.add(stray);
      } else if (row instanceof FeedRecord record && times.evidence(record) > 0) {
        witnesses.add(record);
      }
    }
    CompletableFuture<Void> proof =
        witnesses.isEmpty() ? CompletableFuture.completedFuture(null) : weekOf(witnesses, asked);
    if (strays.isEmpty()) {
      return proof.thenApply(nothing -> page);
    }
    return proof
        .thenCompose(
            nothing -> judge(strays.iterator(), !witnesses.isEmpty(), new HashMap<>(), asked))
        .thenApply(verdicts -> without(page, verdicts));
  }

  /**
   * The proof that a page has to wait for if it is one that was begun, and the page has no strays;
   * else null. Most pages are such, and none of their records needs a closer look.
   */
  private @Nullable CompletableFuture<Void> knownFor(Page page, PageRequest asked) {
    CompletableFuture<Void> known = proven.get(period(asked, asked.from()));
    if (known == null || isSetWithin(times.zone().getRules(), asked)) {
      return null;
    }
    boolean hasWitness = false;
    for (Row row : page.rows()) {
      if (row instanceof OutOfRangeRecord) {
        return null;
      }
      hasWitness = hasWitness || (row instanceof FeedRecord record && times.evidence(record) > 0);
    }
    return hasWitness ? known : null;
  }

  private static boolean isSetWithin(ZoneRules rules, PageRequest asked) {
    ZoneOffsetTransition next = rules.nextTransition(asked.from());
    return next != null && !next.getInstant().isAfter(asked.to());
  }

  private static Page without(Page page, Map<String, Row> verdicts) {
    List<Row> rows =
        page.rows().stream()
            .map(
                row -> row instanceof OutOfRangeRecord ? verdicts.getOrDefault(row.id(), row) : row)
            .toList();
    return page.withRows(rows);
  }

  /** The proof of the week that was asked for, from these records where there is none yet. */
  private CompletableFuture<Void> weekOf(List<FeedRecord> witnesses, PageRequest asked) {
    // The clocks of the zone may be set within the week, and within what was asked for.
    Map<Period, List<FeedRecord>> periods = new LinkedHashMap<>();
    for (FeedRecord witness : witnesses) {
      Instant time = times.asConfigured(witness).time();
      periods.computeIfAbsent(period(asked, time), p -> new ArrayList<>()).add(witness);
    }
    CompletableFuture<Void> all = CompletableFuture.completedFuture(null);
    for (Map.Entry<Period, List<FeedRecord>> period : periods.entrySet()) {
      all = all.thenCompose(nothing -> of(period.getKey(), period.getValue(), asked));
    }
    return all;
  }

  private Period period(PageRequest asked, Instant time) {
    return new Period(
        asked.from().getEpochSecond() / SECONDS_A_WEEK, times.zone().getRules().getOffset(time));
  }

  private CompletableFuture<Void> of(Period period, List<FeedRecord> witnesses, PageRequest asked) {
    CompletableFuture<Void> known = proven.get(period);
    if (known == null) {
      witnesses.sort(Comparator.comparing((FeedRecord record) -> -times.evidence(record)));
      known = prove(witnesses.subList(0, Math.min(WITNESSES, witnesses.size())), asked);
      proven.put(period, known);
    }
    return known;
  }

  private CompletableFuture<Void> prove(List<FeedRecord> witnesses, PageRequest asked) {
    FeedRecord witness = witnesses.get(0);
    // What has grown too old meanwhile proves nothing.
    return isConfirmed(witness, true)
        .thenCompose(
            shown -> {
              if (shown) {
                if (times.evidence(witness) > 1) {
                  provenForFieldToo.add(period(asked, times.asConfigured(witness).time()));
                }
                return CompletableFuture.completedFuture(null);
              }
              return witnesses.size() > 1
                  ? prove(witnesses.subList(1, witnesses.size()), asked)
                  : search(witness, asked);
            });
  }

  /** Looks for the reading that explains a record, and fails when there is one. */
  private CompletableFuture<Void> search(FeedRecord record, PageRequest asked) {
    Iterator<TimeInterpretation> possible =
        times.alternatives(record).stream()
            .filter(reading -> !reading.time().isBefore(asked.from()))
            .filter(reading -> !reading.time().isAfter(asked.to()))
            // Asking for nearly the same moment again would tell nothing of the settings.
            .filter(reading -> differs(reading.time(), times.asConfigured(record).time()))
            .iterator();
    return firstShown(record, possible)
        .thenCompose(
            reading ->
                reading == null
                    ? CompletableFuture.<@Nullable TimeInterpretation>completedFuture(null)
                    : unlessConfirmed(record, reading))
        .thenAccept(
            reading -> {
              if (reading != null) {
                throw refusal(asked, reading);
              }
              if (loggedUnexplained) {
                return;
              }
              loggedUnexplained = true;
              LOG.warn(
                  "The API does not show a record again that it has just shown for {} to {}, neither"
                      + " at the time that api.time.zone and query.time.field make of it nor at any"
                      + " other. It may have been moved or deleted in between; where calls are"
                      + " missing, the API filters by a time that its records do not carry.",
                  asked.from(),
                  asked.to());
            });
  }

  /** A single answer that misses a record accuses nobody: the settings are given another try. */
  private CompletableFuture<@Nullable TimeInterpretation> unlessConfirmed(
      FeedRecord record, TimeInterpretation reading) {
    return isConfirmed(record, true).thenApply(shown -> shown ? null : reading);
  }

  private static boolean differs(Instant a, Instant b) {
    return Duration.between(a, b).abs().compareTo(ROUGHNESS) > 0;
  }

  private TimeSettingsException refusal(PageRequest asked, TimeInterpretation fits) {
    Map<String, String> changes = new LinkedHashMap<>();
    if (!fits.zone().equals(times.zone())) {
      changes.put(Settings.API_TIME_ZONE, "it is " + times.zone() + ", but " + fits.zone() + FITS);
    }
    if (!fits.field().equals(times.field())) {
      changes.put(
          Settings.QUERY_TIME_FIELD, "it is " + times.field() + ", but " + fits.field() + FITS);
    }
    return new TimeSettingsException(asked, changes);
  }

  private CompletableFuture<@Nullable TimeInterpretation> firstShown(
      FeedRecord record, Iterator<TimeInterpretation> possible) {
    if (!possible.hasNext()) {
      return CompletableFuture.completedFuture(null);
    }
    TimeInterpretation next = possible.next();
    return isShown(record, next)
        .thenCompose(
            shown ->
                shown ? CompletableFuture.completedFuture(next) : firstShown(record, possible));
  }

  /**
   * Whether the API shows a record again when it is asked for just the time that the settings make
   * of it. Where the record stands among more records than a page has, it is taken for shown.
   *
   * @param whenRefused what it means when the API does not answer for that time
   */
  private CompletableFuture<Boolean> isConfirmed(FeedRecord record, boolean whenRefused) {
    return at(times.asConfigured(record))
        .handle(
            (page, error) ->
                error == null
                    ? page.total() > PAGE_SIZE || shows(page, record)
                    : isRefused(error) && whenRefused);
  }

  private CompletableFuture<Boolean> isShown(FeedRecord record, TimeInterpretation reading) {
    return at(reading)
        .handle((page, error) -> error == null ? shows(page, record) : !isRefused(error));
  }

  /** Whether the API does not answer for a time; any other failure is passed on. */
  private static boolean isRefused(Throwable error) {
    if (!RetentionLimit.isRefused(error)) {
      throw error instanceof CompletionException known ? known : new CompletionException(error);
    }
    return true;
  }

  private CompletableFuture<Page> at(TimeInterpretation reading) {
    Instant time = reading.time();
    return api.apply(new PageRequest(time.minusSeconds(1), time.plusSeconds(1), 1, PAGE_SIZE));
  }

  private static boolean shows(Page page, FeedRecord record) {
    return page.rows().stream().anyMatch(row -> row.id().equals(record.id()));
  }

  /**
   * What each stray is taken for.
   *
   * @param someAreRight whether other records of the page have times that were asked for: where
   *     such have proven the settings, one stray does not accuse them
   */
  private CompletableFuture<Map<String, Row>> judge(
      Iterator<OutOfRangeRecord> strays,
      boolean someAreRight,
      Map<String, Row> verdicts,
      PageRequest asked) {
    if (!strays.hasNext()) {
      return CompletableFuture.completedFuture(verdicts);
    }
    OutOfRangeRecord stray = strays.next();
    if (outOfRangeWithAPlace >= OUT_OF_RANGE_WITH_A_PLACE) {
      verdicts.put(stray.id(), stray.record());
      return judge(strays, someAreRight, verdicts, asked);
    }
    return isConfirmed(stray.record(), false)
        .thenCompose(
            shown -> {
              verdicts.put(stray.id(), shown ? stray.record() : stray.asMalformed());
              outOfRangeWithAPlace = shown ? outOfRangeWithAPlace + 1 : 0;
              boolean proven =
                  someAreRight
                      && provenForFieldToo.contains(
                          period(asked, times.asConfigured(stray.record()).time()));
              return shown || proven || searches++ >= SEARCHES
                  ? CompletableFuture.<Void>completedFuture(null)
                  : search(stray.record(), asked);
            })
        .thenCompose(nothing -> judge(strays, someAreRight, verdicts, asked));
  }
}
