package io.callrecords.connect.fetch;

import io.callrecords.connect.client.PageRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;

/** The records prove that a setting which says what the API's times mean is wrong. */
public final class TimeSettingsException extends ConnectException {
  private static final long serialVersionUID = 1;

  private final LinkedHashMap<String, String> changes;

  TimeSettingsException(PageRequest request, Map<String, String> changes) {
    super(
        "The records that the API returned for "
            + request.from()
            + " to "
            + request.to()
            + " have other times by these settings. "
            + changes.entrySet().stream()
                .map(change -> change.getKey() + ": " + change.getValue())
                .collect(Collectors.joining("; "))
            + ". Correct the setting. If the connector has already emitted calls, their times are"
            + " wrong: delete its offsets to read the range again");
    this.changes = new LinkedHashMap<>(changes);
  }

  /** The settings that are wrong, each with its value and the one that would fit. */
  public Map<String, String> changes() {
    return Map.copyOf(changes);
  }
}
