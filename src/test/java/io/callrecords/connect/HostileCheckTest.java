package io.callrecords.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.simulator.FilteredTime;
import io.callrecords.simulator.Quirks;
import io.callrecords.simulator.Simulator;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Attacks on the live check. */
class HostileCheckTest {
  @Test
  void theCheckKeepsToTheRate() {
    Quirks quirks =
        Quirks.newBuilder()
            .filteredTime(FilteredTime.CREATION)
            .lag(Duration.ofSeconds(20), Duration.ofSeconds(30))
            .build();
    try (Simulator api =
        Simulator.builder().quirks(quirks).calls(2_000, Duration.ofDays(20)).start()) {
      Map<String, String> settings = TestSettings.with("requests.per.second", "5");
      settings.put("api.url", api.url());
      settings.put("api.key", api.key());
      settings.put("api.secret", api.secret());
      settings.put("start.time", "earliest");
      new CallRecordSourceConnector().validate(settings);
      System.out.println(
          "HOSTILE check: "
              + api.journal().count()
              + " requests, within a second "
              + api.journal().mostWithin(Duration.ofSeconds(1)));
      assertThat(api.journal().mostWithin(Duration.ofSeconds(1))).isLessThanOrEqualTo(6);
    }
  }
}
