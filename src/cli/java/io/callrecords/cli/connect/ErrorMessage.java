package io.callrecords.cli.connect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/** What a worker says of why it refuses a request. */
final class ErrorMessage {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ErrorMessage() {}

  /** The message in the body of an answer; empty if it has none, as a page of something else. */
  static String of(String body) {
    try {
      return JSON.readTree(body).path("message").asText();
    } catch (JsonProcessingException e) {
      return "";
    }
  }
}
