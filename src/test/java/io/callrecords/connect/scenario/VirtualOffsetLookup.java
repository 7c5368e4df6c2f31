package io.callrecords.connect.scenario;

import io.callrecords.connect.loop.VirtualLoop;
import io.callrecords.connect.offset.ResumeState;
import io.callrecords.connect.schedule.OffsetLookup;
import io.callrecords.connect.split.Split;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.connect.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/** Kafka as a task sees it that reads stored offsets, in made-up time: it may be slow, or fail. */
public final class VirtualOffsetLookup implements OffsetLookup {
  private final VirtualLoop loop;
  private final Function<Collection<Split>, ResumeState> stored;
  private Supplier<Duration> delay = () -> Duration.ZERO;
  private Supplier<@Nullable RuntimeException> failure = () -> null;
  private int lookups;

  /**
   * Creates a Kafka that answers at once.
   *
   * @param stored finds what the stored offsets say of the given days
   */
  public VirtualOffsetLookup(VirtualLoop loop, Function<Collection<Split>, ResumeState> stored) {
    this.loop = loop;
    this.stored = stored;
  }

  /** Answers each lookup after a time. */
  public void delayBy(Supplier<Duration> newDelay) {
    delay = newDelay;
  }

  /** Fails each lookup for which there is an exception, until {@link #recover}. */
  public void failWith(Supplier<@Nullable RuntimeException> newFailure) {
    failure = newFailure;
  }

  /** Fails all lookups as a worker does whose Kafka is out of reach. */
  public void fail() {
    failWith(() -> new RetriableException("Failed to fetch offsets."));
  }

  /** Answers from now on at once, and always. */
  public void recover() {
    delay = () -> Duration.ZERO;
    failure = () -> null;
  }

  /** How many lookups there were. */
  public int lookups() {
    return lookups;
  }

  @Override
  public CompletableFuture<ResumeState> lookUp(Collection<Split> days) {
    lookups++;
    List<Split> wanted = List.copyOf(days);
    CompletableFuture<ResumeState> result = new CompletableFuture<>();
    RuntimeException error = failure.get();
    Duration wait = delay.get();
    if (wait.isZero()) {
      complete(wanted, error, result);
    } else {
      loop.schedule(wait, () -> complete(wanted, error, result));
    }
    return result;
  }

  private void complete(
      List<Split> days, @Nullable RuntimeException error, CompletableFuture<ResumeState> result) {
    if (error != null) {
      result.completeExceptionally(error);
      return;
    }
    try {
      result.complete(stored.apply(days));
    } catch (RuntimeException e) {
      result.completeExceptionally(e);
    }
  }
}
