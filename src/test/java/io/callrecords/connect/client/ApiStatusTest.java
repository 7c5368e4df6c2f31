package io.callrecords.connect.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each code of the API's documentation comes to. */
class ApiStatusTest {
  @ParameterizedTest
  @CsvSource({
    "-16, EXPIRED",
    "-18, API_ERROR",
    "-12, API_ERROR",
    "-15, TOO_MANY_REQUESTS",
  })
  void someMayPassByThemselves(String code, TransientFault fault) {
    assertThat(ApiStatus.of(code).orElseThrow().failure(code))
        .isEqualTo(new ApiResult.Failure(fault, "status " + code));
  }

  @ParameterizedTest
  @CsvSource({
    "-1, AUTHENTICATION",
    "-2, ADDRESS",
    "-31, ADDRESS",
    "-22, PARAMETER",
    "-11, PARAMETER",
    "-14, PARAMETER",
    "-21, PARAMETER",
    "-25, OUT_OF_RANGE",
    "-13, LOCKED",
    "-29, LOCKED",
    "-30, LOCKED",
    "-32, LOCKED",
  })
  void theOthersAreRefusals(String code, ApiStatus status) {
    assertThat(ApiStatus.of(code).orElseThrow().failure(code))
        .isEqualTo(new ApiResult.Refused(status, "Status " + code));
  }

  @Test
  void aSuccessIsNoFailure() {
    assertThat(ApiStatus.of(" 0 ")).contains(ApiStatus.SUCCESS);
    assertThatThrownBy(() -> ApiStatus.SUCCESS.failure("0"))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aCodeThatIsNotDocumentedIsNoStatus() {
    assertThat(ApiStatus.of("-99")).isEmpty();
  }
}
