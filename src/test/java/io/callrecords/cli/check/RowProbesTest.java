package io.callrecords.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.callrecords.connect.client.Transport;
import io.callrecords.simulator.Order;
import io.callrecords.simulator.Quirks;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a real backend has shown of rows and their order. */
class RowProbesTest {
  /** Just before the range that is over. */
  private static final Duration BACK = Duration.ofHours(3).plusSeconds(30);

  private static final int DEEP = 4;

  /** Reaches an account whose rows of one second come the other way round on deep pages. */
  private record OtherWayDeepDown(VirtualAccount account) implements Transport {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public <T> CompletableFuture<T> post(
        URI url, Map<String, String> headers, byte[] body, ResponseHandler<T> handler) {
      return account.post(
          url,
          headers,
          body,
          (status, header, answer) ->
              handler.handle(
                  status,
                  header,
                  JSON.readTree(body).path("current").asInt() < DEEP ? answer : turned(answer)));
    }

    private static InputStream turned(InputStream answer) throws IOException {
      JsonNode root = JSON.readTree(answer);
      if (root.at("/data/records") instanceof ArrayNode rows) {
        List<JsonNode> turned = new ArrayList<>();
        int same = 0;
        for (JsonNode row : rows) {
          boolean isSame =
              !turned.isEmpty()
                  && turned.get(same).path("callStartTime").equals(row.path("callStartTime"));
          same = isSame ? same : turned.size();
          turned.add(same, row);
        }
        rows.removeAll().addAll(turned);
      }
      return new ByteArrayInputStream(JSON.writeValueAsBytes(root));
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Order.class,
      names = {"NEWEST_FIRST", "RANDOM"})
  void aSecondThatFillsTheFirstPagesDoesNotHideTheOrder(Order order) throws Exception {
    VirtualAccount account = new VirtualAccount(Quirks.newBuilder().order(order).build(), 1);
    account.addInSecond(450, BACK);

    Fact fact = new RowOrderProbe().examine(account.survey(account.caller()));

    assertThat(fact.value())
        .as(fact.text())
        .isEqualTo(order == Order.RANDOM ? "none" : "newest-first");
  }

  @Test
  void anOrderWithinASecondThatDiffersDeepDownIsFound() throws Exception {
    VirtualAccount account = new VirtualAccount(Quirks.defaults(), 1);
    for (int hours = 4; hours < 400; hours++) {
      account.addInSecond(5, Duration.ofHours(hours));
    }

    Fact same = new TieOrderProbe().examine(account.survey(account.caller()));
    Fact other =
        new TieOrderProbe().examine(account.survey(account.caller(new OtherWayDeepDown(account))));

    assertThat(same.value()).as(same.text()).isEqualTo("stable");
    assertThat(other.value()).as(other.text()).isEqualTo("by-page");
  }
}
