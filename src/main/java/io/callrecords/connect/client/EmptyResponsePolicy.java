package io.callrecords.connect.client;

import io.callrecords.connect.loop.EventLoop;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether a response without rows is believed: a backend that fails may report success and
 * return nothing, and some APIs have no other way to say that there is nothing.
 *
 * <p>A proper empty page is believed. Of any other response without rows, minutes decide, and what
 * the API returns to other requests meanwhile, never the number of attempts:
 *
 * <ul>
 *   <li>Before a request is believed, a page must have come between two of its attempts. Where no
 *       other request brings one, the request itself asks first for a range that had rows before,
 *       its control: if that has none either, the API fails.
 *   <li>An API that has shown a proper empty page returns no data by fault: that is believed of a
 *       range only when it has lasted for {@link #FAULT_BELIEF}.
 *   <li>One that has shown pages with rows only may mean it: after {@link #HABIT_BELIEF} it is
 *       taken for the API's habit, and from then on {@link #SHORT_BELIEF} is enough.
 *   <li>One that has shown nothing yet is asked for {@link #FAULT_BELIEF} in all. From then on its
 *       pages are handed over as what they are, {@link Page#withoutData()}, which settles nothing.
 *   <li>Where {@code api.facts} says that no data is the API's habit, {@link #EXPECTED_BELIEF} is
 *       enough for either of the two, until the API shows a proper empty page. The habit itself is
 *       learned as late as ever.
 * </ul>
 *
 * <p>The live edge does not wait: its pages are handed over at once, and its windows are rechecked.
 * Runs on the loop.
 */
final class EmptyResponsePolicy {
  private static final Logger LOG = LoggerFactory.getLogger(EmptyResponsePolicy.class);

  static final Duration SHORT_BELIEF = Duration.ofSeconds(10);
  static final Duration EXPECTED_BELIEF = Duration.ofMinutes(1);
  static final Duration HABIT_BELIEF = Duration.ofMinutes(5);
  static final Duration FAULT_BELIEF = Duration.ofMinutes(10);

  /** So often a good page has come between two attempts before minutes count. */
  private static final int CONFIRMATIONS = 3;

  /** An API that returns nothing but success is suspicious after a while. */
  private static final Duration SILENCE = Duration.ofSeconds(30);

  /** A range that had rows may have expired, or its calls may have been deleted. */
  private static final Duration MAX_CONTROL_FAILURE = Duration.ofDays(1);

  private final EventLoop loop;
  private final ResponseEvidence evidence;
  private boolean expectsNoData;
  private @Nullable PageRequest control;
  private @Nullable Duration controlFailsSince;
  private @Nullable Duration silentSince;
  private @Nullable Duration withoutDataSince;
  private boolean isSilenceLogged;

  /**
   * Creates a policy.
   *
   * @param evidence what all tasks have seen of the API
   * @param expectsNoData whether no data is said to be the API's habit
   */
  EmptyResponsePolicy(EventLoop loop, ResponseEvidence evidence, boolean expectsNoData) {
    this.loop = loop;
    this.evidence = evidence;
    this.expectsNoData = expectsNoData;
  }

  /** The policy's view of one request and all its attempts. */
  Examination examine(PageRequest request, Priority priority) {
    return new Examination(request, priority);
  }

  /** What is done with a page. */
  enum Belief {
    /** It is handed over. */
    ACCEPT,
    /** The request is repeated; it may yet turn out to be right. */
    DOUBT,
    /** The request is repeated, since the page is a fault. */
    FAULT
  }

  /** One request: since when it has been doubted, and what has been seen meanwhile. */
  final class Examination {
    private final PageRequest request;
    private final Priority priority;
    private @Nullable Duration doubtedSince;
    private long goodPagesBefore;
    private int confirmations;
    private boolean isBelieved;

    private Examination(PageRequest request, Priority priority) {
      this.request = request;
      this.priority = priority;
    }

    /** Decides on a page that the request has returned. */
    Belief examine(Page page) {
      if (isGood(request, page)) {
        learn(request, page);
        return Belief.ACCEPT;
      }
      if (priority.isRecheckedSoon()) {
        return Belief.ACCEPT;
      }
      Duration now = loop.uptime();
      Duration since = doubtedSince == null ? now : doubtedSince;
      long goodPages = evidence.goodPages();
      if (doubtedSince != null && goodPages > goodPagesBefore) {
        confirmations++;
      }
      doubtedSince = since;
      goodPagesBefore = goodPages;
      noteSilence(goodPages);
      if (withoutDataSince == null) {
        withoutDataSince = now;
      }
      return decide(page, now.minus(since));
    }

    private Belief decide(Page page, Duration doubted) {
      boolean isFault = !page.withoutData() || evidence.returnsEmptyPages(request);
      if (!page.withoutData() || evidence.returnsNoData(request)) {
        isBelieved = confirmations > 0 && isOver(doubted, SHORT_BELIEF);
      } else if (isFault) {
        isBelieved = confirmations >= CONFIRMATIONS && isOver(doubted, FAULT_BELIEF);
      } else if (confirmations >= CONFIRMATIONS && isOver(doubted, expected(HABIT_BELIEF))) {
        isBelieved = true;
        if (isOver(doubted, HABIT_BELIEF) || isOver(timeWithoutData(), HABIT_BELIEF)) {
          learnHabit();
        }
      }
      if (isBelieved) {
        return Belief.ACCEPT;
      }
      boolean isHopeless = control == null && confirmations < CONFIRMATIONS;
      boolean isProvenFault = page.withoutData() && isFault;
      if (isHopeless && !isProvenFault && isOver(hopelessFor(doubted), expected(FAULT_BELIEF))) {
        return Belief.ACCEPT;
      }
      return isFault || controlFailsSince != null ? Belief.FAULT : Belief.DOUBT;
    }

    /** How long no data has to last, as long as nothing is said of it, or less if it is. */
    private Duration expected(Duration otherwise) {
      return expectsNoData && request.page() == 1 ? EXPECTED_BELIEF : otherwise;
    }

    /** Where the API has shown nothing at all, the time of all requests counts. */
    private Duration hopelessFor(Duration doubted) {
      Duration since = silentSince;
      return since == null ? doubted : loop.uptime().minus(since);
    }

    /** How long ago the first response without data came that nothing has disproved. */
    private Duration timeWithoutData() {
      return withoutDataSince == null ? Duration.ZERO : loop.uptime().minus(withoutDataSince);
    }

    private void learnHabit() {
      if (evidence.returnedNoDataSteadily(request)) {
        LOG.info(
            "The API returns no data where it has no records: from now on the connector takes that"
                + " for an empty result once it has asked twice.");
      }
    }

    /** The page as it is handed over: what has proven to be an empty result is one. */
    Page accepted(Page page) {
      return isBelieved && page.withoutData() ? page.withData() : page;
    }

    /** The request to send instead of the next attempt, or null where none is needed. */
    @Nullable PageRequest nextControl() {
      boolean isNeeded = doubtedSince != null && evidence.goodPages() == goodPagesBefore;
      return isNeeded ? control : null;
    }

    /**
     * Records what the control has returned.
     *
     * @return whether the request itself is worth its next attempt
     */
    boolean examineControl(PageRequest sent, Page page) {
      if (isGood(sent, page)) {
        learn(sent, page);
        if (page.rows().isEmpty()) {
          dropControl();
        }
        return true;
      }
      Duration now = loop.uptime();
      Duration since = controlFailsSince == null ? now : controlFailsSince;
      controlFailsSince = since;
      if (isOver(now.minus(since), MAX_CONTROL_FAILURE)) {
        dropControl();
      }
      return false;
    }
  }

  private static boolean isGood(PageRequest request, Page page) {
    boolean contradictsItself = request.page() == 1 && page.total() > 0 && page.rows().isEmpty();
    return !page.withoutData() && !contradictsItself;
  }

  private void learn(PageRequest request, Page page) {
    silentSince = null;
    if (page.rows().isEmpty()) {
      if (page.total() == 0 || request.page() > 1) {
        evidence.returnedEmptyPage(request);
        expectNothing(request);
      }
      return;
    }
    evidence.returnedRows();
    controlFailsSince = null;
    PageRequest known = control;
    // The newest range expires last.
    if (known == null || !request.to().isBefore(known.to())) {
      control = new PageRequest(request.from(), request.to(), 1, 1);
    }
  }

  private void expectNothing(PageRequest request) {
    if (request.page() > 1) {
      return;
    }
    withoutDataSince = null;
    if (expectsNoData) {
      expectsNoData = false;
      LOG.info(
          "The API returns an empty page where it has no records, although api.facts says that it"
              + " returns no data. The connector goes by what it sees; run the command check again.");
    }
  }

  /** Forgets the range that had rows: the API no longer has it. */
  void dropControl() {
    control = null;
    controlFailsSince = null;
  }

  private void noteSilence(long goodPages) {
    if (goodPages > 0) {
      silentSince = null;
      return;
    }
    Duration now = loop.uptime();
    Duration since = silentSince == null ? now : silentSince;
    silentSince = since;
    if (!isSilenceLogged && isOver(now.minus(since), SILENCE)) {
      isSilenceLogged = true;
      LOG.warn(
          "The API reports success and has returned no data to any request so far: either the"
              + " account has no records yet, or the API fails. The connector keeps asking, and"
              + " settles nothing that is older than late.arrival.ms until the API returns a page.");
    }
  }

  private static boolean isOver(Duration time, Duration limit) {
    return time.compareTo(limit) >= 0;
  }
}
