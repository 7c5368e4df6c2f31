package io.callrecords.cli.connect;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * How a connector is, as a worker says.
 *
 * @param connector the connector itself
 * @param tasks its tasks, by number
 */
public record ConnectorStatus(PartStatus connector, List<PartStatus> tasks) {
  /**
   * How the connector or one of its tasks is.
   *
   * @param state such as RUNNING, PAUSED, STOPPED, FAILED, UNASSIGNED
   * @param worker the worker that it runs in
   * @param trace what it has failed with, or an empty text
   */
  public record PartStatus(String state, String worker, String trace) {
    static PartStatus of(JsonNode part) {
      return new PartStatus(
          part.path("state").asText(),
          part.path("worker_id").asText(),
          part.path("trace").asText(""));
    }

    /** Whether it has given up. */
    public boolean isFailed() {
      return state.equals("FAILED");
    }

    /** Whether no worker has it now. */
    public boolean isUnassigned() {
      return state.equals("UNASSIGNED");
    }

    /** What it has failed with, in a line. */
    public String reason() {
      return trace.lines().findFirst().orElse("");
    }
  }

  static ConnectorStatus of(JsonNode status) {
    List<PartStatus> tasks = new ArrayList<>();
    status.path("tasks").forEach(task -> tasks.add(PartStatus.of(task)));
    return new ConnectorStatus(PartStatus.of(status.path("connector")), List.copyOf(tasks));
  }

  /** Whether the connector or one of its tasks has given up. */
  public boolean isFailed() {
    return connector.isFailed() || tasks.stream().anyMatch(PartStatus::isFailed);
  }

  /** Whether the connector or one of its tasks is in no worker. */
  public boolean isUnassigned() {
    return connector.isUnassigned() || tasks.stream().anyMatch(PartStatus::isUnassigned);
  }

  /** Whether the connector runs and has nothing that reads. */
  public boolean isWithoutTasks() {
    return connector.state().equals("RUNNING") && tasks.isEmpty();
  }
}
