package io.callrecords.cli.check;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.callrecords.cli.JsonDocument;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a check has found. It has no data of any person: no ids, numbers, names or texts of calls.
 *
 * @param connectorVersion the version of the connector
 * @param checkedAt when it was checked
 * @param apiUrl the API's address
 * @param requests how many requests it took
 * @param backlog what there is to load
 * @param facts what the API does
 * @param verdict whether the settings fit, in lines for people
 */
record CheckReport(
    String connectorVersion,
    Instant checkedAt,
    String apiUrl,
    int requests,
    BacklogEstimate backlog,
    List<Fact> facts,
    List<String> verdict) {
  /** Its text as JSON. */
  String json() {
    ObjectNode root = head();
    root.put("requests", requests);
    ObjectNode load = root.putObject("backlog");
    load.put("since", backlog.since().toString());
    put(load, "records", backlog.records());
    put(load, "requests", backlog.requests());
    put(load, "seconds", backlog.seconds());
    load.put("text", backlog.text());
    verdict.forEach(root.putArray("verdict")::add);
    addFacts(root);
    ArrayNode details = root.putArray("details");
    for (Fact fact : facts) {
      ObjectNode detail = details.addObject();
      detail.put("name", fact.name());
      detail.put("title", fact.title());
      detail.put("value", fact.value());
      detail.put("text", fact.text());
      ArrayNode evidence = detail.putArray("evidence");
      fact.evidence()
          .forEach(
              each -> evidence.addObject().put("asked", each.asked()).put("came", each.came()));
    }
    return JsonDocument.pretty(root);
  }

  /** The known facts alone, as JSON that the connector's setting {@code api.facts} takes. */
  String factsAlone() {
    ObjectNode root = head();
    addFacts(root);
    return JsonDocument.pretty(root);
  }

  private ObjectNode head() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("report", "call-records-check");
    root.put("formatVersion", 1);
    root.put("connectorVersion", connectorVersion);
    root.put("checkedAt", checkedAt.toString());
    root.put("apiUrl", apiUrl);
    return root;
  }

  private void addFacts(ObjectNode root) {
    ObjectNode values = root.putObject("facts");
    facts.stream().filter(Fact::isKnown).forEach(fact -> values.put(fact.name(), fact.value()));
  }

  private static void put(ObjectNode node, String name, @Nullable Long value) {
    if (value == null) {
      node.putNull(name);
    } else {
      node.put(name, value);
    }
  }
}
