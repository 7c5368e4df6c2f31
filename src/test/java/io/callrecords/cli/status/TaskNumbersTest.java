package io.callrecords.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Proves what is read of metrics. */
class TaskNumbersTest {
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

  private static final String TEXT =
      """
      # HELP call_records_live_lag_seconds Seconds
      # TYPE call_records_live_lag_seconds gauge
      call_records_live_lag_seconds{connector="calls",task="0",} 0.0
      call_records_live_lag_seconds{connector="calls",task="1",} 4.5
      call_records_live_lag_seconds{connector="others",task="0",} 900.0
      call_records_backlog_days{connector="calls",task="0"} 1.5
      call_records_backlog_days{connector="calls",task="1"} 2.5 1764500000000
      call_records_backlog_records{connector="calls",task="1"} NaN
      call_records_requests_total{connector="calls",outcome="answered",task="0"} 1.2E3
      call_records_requests_total{connector="calls",outcome="failed",task="0"} 3.0
      call_records_backlog_days{connector="\\"a:\\\\b\\"",task="0"} 7
      jvm_threads_current 42
      no line of metrics
      """;

  private static TaskNumbers of(String connector) {
    return TaskNumbers.of(connector, PrometheusText.read(TEXT), NOW);
  }

  @Test
  void putsTasksTogether() {
    TaskNumbers numbers = of("calls");

    assertThat(numbers.tasks()).isEqualTo(2);
    assertThat(numbers.max("live_lag_seconds")).isEqualTo(4.5);
    assertThat(numbers.sum("backlog_days")).isEqualTo(4);
    assertThat(numbers.requests("answered")).isEqualTo(1_200);
    assertThat(numbers.requests("throttled")).isNull();
    assertThat(numbers.sum("backlog_records")).isNull();
    assertThat(of("nobody").isEmpty()).isTrue();
  }

  @Test
  void aNameMayStandInTheQuotesOfJmx() {
    assertThat(of("a:\\b").sum("backlog_days")).isEqualTo(7);
  }

  @Test
  void aRateTakesTwoLooks() {
    String later = TEXT.replace("1.2E3", "1.21E3");

    TaskNumbers after = TaskNumbers.of("calls", PrometheusText.read(later), NOW.plusSeconds(2));

    assertThat(after.requestsPerSecondSince(of("calls"))).isEqualTo(5);
    assertThat(of("calls").requestsPerSecondSince(after)).isNull();
  }
}
