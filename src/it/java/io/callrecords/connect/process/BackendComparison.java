package io.callrecords.connect.process;

import com.fasterxml.jackson.databind.JsonNode;
import io.callrecords.connect.process.BackendAccount.StoredCall;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a topic compares with a database.
 *
 * @param calls how many calls the database has
 * @param records how many records the topic has
 * @param missing calls that are not in the topic
 * @param surplus ids in the topic that the database does not have
 * @param duplicates records beyond one for each call and one for each change of it
 * @param wrongLabels calls whose last record has other labels
 * @param wrongValues calls whose last record differs in something else
 */
record BackendComparison(
    int calls,
    int records,
    int missing,
    int surplus,
    int duplicates,
    int wrongLabels,
    int wrongValues) {

  /** Compares what was read of a topic by now. */
  static BackendComparison of(
      TopicReader topic, Map<String, StoredCall> stored, BackendAccount account) {
    List<String> ids = topic.ids();
    Map<String, Integer> last = new HashMap<>();
    Map<String, Integer> counts = new HashMap<>();
    for (int i = 0; i < ids.size(); i++) {
      last.put(ids.get(i), i);
      counts.merge(ids.get(i), 1, Integer::sum);
    }
    int missing = 0;
    int wrongLabels = 0;
    int wrongValues = 0;
    for (Map.Entry<String, StoredCall> call : stored.entrySet()) {
      Integer place = last.get(call.getKey());
      if (place == null) {
        missing++;
      } else {
        StoredCall read = read(topic.value(place).path("payload"));
        wrongLabels += read.labels().equals(call.getValue().labels()) ? 0 : 1;
        wrongValues += read.values().equals(call.getValue().values()) ? 0 : 1;
      }
    }
    int duplicates =
        counts.entrySet().stream()
            .mapToInt(id -> Math.max(0, id.getValue() - 1 - account.edits(id.getKey())))
            .sum();
    int surplus = (int) last.keySet().stream().filter(id -> !stored.containsKey(id)).count();
    return new BackendComparison(
        stored.size(), ids.size(), missing, surplus, duplicates, wrongLabels, wrongValues);
  }

  private static StoredCall read(JsonNode payload) {
    List<String> labels = new ArrayList<>();
    payload.path("labels").forEach(label -> labels.add(label.asText()));
    Map<String, String> values = new TreeMap<>();
    for (String field :
        List.of("called", "remark", "voiceUrl", "callDuration", "callStartTime", "callEndTime")) {
      JsonNode value = payload.path(field);
      values.put(field, value.isNull() ? "" : value.asText());
    }
    return new StoredCall(labels.stream().sorted().toList(), values);
  }

  /** Whether the topic equals the database. */
  boolean isEqual() {
    return missing + surplus + duplicates + wrongLabels + wrongValues == 0;
  }
}
