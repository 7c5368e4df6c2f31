package io.callrecords.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Draws the calls of an account from a seed. All calls of one account come from one generator, so
 * that their ids differ; it may be used by many threads.
 */
public final class CallGenerator {
  /** How busy each hour of the local day is, against the busiest. */
  private static final double[] DAY_CURVE = {
    .05, .03, .02, .02, .03, .05, .1, .25, .6, .9, 1, .95, .7, .8, .95, 1, .95, .8, .6, .45, .35,
    .25, .15, .08
  };

  private static final double BURST_SHARE = .15;
  private static final int BURST_SECONDS = 3;
  private static final double ANSWERED_SHARE = .62;
  private static final double LONG_SHARE = .01;
  private static final int LONGEST_RING = 45;
  private static final int MEAN_TALK = 90;

  private final long seed;
  private final ZoneId zone;
  private final Lag lag;
  private final Duration longestTalk;
  private final SessionIds ids;
  private final CallDetails details;
  private final AtomicLong draws = new AtomicLong();

  private CallGenerator(GeneratorBuilder builder) {
    seed = Mixing.of(builder.seed);
    zone = builder.zone;
    lag = builder.lag;
    longestTalk = builder.longestTalk;
    ids = new SessionIds(zone);
    details = new CallDetails(ids);
  }

  public static GeneratorBuilder newBuilder() {
    return new GeneratorBuilder();
  }

  /** A number of calls that start at evenly spread random seconds of {@code [from, to)}. */
  public GeneratedCalls uniform(int count, Instant from, Instant to) {
    SplittableRandom random = random();
    int[] starts = new int[count];
    for (int i = 0; i < count; i++) {
      starts[i] = (int) random.nextLong(from.getEpochSecond(), to.getEpochSecond());
    }
    return complete(starts, random, longestTalk);
  }

  /**
   * A number of calls in {@code [from, to)} as people make them: busy days, quiet nights, bursts.
   */
  public GeneratedCalls realistic(int count, Instant from, Instant to) {
    SplittableRandom random = random();
    int[] starts = new int[count];
    int leader = 0;
    for (int i = 0; i < count; i++) {
      if (i % 64 != 0 && random.nextDouble() < BURST_SHARE) {
        starts[i] = (int) Math.min(leader + random.nextInt(BURST_SECONDS), to.getEpochSecond() - 1);
      } else {
        starts[i] = busySecond(from.getEpochSecond(), to.getEpochSecond(), random);
        leader = i % 64 == 0 ? starts[i] : leader;
      }
    }
    return complete(starts, random, longestTalk);
  }

  /** Realistic calls, so many an hour on average. */
  public GeneratedCalls atRate(double perHour, Instant from, Instant to) {
    double hours = Duration.between(from, to).toSeconds() / 3600.0;
    return realistic((int) Math.round(perHour * hours), from, to);
  }

  /** A number of calls that all start in one second. */
  public GeneratedCalls inSecond(int count, Instant second) {
    int[] starts = new int[count];
    Arrays.fill(starts, (int) second.getEpochSecond());
    return complete(starts, random(), longestTalk);
  }

  /** A stream of calls in {@code [from, to)} at equal distances, each a minute long at most. */
  public GeneratedCalls steady(double perMinute, Instant from, Instant to) {
    long millis = Duration.between(from, to).toMillis();
    int[] starts = new int[(int) Math.round(millis * perMinute / 60_000)];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = (int) from.plusMillis((long) (i * 60_000 / perMinute)).getEpochSecond();
    }
    return complete(starts, random(), Duration.ofSeconds(15));
  }

  /** One call that starts at a moment and is over within {@code longest}. */
  public Call starting(Instant start, Duration longest) {
    SplittableRandom random = random();
    int ring = random.nextInt((int) Math.min(LONGEST_RING, longest.toSeconds() / 2 + 1));
    int talk = talk(random, (int) longest.toSeconds() - ring);
    long end = start.getEpochSecond() + ring + Math.max(talk, 0);
    long draw = random.nextLong();
    return details.call(
        draw,
        start.getEpochSecond(),
        ring,
        talk,
        ids.next(end),
        Instant.ofEpochSecond(end + lag.seconds(draw)));
  }

  /** One short call whose filtered time is a given second, and that appears at a moment. */
  Call at(FilteredTime time, Instant second, Instant appearsAt) {
    Call call = starting(second, Duration.ofSeconds(20));
    if (time == FilteredTime.CALL_END) {
      long length = Duration.between(call.start(), call.end()).toSeconds();
      Instant answer = call.answer();
      call =
          call.with(
              to ->
                  to.start(second.minusSeconds(length))
                      .answer(answer == null ? null : answer.minusSeconds(length))
                      .end(second)
                      .callSessionId(freshId(second)));
    }
    return call.with(to -> to.created(second).appearsAt(appearsAt));
  }

  private String freshId(Instant end) {
    return ids.id(end.getEpochSecond(), ids.next(end.getEpochSecond()));
  }

  private GeneratedCalls complete(int[] starts, SplittableRandom random, Duration longest) {
    Arrays.sort(starts);
    int[] rings = new int[starts.length];
    int[] talks = new int[starts.length];
    int[] numbers = new int[starts.length];
    for (int i = 0; i < starts.length; i++) {
      rings[i] = random.nextInt(LONGEST_RING);
      talks[i] = talk(random, (int) longest.toSeconds());
      numbers[i] = ids.next((long) starts[i] + rings[i] + Math.max(talks[i], 0));
    }
    return new GeneratedCalls(details, lag, random.nextLong(), starts, rings, talks, numbers);
  }

  private static int talk(SplittableRandom random, int longest) {
    if (random.nextDouble() >= ANSWERED_SHARE || longest < 1) {
      return -1;
    }
    if (random.nextDouble() < LONG_SHARE) {
      return random.nextInt(longest) + 1;
    }
    return (int) Math.min(longest, 1 - Math.log(1 - random.nextDouble()) * MEAN_TALK);
  }

  private int busySecond(long from, long to, SplittableRandom random) {
    while (true) {
      long second = random.nextLong(from, to);
      int offset = zone.getRules().getOffset(Instant.ofEpochSecond(second)).getTotalSeconds();
      if (random.nextDouble() < DAY_CURVE[(int) ((second + offset) / 3600 % 24)]) {
        return (int) second;
      }
    }
  }

  private SplittableRandom random() {
    return new SplittableRandom(Mixing.of(seed + draws.getAndIncrement()));
  }

  /** Collects what an account is like. */
  public static final class GeneratorBuilder {
    private long seed;
    private ZoneId zone = ZoneOffset.ofHours(8);
    private Lag lag = new Lag(Duration.ZERO, Duration.ZERO);
    private Duration longestTalk = Duration.ofHours(3);

    private GeneratorBuilder() {}

    /** Decides all that is drawn; the default is 0. */
    public GeneratorBuilder seed(long seed) {
      this.seed = seed;
      return this;
    }

    /** The account's zone, by which ids are formed and days are busy; the default is +08:00. */
    public GeneratorBuilder zone(ZoneId zone) {
      this.zone = zone;
      return this;
    }

    /** How long after its end a call appears; the default is at once. */
    public GeneratorBuilder lag(Duration min, Duration max) {
      lag = new Lag(min, max);
      return this;
    }

    /** The longest time from answer to end; the default is three hours. */
    public GeneratorBuilder longestTalk(Duration longest) {
      longestTalk = longest;
      return this;
    }

    public CallGenerator build() {
      return new CallGenerator(this);
    }
  }
}
