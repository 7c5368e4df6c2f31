package io.callrecords.connect.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.client.PageRequest;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The message that names wrong settings. */
class TimeSettingsExceptionTest {
  @Test
  void namesTheRangeAndEachSettingInOrder() {
    Instant from = Instant.parse("2026-11-01T00:00:00Z");
    Map<String, String> changes = new LinkedHashMap<>();
    changes.put("api.time.zone", "it is Z, but +08:00 would fit");
    changes.put("query.time.field", "it is a, but b would fit");

    TimeSettingsException exception =
        new TimeSettingsException(new PageRequest(from, from.plusSeconds(60), 1, 100), changes);

    assertThat(exception)
        .hasMessageContaining("2026-11-01T00:00:00Z to 2026-11-01T00:01:00Z")
        .hasMessageContaining(
            ". api.time.zone: it is Z, but +08:00 would fit; query.time.field: it is a, but b would"
                + " fit. ");
    assertThat(exception.changes()).isEqualTo(changes);
  }
}
