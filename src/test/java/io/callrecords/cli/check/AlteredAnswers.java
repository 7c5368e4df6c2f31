package io.callrecords.cli.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.callrecords.connect.client.Transport;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/**
 * Reaches an account whose answers are altered on their way.
 *
 * @param account the account
 * @param alteration gets the request and the answer, which it may change
 */
record AlteredAnswers(VirtualAccount account, BiConsumer<JsonNode, ObjectNode> alteration)
    implements Transport {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public <T> CompletableFuture<T> post(
      URI url, Map<String, String> headers, byte[] body, ResponseHandler<T> handler) {
    return account.post(
        url,
        headers,
        body,
        (status, header, answer) -> handler.handle(status, header, altered(body, answer)));
  }

  private InputStream altered(byte[] body, InputStream answer) throws IOException {
    JsonNode root = JSON.readTree(answer);
    if (root instanceof ObjectNode object) {
      alteration.accept(JSON.readTree(body), object);
    }
    return new ByteArrayInputStream(JSON.writeValueAsBytes(root));
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}
