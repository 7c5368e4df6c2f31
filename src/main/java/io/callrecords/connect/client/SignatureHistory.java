package io.callrecords.connect.client;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the API has made of the timestamps that it was sent, which tells whether the {@code Date} of
 * its responses is the time that it checks them by. All times are as they were when the loop began.
 */
final class SignatureHistory {
  /** Less is within what any API allows a timestamp to be off. */
  private static final Duration ALIKE = Duration.ofMinutes(1);

  private final List<Instant> refused = new ArrayList<>();
  private @Nullable Instant accepted;
  private @Nullable Instant dateOfAccepted;

  /** Records that a timestamp was accepted, and the date that came with that, if any. */
  void accept(Instant signed, @Nullable Instant date) {
    accepted = signed;
    dateOfAccepted = date;
  }

  /** Records that a timestamp was refused as expired. */
  void refuse(Instant signed) {
    if (!wasRefused(signed)) {
      refused.add(signed);
    }
  }

  /** Whether this timestamp, or one much like it, was refused lately. */
  boolean wasRefused(Instant time) {
    return refused.stream().anyMatch(other -> alike(time, other));
  }

  /** Forgets what was refused. */
  void forgetRefusals() {
    refused.clear();
  }

  /** The timestamp that was accepted last, or null. */
  @Nullable Instant accepted() {
    return accepted;
  }

  /**
   * How far the date of a response was ahead of the timestamp that was accepted with it, where a
   * timestamp of such a date was refused; null where nothing speaks against the date.
   */
  @Nullable Duration errorOfDate() {
    Instant good = accepted;
    Instant date = dateOfAccepted;
    return good == null || date == null || alike(good, date) || !wasRefused(date)
        ? null
        : Duration.between(good, date);
  }

  /** Whether two times differ by so little that a signature would not tell them apart. */
  static boolean alike(Instant a, Instant b) {
    return Duration.between(a, b).abs().compareTo(ALIKE) <= 0;
  }
}
