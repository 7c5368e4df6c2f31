package io.callrecords.connect.embedded;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.callrecords.simulator.Call;
import io.callrecords.simulator.Journal;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each filter goes into the request as the API names it, and only such calls arrive. */
@ExtendWith(Clusters.class)
class FiltersIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ConnectCluster cluster;
  private final ClusterAccount account = ClusterAccount.open();

  FiltersIT(ConnectCluster cluster) {
    this.cluster = cluster;
  }

  @AfterEach
  void closeAccount() {
    account.close();
  }

  /**
   * One filter.
   *
   * @param setting the connector's key
   * @param value its value
   * @param param the API's name for it
   * @param json what the API has to get
   * @param which the calls that have to arrive
   */
  record Filter(String setting, String value, String param, String json, Predicate<Call> which) {
    @Override
    public String toString() {
      return setting;
    }
  }

  static Stream<Filter> filters() {
    return Stream.of(
        new Filter(
            "filter.agent.group",
            "客服一组",
            "sipGroupName",
            "\"客服一组\"",
            call -> "客服一组".equals(call.agentGroupName())),
        new Filter(
            "filter.agents",
            "0705C049_007, 0705C049_042",
            "seatNameList",
            "[\"0705C049_007\", \"0705C049_042\"]",
            call -> Set.of("0705C049_007", "0705C049_042").contains(call.agentName())),
        new Filter(
            "filter.call.types",
            "incoming,1",
            "callType",
            "[2, 1]",
            call -> Set.of(1, 2).contains(call.callType())),
        new Filter(
            "filter.hangup.reasons",
            "outgoing-hung-up,abnormal,9",
            "hangupReason",
            "[1, 4, 9]",
            call -> Set.of(1, 4, 9).contains(call.hangupReason())),
        new Filter(
            "filter.number",
            "8613911112222",
            "calledOrCaller",
            "\"8613911112222\"",
            call -> "8613911112222".equals(call.caller()) || "8613911112222".equals(call.called())),
        new Filter(
            "filter.country.codes",
            "91,55",
            "ccode",
            "[\"91\", \"55\"]",
            call -> Set.of("91", "55").contains(call.ccode())),
        new Filter(
            "filter.hanging.directions",
            "agent,system",
            "hangingDirection",
            "[1, 3]",
            call -> Set.of(1, 3).contains(call.hangingDirection())),
        new Filter(
            "filter.labels",
            "VIP, High level",
            "labelNames",
            "[\"VIP\", \"High level\"]",
            call -> call.labels().contains("VIP") || call.labels().contains("High level")));
  }

  @ParameterizedTest
  @MethodSource("filters")
  void onlyWhatTheFilterLetsThrough(Filter filter) throws Exception {
    account.addHistory(500, Duration.ofDays(3));
    account.add(
        generator ->
            generator
                .uniform(20, account.now().minusSeconds(90_000), account.now().minusSeconds(80_000))
                .stream()
                .map(call -> call.with(to -> to.caller("8613911112222")))
                .toList());
    Set<String> wanted =
        account.calls().stream().filter(filter.which()).map(Call::callSessionId).collect(toSet());
    assertThat(wanted).as("what the filter is to let through").isNotEmpty();
    assertThat(wanted).hasSizeLessThan(account.ids().size());
    Map<String, String> settings = account.settings();
    settings.put("requests.per.second", "100");
    settings.put("poll.interval.ms", "500");
    settings.put(filter.setting(), filter.value());
    try (Connector connector = cluster.connector("filter", settings)) {
      connector.awaitAll(wanted);
      account.awaitFurtherRequests(connector, 2);
      connector.expectExactly(wanted);
    }
    JsonNode expected = JSON.readTree(filter.json());
    List<Journal.Entry> entries = account.journal().entries();
    assertThat(entries)
        .isNotEmpty()
        .allSatisfy(
            entry -> {
              JsonNode params = entry.request().params();
              assertThat(names(params)).isEqualTo(Set.of("strTime", "endTime", filter.param()));
              assertThat(params.path(filter.param())).isEqualTo(expected);
            });
  }

  private static Set<String> names(JsonNode object) {
    Set<String> names = new HashSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
