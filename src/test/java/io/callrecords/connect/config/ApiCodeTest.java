package io.callrecords.connect.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves that each of the API's codes has one name, and is found by either. */
class ApiCodeTest {
  static Stream<Named<List<? extends ApiCode>>> enumerations() {
    return Stream.of(
        Named.of("call types", List.of(CallType.values())),
        Named.of("hangup reasons", List.of(HangupReason.values())),
        Named.of("hanging directions", List.of(HangingDirection.values())));
  }

  @Test
  void hasTheCodesOfTheApisDocumentation() {
    assertThat(codes(List.of(CallType.values())))
        .isEqualTo(Map.of("group", 1, "incoming", 2, "outgoing", 3));
    assertThat(codes(List.of(HangingDirection.values())))
        .isEqualTo(Map.of("customer", 0, "agent", 1, "system", 3));
    assertThat(codes(List.of(HangupReason.values())))
        .isEqualTo(
            Map.of(
                "outgoing-not-answered", 0,
                "outgoing-hung-up", 1,
                "transfer-ringing-hung-up", 2,
                "transfer-hung-up", 3,
                "abnormal", 4,
                "no-service", 5,
                "out-of-area", 6,
                "busy", 7,
                "incoming-not-answered", 8,
                "incoming-hung-up", 9));
  }

  @ParameterizedTest
  @MethodSource("enumerations")
  void isFoundByNameInAnySpellingAndByCode(List<? extends ApiCode> values) {
    for (ApiCode value : values) {
      List<String> spellings =
          List.of(
              value.configValue(),
              value.name(),
              value.configValue().replace('-', '_'),
              Integer.toString(value.code()));
      for (String spelling : spellings) {
        assertThat(ApiCode.find(values, spelling).map(ApiCode::name))
            .as(spelling)
            .contains(value.name());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "2", "02", "+1", "1.0", "customers", "custom", "nobody", "-1"})
  void isNotFoundByAnythingElse(String text) {
    assertThat(ApiCode.find(List.of(HangingDirection.values()), text)).isEmpty();
  }

  @Test
  void isListedWithItsNameAndItsCode() {
    assertThat(ApiCode.describe(List.of(HangingDirection.values())))
        .isEqualTo("customer (0), agent (1), system (3)");
  }

  private static Map<String, Integer> codes(List<? extends ApiCode> values) {
    Function<ApiCode, String> name = ApiCode::configValue;
    return values.stream().collect(Collectors.toMap(name, ApiCode::code));
  }
}
