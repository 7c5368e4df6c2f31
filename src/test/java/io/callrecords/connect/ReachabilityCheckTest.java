package io.callrecords.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.callrecords.connect.ReachabilityMonitor.ReachabilityTimes;
import io.callrecords.connect.config.CallRecordSourceConfig;
import io.callrecords.connect.config.TaskShare;
import io.callrecords.connect.split.DayVolumes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.connect.errors.ConnectException;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** Proves how an address is made known at which nothing can be reached. */
class ReachabilityCheckTest {
  private static final Instant NOW = Instant.parse("2026-11-14T10:00:00Z");
  private static final ReachabilityTimes NONE =
      new ReachabilityTimes(Duration.ofMillis(5), Duration.ZERO);

  private final Queue<Exception> raised = new ConcurrentLinkedQueue<>();
  private final AtomicInteger attempts = new AtomicInteger();

  private static ServerSocket listening() throws IOException {
    return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  private CallRecordSourceConnector start(
      Map<String, String> settings, Map<Map<String, ?>, Map<String, Object>> stored) {
    CallRecordSourceConnector connector =
        new CallRecordSourceConnector(
            Clock.fixed(NOW, ZoneOffset.UTC),
            Duration.ofMinutes(5),
            (result, all) -> {},
            api -> {
              attempts.incrementAndGet();
              return ReachabilityCheck.problem(api);
            },
            NONE,
            (name, config, plan) -> DayVolumes.UNKNOWN);
    connector.initialize(OldWorker.storing(stored, raised::add));
    connector.start(settings);
    return connector;
  }

  private static Map<String, String> named(String name, String setting, String value) {
    Map<String, String> settings = TestSettings.with(setting, value);
    settings.put("name", name);
    return settings;
  }

  @Test
  void reportsAPortThatRefusesAndNamesTheSettingButStartsAllTheSame() {
    CallRecordSourceConnector connector =
        start(named("refused", "api.url", "http://" + TestSettings.NOBODY + "/v3"), Map.of());
    await().atMost(TimeLimits.LONG).until(() -> !raised.isEmpty());

    assertThat(connector.taskConfigs(1)).hasSize(1);
    connector.stop();
    assertThat(raised)
        .singleElement()
        .isInstanceOf(ConnectException.class)
        .asInstanceOf(InstanceOfAssertFactories.THROWABLE)
        .hasMessageStartingWith(
            "Invalid value for configuration api.url: no connection to "
                + TestSettings.NOBODY
                + " from this worker (ConnectException). No offset is stored")
        .hasMessageContaining("proxy.url");
  }

  @Test
  void reportsAProxyThatIsDown() {
    CallRecordSourceConnector connector =
        start(named("proxied", "proxy.url", "http://" + TestSettings.NOBODY), Map.of());
    await().atMost(TimeLimits.LONG).until(() -> !raised.isEmpty());

    connector.stop();
    assertThat(raised.peek())
        .hasMessageStartingWith(
            "Invalid value for configuration proxy.url: no connection to " + TestSettings.NOBODY);
  }

  @Test
  void triesNothingWhereOffsetsAreStored() {
    Map<Map<String, ?>, Map<String, Object>> stored = new HashMap<>();
    stored.put(
        Map.of("feed", "call-center", "split", "2026-11-01"),
        Map.of("version", 1L, "start", "2026-11-01T00:00:00Z", "settled", "2026-11-02T00:00:00Z"));

    start(named("stored", "api.url", "http://" + TestSettings.NOBODY + "/v3"), stored).stop();

    assertThat(attempts).hasValue(0);
  }

  /** An account without calls leaves no offset. */
  @Test
  void triesNothingWhereTheApiWasReachedBefore() throws IOException {
    Map<String, String> settings;
    try (ServerSocket api = listening()) {
      settings = named("quiet", "api.url", "http://127.0.0.1:" + api.getLocalPort() + "/v3");
      CallRecordSourceConnector connector = start(settings, Map.of());
      await()
          .atMost(TimeLimits.LONG)
          .until(() -> attempts.get() > 0 && ReachabilityMonitorTest.threads("quiet") == 0);
      connector.stop();
    }

    start(settings, Map.of()).stop();

    assertThat(attempts).hasValue(1);
    assertThat(raised).isEmpty();
  }

  @Test
  void sendsNoRequestToFindOut() throws IOException {
    try (ServerSocket api = listening()) {
      String url = "http://localhost:" + api.getLocalPort() + "/v3";
      CallRecordSourceConfig config = new CallRecordSourceConfig(TestSettings.with("api.url", url));

      assertThat(ReachabilityCheck.problem(config.api(TaskShare.ALONE, "agent"))).isNull();
      assertThat(api.accept().getInputStream().read()).isEqualTo(-1);
    }
  }
}
