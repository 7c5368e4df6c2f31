package io.callrecords.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides which answers go wrong: by script first, in the order in which the scripts were given,
 * then by chance. May be changed at any time, by any thread.
 */
public final class Faults {
  private final SplittableRandom random;
  private final List<Script> scripts = new ArrayList<>();
  private final AtomicLong releases = new AtomicLong();

  private List<Fault> kinds = List.of();
  private double share;

  /** Spares answers without a fault the lock. */
  private volatile boolean armed;

  /** No faults yet; the seed decides all chances. */
  public Faults(long seed) {
    random = new SplittableRandom(seed);
  }

  /** The faults that pass by themselves: what a reader has to survive without help. */
  public static List<Fault> transientKinds() {
    return List.of(
        Fault.http(500),
        Fault.http(502),
        Fault.http(503),
        Fault.status(-18),
        Fault.status(-12),
        Fault.reset(),
        Fault.truncated(),
        Fault.empty());
  }

  /**
   * Everything that passes by itself and tells the truth: the API's own troubles, gateways',
   * proxies' and the network's, broken answers, and right ones in a form that nobody expects. A
   * young range that is called too old once is among them.
   */
  public static List<Fault> honest() {
    return FaultCatalogue.honest();
  }

  /** Answers that look right and contradict themselves or the question. */
  public static List<Fault> lies() {
    return FaultCatalogue.lies();
  }

  /** All that a reader has to survive without help, without losing or repeating anything. */
  public static List<Fault> survivable() {
    List<Fault> all = new ArrayList<>(honest());
    all.addAll(lies());
    return all;
  }

  /** Answers that refuse the question for good: only a person can do something. */
  public static List<Fault> refusals() {
    return FaultCatalogue.refusals();
  }

  /**
   * Answers of success that stand for an outage behind the gateway; the last of them is a proper
   * page without records, which nobody can tell from the truth at that moment.
   */
  public static List<Fault> outages() {
    return FaultCatalogue.outages();
  }

  /** Answers that hold a row which cannot be converted. */
  public static List<Fault> malformed() {
    return FaultCatalogue.malformed();
  }

  /**
   * The answer to the same question about a range that lies so much later. Only where that holds
   * calls does it contradict the question.
   */
  public static Fault anotherRange(Duration later) {
    return Fault.answerTo("another range", request -> request.shifted(later));
  }

  /** A share of all answers, 0 to 1, goes wrong in one of these ways; replaces the share before. */
  public synchronized Faults share(double share, List<Fault> kinds) {
    if (share > 0 && kinds.isEmpty()) {
      throw new IllegalArgumentException("A share of faults needs kinds of faults");
    }
    this.share = share;
    this.kinds = List.copyOf(kinds);
    armed = true;
    return this;
  }

  /** A share of all answers goes wrong in one of the ways that pass by themselves. */
  public Faults share(double share) {
    return share(share, transientKinds());
  }

  /** The next answers go wrong. */
  public Faults next(int count, Fault fault) {
    return when(request -> true, count, fault);
  }

  /** Every answer to such a request goes wrong until {@link #clear()}. */
  public Faults when(Predicate<ApiRequest> which, Fault fault) {
    return when(which, Integer.MAX_VALUE, fault);
  }

  /** Every answer to a request that comes in {@code [from, to)} by the server's time goes wrong. */
  public Faults between(Instant from, Instant to, Fault fault) {
    return when(
        request -> !request.receivedAt().isBefore(from) && request.receivedAt().isBefore(to),
        fault);
  }

  /** The next answers to such a request go wrong. */
  public synchronized Faults when(Predicate<ApiRequest> which, int count, Fault fault) {
    if (count > 0) {
      scripts.add(new Script(which, count, fault));
    }
    armed = true;
    return this;
  }

  /** Nothing goes wrong from now on. */
  public synchronized Faults clear() {
    scripts.clear();
    share = 0;
    armed = false;
    return this;
  }

  /** All answers that hang or stall now go on. */
  public void release() {
    releases.incrementAndGet();
  }

  /** Grows with each release, so that an answer knows whether one came after it. */
  long releases() {
    return releases.get();
  }

  /** What happens to the answer to a request, or null for nothing. */
  @Nullable Fault draw(ApiRequest request) {
    return armed ? drawArmed(request) : null;
  }

  private synchronized @Nullable Fault drawArmed(ApiRequest request) {
    for (Iterator<Script> all = scripts.iterator(); all.hasNext(); ) {
      Script script = all.next();
      if (script.which.test(request)) {
        if (--script.left == 0) {
          all.remove();
        }
        return script.fault;
      }
    }
    return share > 0 && random.nextDouble() < share
        ? kinds.get(random.nextInt(kinds.size()))
        : null;
  }

  private static final class Script {
    private final Predicate<ApiRequest> which;
    private final Fault fault;
    private int left;

    Script(Predicate<ApiRequest> which, int count, Fault fault) {
      this.which = which;
      this.fault = fault;
      left = count;
    }
  }
}
