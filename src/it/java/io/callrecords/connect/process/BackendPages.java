package io.callrecords.connect.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The pages that a variant gives for a range, read as simply as a script does: as many as the first
 * one announces, and one more.
 *
 * @param total what the first page says
 * @param counts how many calls each of them has; the last is the one past the end
 * @param distinct how many different calls they have together
 * @param firstAgain whether the page past the end is page 1 again
 */
record BackendPages(int total, List<Integer> counts, int distinct, boolean firstAgain) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Reads the pages.
   *
   * @param url address of the variant
   * @param from the first second in which calls started
   * @param to the last one
   * @param size the rows of a page
   */
  static BackendPages read(String url, Instant from, Instant to, int size) {
    JsonNode first = page(url, from, to, size, 1);
    List<List<String>> pages = new ArrayList<>();
    pages.add(ids(first));
    int announced = first.path("pages").asInt();
    for (int number = 2; number <= announced + 1; number++) {
      pages.add(ids(page(url, from, to, size, number)));
    }
    List<String> past = pages.get(announced);
    Set<String> distinct = new HashSet<>();
    pages.subList(0, announced).forEach(distinct::addAll);
    return new BackendPages(
        first.path("total").asInt(),
        pages.stream().map(List::size).toList(),
        distinct.size(),
        !past.isEmpty() && pages.get(0).containsAll(past));
  }

  private static List<String> ids(JsonNode page) {
    List<String> ids = new ArrayList<>();
    page.path("records").forEach(call -> ids.add(call.path("callSessionId").asText()));
    return ids;
  }

  private static JsonNode page(String url, Instant from, Instant to, int size, int number) {
    Map<String, Object> query =
        Map.of(
            "current",
            number,
            "size",
            size,
            "params",
            Map.of(
                "strTime",
                from.atOffset(BackendAccount.ZONE).toString(),
                "endTime",
                to.atOffset(BackendAccount.ZONE).toString()));
    String timestamp = Long.toString(Instant.now().getEpochSecond());
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(url + "/voice/ccRecordQuery"))
              .header("Content-Type", "application/json;charset=UTF-8")
              .header("Api-Key", LocalCluster.KEY)
              .header("Timestamp", timestamp)
              .header("Sign", md5(LocalCluster.KEY + LocalCluster.SECRET + timestamp))
              .POST(BodyPublishers.ofString(JSON.writeValueAsString(query)))
              .build();
      String body = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
      JsonNode data = JSON.readTree(body).path("data");
      if (!data.path("records").isArray()) {
        throw new AssertionError("No page: " + body);
      }
      return data;
    } catch (IOException e) {
      throw new UncheckedIOException("No page of " + url, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while a page is read", e);
    }
  }

  private static String md5(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("MD5");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Each JVM has MD5", e);
    }
  }
}
