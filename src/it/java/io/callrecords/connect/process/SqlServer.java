package io.callrecords.connect.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;

/** A database server that its own client asks, in SQL. */
interface SqlServer extends DatabaseServer {
  /** What the server's own client prints of a query or a command: values alone, without a head. */
  String run(String sql);

  /** The version of the server. */
  String version();

  /** How this server compares calls. */
  CallSql calls();

  /** The one number that a query gives. */
  default long number(String query) {
    return Long.parseLong(run(query).strip());
  }

  /** The one JSON document that a query gives. */
  default JsonNode json(String query) {
    String json = run(query);
    try {
      return new ObjectMapper().readTree(json);
    } catch (IOException e) {
      throw new AssertionError("Not JSON: " + json, e);
    }
  }
}
