package io.callrecords.cli.reconcile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.callrecords.cli.reconcile.Discrepancy.FieldDifference;
import io.callrecords.cli.reconcile.SummarySignature.KeyException;
import io.callrecords.cli.topic.TopicPlace;
import io.callrecords.connect.config.CallRecordSourceConfig;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A reconciliation as a JSON document for the auditor: a summary without personal data, what was
 * found, and a signature over the summary, which holds a digest of what was found.
 *
 * <p>What is signed is the summary with sorted names and without blanks, so that a document may be
 * formatted anew.
 */
final class SummaryDocument {
  private static final String KIND = "call-records-reconciliation";
  private static final int FORMAT_VERSION = 1;
  private static final int SHORT_DIGEST = 8;

  private static final ObjectMapper SORTED =
      new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

  private SummaryDocument() {}

  /**
   * The document of a result.
   *
   * @param tool what made it, and its version
   * @param showsValues whether it has the values of fields that differ
   * @param signature signs it; null for a document without a signature
   */
  static ObjectNode of(
      ReconcileResult result,
      String tool,
      boolean showsValues,
      @Nullable SummarySignature signature) {
    ObjectNode document = SORTED.createObjectNode();
    ArrayNode findings = findings(result, showsValues);
    ObjectNode summary = summary(result, tool);
    summary.put("findingsDigest", sha256(canonical(findings)));
    document.set("summary", summary);
    document.set("findings", findings);
    if (signature == null) {
      document.putNull("signature");
    } else {
      document
          .putObject("signature")
          .put("algorithm", signature.algorithm())
          .put("value", signature.sign(canonical(summary)));
    }
    return document;
  }

  private static ObjectNode summary(ReconcileResult result, String tool) {
    ReconcileRequest request = result.request();
    CallRecordSourceConfig config = request.config();
    ObjectNode summary = SORTED.createObjectNode();
    summary.put("kind", KIND).put("formatVersion", FORMAT_VERSION).put("tool", tool);
    summary.put("connector", request.connector()).put("topic", config.topic());
    String key = config.getPassword(CallRecordSourceConfig.API_KEY).value();
    summary
        .putObject("account")
        .put("api", config.getString(CallRecordSourceConfig.API_URL))
        .put("keyDigest", sha256(key.getBytes(StandardCharsets.UTF_8)).substring(0, SHORT_DIGEST));
    summary
        .putObject("range")
        .put("from", request.range().from().toString())
        .put("to", request.range().to().toString())
        .put("timeField", config.queryTimeField().field());
    summary.put("begun", seconds(result.begun())).put("ended", seconds(result.ended()));
    ReconcileConclusion conclusion = result.conclusion();
    summary.put("verdict", conclusion.verdict().word()).put("isWell", result.isWell());
    summary.put("conclusion", conclusion.text());
    ArrayNode unseen = summary.putArray("unseen");
    conclusion.unseen().forEach(unseen::add);
    RangeResult days = result.days();
    ObjectNode counts = summary.putObject("counts");
    for (Map.Entry<String, Long> count : counts(days).entrySet()) {
      counts.put(count.getKey(), count.getValue());
    }
    counts.put("unreadable", result.unreadable());
    summary.put("pending", days.sum(day -> day.pending));
    summary.put("requests", result.requests()).put("auditRecords", result.audits());
    ArrayNode ignored = summary.putArray("notCompared");
    request.ignored().stream().sorted().forEach(ignored::add);
    ArrayNode filters = summary.putArray("filters");
    config.filtersSet().forEach(filters::add);
    summary.put("apiDigest", days.digest(DayResult::apiDigest));
    summary.put("topicDigest", days.digest(DayResult::topicDigest));
    ArrayNode perDay = summary.putArray("days");
    days.all().forEach(day -> perDay.add(ofDay(day)));
    ArrayNode notes = summary.putArray("notes");
    result.notes().forEach(notes::add);
    return summary;
  }

  private static String seconds(Instant moment) {
    return Instant.ofEpochSecond(moment.getEpochSecond()).toString();
  }

  /** All that is counted, by its name. */
  static Map<String, Long> counts(RangeResult days) {
    Map<String, Long> counts = new TreeMap<>();
    counts.put("api", days.sum(day -> day.api));
    counts.put("topic", days.sum(day -> day.topic));
    counts.put("records", days.sum(day -> day.records));
    counts.put("versions", days.sum(day -> day.versions));
    counts.put("replayed", days.sum(day -> day.replayed));
    counts.put("malformed", days.sum(day -> day.malformed));
    counts.put("expired", days.sum(day -> day.expired));
    counts.put("pending", days.sum(day -> day.pending));
    for (FindingKind kind : FindingKind.values()) {
      counts.put(kind.word(), days.count(kind));
    }
    return counts;
  }

  private static ObjectNode ofDay(DayResult totals) {
    ObjectNode day = SORTED.createObjectNode();
    day.put("day", totals.day().toString()).put("api", totals.api).put("topic", totals.topic);
    day.put("records", totals.records).put("malformed", totals.malformed);
    day.put("pending", totals.pending).put("expired", totals.expired);
    for (FindingKind kind : FindingKind.values()) {
      day.put(kind.word(), totals.count(kind));
    }
    return day.put("apiDigest", totals.apiDigest()).put("topicDigest", totals.topicDigest());
  }

  private static ArrayNode findings(ReconcileResult result, boolean showsValues) {
    ArrayNode findings = SORTED.createArrayNode();
    for (Discrepancy one : result.listed()) {
      ObjectNode finding = findings.addObject();
      finding.put("kind", one.kind().word()).put("cause", one.cause().word());
      finding.put("id", one.id()).put("day", one.day().toString());
      Long millis = one.millis();
      finding.put("time", millis == null ? null : Instant.ofEpochMilli(millis).toString());
      finding.put("timesInTopic", one.times());
      TopicPlace place = one.place();
      if (place != null) {
        finding.put("partition", place.partition()).put("offset", place.offset());
      }
      ArrayNode fields = finding.putArray("fields");
      for (FieldDifference difference : one.differences()) {
        ObjectNode field = fields.addObject().put("field", difference.field());
        if (showsValues) {
          field.put("api", difference.api()).put("topic", difference.topic());
        }
      }
    }
    return findings;
  }

  /**
   * What is wrong with a document; null where nothing is.
   *
   * @throws KeyException when the key cannot check it
   */
  static @Nullable String problem(JsonNode document, SummarySignature key) throws KeyException {
    JsonNode summary = document.path("summary");
    if (!summary.path("kind").asText().equals(KIND)) {
      return "it is no summary of a reconciliation";
    }
    JsonNode signature = document.path("signature");
    if (!signature.isObject()) {
      return "it is not signed";
    }
    String algorithm = signature.path("algorithm").asText();
    if (!algorithm.equals(key.algorithm())) {
      return "it is signed by " + algorithm + ", and the key is one for " + key.algorithm();
    }
    if (!key.isOf(canonical(summary), signature.path("value").asText())) {
      return "the signature is not that of this summary by this key";
    }
    boolean hasFindings = document.has("findings");
    if (hasFindings
        && !sha256(canonical(document.path("findings")))
            .equals(summary.path("findingsDigest").asText())) {
      return "its list of findings has been changed";
    }
    return null;
  }

  /** The one form in which something is signed. */
  static byte[] canonical(JsonNode json) {
    try {
      // Only maps are sorted, not trees.
      return SORTED.writeValueAsBytes(SORTED.treeToValue(json, Object.class));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(CallDigests.sha256().digest(bytes));
  }
}
