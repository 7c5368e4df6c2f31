package io.callrecords.connect.client;

import io.callrecords.connect.loop.EventLoop;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs once when requests keep failing, and once when none has failed for a while, however many
 * requests there are and however often each is retried.
 *
 * <p>A range that the API refuses as too old, or fails to return while it answers other requests,
 * is an outage of its own: it may last for days, and must hide neither the beginning nor the end of
 * an outage of the API. Runs on the loop.
 */
final class OutageLog {
  private static final Logger LOG = LoggerFactory.getLogger(OutageLog.class);

  /** One or two failures of a request in a row are no outage, unless the wait is long. */
  private static final int FAILURES_OF_AN_OUTAGE = 3;

  private static final Duration WAIT_OF_AN_OUTAGE = Duration.ofSeconds(10);

  /** An API that fails now and then has one outage, not many. */
  private static final Duration QUIET = Duration.ofSeconds(30);

  private final EventLoop loop;
  private final RequestCounts counts;
  private final Map<OutageKind, Outage> outages = new EnumMap<>(OutageKind.class);

  OutageLog(EventLoop loop, RequestCounts counts) {
    this.loop = loop;
    this.counts = counts;
    Arrays.stream(OutageKind.values()).forEach(kind -> outages.put(kind, new Outage(kind)));
  }

  /** What is out of order: each has a beginning and an end of its own. */
  private enum OutageKind {
    /** The API, or the way to it. */
    API,
    /** Ranges that the API refuses or fails to return, although it should have them. */
    RANGE;

    static OutageKind of(TransientFault fault, boolean isAlone) {
      return isAlone || fault == TransientFault.OUT_OF_RANGE ? RANGE : API;
    }
  }

  /** The part that one request has in the outages; it is in one at most. */
  Participant newParticipant() {
    return new Participant();
  }

  /** One request's failures. */
  final class Participant {
    private @Nullable OutageKind failing;
    private int failuresInARow;
    private boolean hasJoined;

    private Participant() {}

    /**
     * Records that the request has failed, which is an outage when it repeats.
     *
     * @param wait how long the request waits for its next attempt
     * @param isAlone whether others are answered
     */
    void join(ApiResult.Failure fault, Duration wait, boolean isAlone) {
      OutageKind kind = OutageKind.of(fault.kind(), isAlone);
      if (kind != failing) {
        leave();
        failing = kind;
      }
      failuresInARow++;
      boolean counts =
          failuresInARow >= FAILURES_OF_AN_OUTAGE || wait.compareTo(WAIT_OF_AN_OUTAGE) > 0;
      if (counts && !hasJoined) {
        hasJoined = true;
        outage(kind).join(fault, wait);
      }
    }

    /** Records that the request no longer fails, or has ended. */
    void leave() {
      if (hasJoined && failing != null) {
        outage(failing).leave();
      }
      failing = null;
      failuresInARow = 0;
      hasJoined = false;
    }
  }

  private Outage outage(OutageKind kind) {
    Outage outage = outages.get(kind);
    if (outage == null) {
      throw new IllegalStateException("No outage of " + kind);
    }
    return outage;
  }

  /** Tells the metric since when the longest outage has lasted. */
  private void updateMetric() {
    counts.outageSince(
        outages.values().stream()
            .filter(outage -> outage.isLogged)
            .map(outage -> outage.since)
            .min(Comparator.naturalOrder())
            .orElse(null));
  }

  /** The requests that fail in one way, and whether that is logged. */
  private final class Outage {
    private final OutageKind kind;
    private boolean isLogged;
    private Duration since = Duration.ZERO;
    private Duration quietSince = Duration.ZERO;
    private int requests;

    Outage(OutageKind kind) {
      this.kind = kind;
    }

    void join(ApiResult.Failure fault, Duration wait) {
      loop.checkOnLoop();
      requests++;
      if (!isLogged) {
        isLogged = true;
        since = loop.uptime();
        updateMetric();
        logBegin(fault, wait);
      }
    }

    void leave() {
      loop.checkOnLoop();
      if (loop.invariants().check(requests > 0, "an outage ends for more requests than it has")) {
        requests--;
      }
      quietSince = loop.uptime();
      if (requests == 0) {
        loop.schedule(QUIET, this::endIfQuiet);
      }
    }

    private void endIfQuiet() {
      boolean isQuiet = loop.uptime().minus(quietSince).compareTo(QUIET) >= 0;
      if (isLogged && requests == 0 && isQuiet) {
        isLogged = false;
        updateMetric();
        logEnd(quietSince.minus(since).toSeconds());
      }
    }

    private void logBegin(ApiResult.Failure fault, Duration wait) {
      switch (kind) {
        case API ->
            LOG.warn(
                "The API does not respond as it should: {}. The connector keeps trying; next attempt"
                    + " in {} s.",
                fault.message(),
                wait.toSeconds());
        case RANGE ->
            LOG.warn(
                "The API does not return a range that it should have: {}. The connector keeps trying"
                    + " that range and reads the others; next attempt in {} s.",
                fault.message(),
                wait.toSeconds());
      }
    }

    private void logEnd(long seconds) {
      switch (kind) {
        case API -> LOG.info("The API responds as it should again, after {} s.", seconds);
        case RANGE ->
            LOG.info("The API returns all ranges that it should have again, after {} s.", seconds);
      }
    }
  }
}
