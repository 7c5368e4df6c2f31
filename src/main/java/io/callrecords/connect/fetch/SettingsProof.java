package io.callrecords.connect.fetch;

import io.callrecords.connect.client.PageRequest;
import io.callrecords.connect.client.TransientApiException;
import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.loop.EventLoop;
import io.callrecords.connect.loop.StageErrors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The proof of the time settings for one week. Every page of the week waits for it, and each brings
 * records with which it may be made: while the API fails to return the first of them, which it has
 * returned once, it is made with others. Runs on the loop.
 */
final class SettingsProof {
  private static final Logger LOG = LoggerFactory.getLogger(SettingsProof.class);

  /** Those of more pages than that would take memory, and tell no more. */
  private static final int MAX_SAMPLES = 32;

  /** Between experiments with other records; doubled each time all have had their turn. */
  private static final Duration INTERVAL = Duration.ofSeconds(3);

  private static final int MAX_DOUBLINGS = 4;

  private final EventLoop loop;
  private final SettingsExperiment once;
  private final List<PageWitnesses> samples = new ArrayList<>();
  private final CompletableFuture<Void> outcome = new CompletableFuture<>();
  private int added;
  private int tried;
  private boolean isWithField;

  /** Some records of one page. */
  private record PageWitnesses(List<FeedRecord> witnesses, PageRequest request) {
    /** Another one is the first each time. */
    List<FeedRecord> rotated(int distance) {
      List<FeedRecord> rotated = new ArrayList<>(witnesses);
      Collections.rotate(rotated, -distance);
      return rotated;
    }
  }

  /**
   * Begins a proof.
   *
   * @param witnesses records of a page, at least one; the first proves most
   * @param request the request for the page
   * @param patient experiments whose requests are retried until they are answered, or nobody waits
   *     for them any more
   * @param once experiments that fail with the first request that does
   */
  SettingsProof(
      EventLoop loop,
      List<FeedRecord> witnesses,
      PageRequest request,
      Function<BooleanSupplier, SettingsExperiment> patient,
      SettingsExperiment once) {
    this.loop = loop;
    this.once = once;
    add(witnesses, request);
    watch(patient.apply(outcome::isDone).prove(witnesses, request), this::fail);
    tryAnotherLater();
  }

  /** Completes once the settings are proven; fails when one is wrong. */
  CompletableFuture<Void> outcome() {
    return outcome;
  }

  /** Whether the field is proven as well. */
  boolean isWithField() {
    return isWithField;
  }

  /** Adds records of another page, as long as the proof is not made. */
  void add(List<FeedRecord> witnesses, PageRequest request) {
    if (outcome.isDone() || witnesses.isEmpty()) {
      return;
    }
    PageWitnesses sample = new PageWitnesses(List.copyOf(witnesses), request);
    if (samples.size() < MAX_SAMPLES) {
      samples.add(sample);
    } else {
      samples.set(added % MAX_SAMPLES, sample);
    }
    added++;
  }

  private void tryAnotherLater() {
    if (!outcome.isDone()) {
      int doublings = Math.min(tried / samples.size(), MAX_DOUBLINGS);
      loop.schedule(INTERVAL.multipliedBy(1L << doublings), this::tryAnother);
    }
  }

  private void tryAnother() {
    if (outcome.isDone()) {
      return;
    }
    // The first record of the first page has its turn all the time.
    tried++;
    PageWitnesses sample = samples.get(tried % samples.size());
    LOG.debug(
        "The proof of the time settings takes long; trying a record of {} to {}.",
        sample.request().from(),
        sample.request().to());
    watch(
        once.prove(sample.rotated(tried / samples.size()), sample.request()),
        error -> {
          if (error instanceof TransientApiException) {
            tryAnotherLater();
          } else {
            fail(error);
          }
        });
  }

  // The handler sees every outcome; the future that whenComplete() returns has nothing to tell.
  @SuppressWarnings("FutureReturnValueIgnored")
  private void watch(CompletableFuture<Boolean> experiment, Consumer<Throwable> onFailure) {
    experiment.whenComplete(
        (provesField, error) -> {
          if (error != null) {
            onFailure.accept(StageErrors.unwrap(error));
          } else if (!outcome.isDone()) {
            isWithField = provesField;
            outcome.complete(null);
            samples.clear();
          }
        });
  }

  private void fail(Throwable error) {
    outcome.completeExceptionally(error);
    samples.clear();
  }
}
