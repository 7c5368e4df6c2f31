package io.callrecords.connect.fetch;

import io.callrecords.connect.client.PageRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;

/** The data prove that a setting is wrong which says what the API's times mean. */
public final class TimeSettingsException extends ConnectException {
  private static final long serialVersionUID = 1;

  private final LinkedHashMap<String, String> changes;

  TimeSettingsException(PageRequest asked, Map<String, String> changes) {
    super(
        "The API was asked for records from "
            + asked.from()
            + " to "
            + asked.to()
            + ", and those that it shows have other times. "
            + changes.entrySet().stream()
                .map(change -> change.getKey() + ": " + change.getValue())
                .collect(Collectors.joining("; "))
            + ". Correct the setting. If the connector has sent calls before, their times are"
            + " wrong: delete its offsets, and have it read the range anew");
    this.changes = new LinkedHashMap<>(changes);
  }

  /** The settings that are wrong, each with what it is and what would fit. */
  public Map<String, String> changes() {
    return Map.copyOf(changes);
  }
}
