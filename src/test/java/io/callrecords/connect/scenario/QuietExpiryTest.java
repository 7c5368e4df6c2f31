package io.callrecords.connect.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.LogCapture;
import io.callrecords.connect.config.MalformedPolicy;
import io.callrecords.connect.config.ReadOptions;
import io.callrecords.simulator.Quirks;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Days without calls leave no offset: that they expire is no loss where they had been read. */
class QuietExpiryTest {
  @Test
  void aRestartOnAQuietAccountLosesNothing() {
    Instant start = SimulatedAccount.NOW.minus(Duration.ofDays(3));
    ReadOptions read =
        new ReadOptions(
            start,
            null,
            Duration.ofDays(5),
            Duration.ofMinutes(10),
            Duration.ofDays(1),
            false,
            false,
            MalformedPolicy.FAIL);
    SimulatedAccount account = new SimulatedAccount(Quirks.defaults(), read, 5);
    try (LogCapture log = new LogCapture("io.callrecords.connect.schedule.AnomalyLog")) {
      account.worker.start(1);
      account.loop.runFor(Duration.ofDays(10));
      account.worker.stop();
      account.worker.start(1);
      account.loop.runFor(Duration.ofHours(3));

      assertThat(account.worker.expiredDays()).isZero();
      assertThat(log.lines())
          .singleElement()
          .asString()
          .startsWith("INFO Records for ")
          .endsWith("If the connector was running then, nothing is lost.");
    }
  }
}
