package io.callrecords.connect.schedule;

import io.callrecords.connect.offset.ResumeState;
import io.callrecords.connect.split.Split;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;

/** Reads stored offsets without making the caller wait: Kafka may take long to return them. */
@FunctionalInterface
public interface OffsetLookup {
  /**
   * Reads the offsets of some days, once.
   *
   * @return what they say, on any thread; fails with a {@link
   *     org.apache.kafka.connect.errors.RetriableException} when another attempt may succeed, and
   *     with a {@link org.apache.kafka.connect.errors.ConnectException} that says what to do when
   *     an offset can never be used
   */
  CompletableFuture<ResumeState> lookUp(Collection<Split> days);
}
