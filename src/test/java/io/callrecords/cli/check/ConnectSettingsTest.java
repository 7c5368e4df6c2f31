package io.callrecords.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.runtime.SourceConnectorConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares what is refused with what Connect itself refuses. */
class ConnectSettingsTest {
  @ParameterizedTest
  @CsvSource({
    "name,''",
    "tasks.max,viele",
    "tasks.max,0",
    "tasks.max,1.5",
    "tasks.max,' 2 '",
    "tasks.max.enforce,maybe",
    "config.action.reload,Restart",
    "config.action.reload,none",
    "errors.retry.timeout,-1",
    "errors.retry.timeout,1s",
    "errors.retry.delay.max.ms,long",
    "errors.tolerance,ALL",
    "errors.tolerance,all",
    "errors.log.enable,yes",
    "errors.log.include.messages,1",
    "exactly.once.support,Required",
    "exactly.once.support,yes",
    "transaction.boundary,INTERVAL",
    "transaction.boundary,none",
    "transaction.boundary.interval.ms,0",
    "transaction.boundary.interval.ms,-1",
    "offsets.storage.topic,''",
    "offsets.storage.topic,offsets"
  })
  void refusesWhatConnectRefuses(String name, String value) {
    Map<String, String> settings = new HashMap<>(Map.of("name", "calls", "connector.class", "x"));
    settings.put(name, value);
    List<String> ofConnect =
        SourceConnectorConfig.configDef().validate(settings).stream()
            .filter(one -> one.name().equals(name))
            .map(ConfigValue::errorMessages)
            .flatMap(List::stream)
            .toList();

    assertThat(ConnectSettings.errors(settings)).hasSize(Math.min(1, ofConnect.size()));
  }

  @Test
  void refusesNothingThatIsNotSet() {
    assertThat(ConnectSettings.errors(Map.of())).isEmpty();
  }
}
