package io.callrecords.connect.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A latency is that of the last 30 to 60 seconds, and its sum that of all requests. */
class LatencyTest {
  private final Latency latency = new Latency();

  private void took(int atSecond, int tookMillis) {
    latency.record(Duration.ofSeconds(atSecond), Duration.ofMillis(tookMillis));
  }

  private double mean(int atSecond) {
    return latency.meanMillis(Duration.ofSeconds(atSecond));
  }

  private double max(int atSecond) {
    return latency.maxMillis(Duration.ofSeconds(atSecond));
  }

  @Test
  void isNoneWithoutARequest() {
    assertThat(mean(0)).isNaN();
    assertThat(max(1_000)).isNaN();
    assertThat(latency.totalMillis()).isZero();
  }

  @Test
  void isTheMeanAndTheLongestOfBothHalfMinutes() {
    took(1, 100);
    took(29, 300);
    took(31, 800);

    assertThat(mean(59)).isEqualTo(400);
    assertThat(max(59)).isEqualTo(800);
  }

  @Test
  void forgetsTheHalfMinuteBeforeTheLast() {
    took(1, 900);
    took(31, 100);
    assertThat(max(59)).isEqualTo(900);

    assertThat(mean(60)).isEqualTo(100);
    assertThat(max(60)).isEqualTo(100);
    assertThat(mean(90)).isNaN();
    assertThat(max(90)).isNaN();
  }

  @Test
  void forgetsAllInALongSilenceButTheSum() {
    took(1, 900);
    took(3_601, 50);

    assertThat(mean(3_601)).isEqualTo(50);
    assertThat(max(3_601)).isEqualTo(50);
    assertThat(latency.totalMillis()).isEqualTo(950);
  }

  @Test
  void sumsPartsOfMilliseconds() {
    for (int i = 0; i < 10; i++) {
      latency.record(Duration.ZERO, Duration.ofNanos(250_000));
    }

    assertThat(latency.totalMillis()).isEqualTo(2);
    assertThat(mean(0)).isEqualTo(.25);
  }
}
