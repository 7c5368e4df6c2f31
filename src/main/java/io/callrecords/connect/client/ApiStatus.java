package io.callrecords.connect.client;

import io.callrecords.connect.config.CallRecordSourceConfig;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The API's status codes as documented, and what each requires; a code that is not listed is a
 * transient fault. Also has the one refusal that comes from a proxy.
 */
public enum ApiStatus {
  SUCCESS("0"),
  AUTHENTICATION(
      "the API rejects the signature: check api.key and api.secret",
      List.of(CallRecordSourceConfig.API_KEY, CallRecordSourceConfig.API_SECRET),
      "-1"),
  ADDRESS(
      "the API does not allow this worker's IP address: have every worker's address"
          + " allow-listed for the account",
      List.of(CallRecordSourceConfig.API_KEY),
      "-2",
      "-31"),
  EXPIRED(TransientFault.EXPIRED, "-16"),
  API_ERROR(TransientFault.API_ERROR, "-18", "-12"),
  TOO_MANY_REQUESTS(TransientFault.TOO_MANY_REQUESTS, "-15"),
  PARAMETER(
      "the API rejects a parameter: compare the filter.* settings and page.size with what it"
          + " accepts for the account",
      List.of(),
      "-22",
      "-11",
      "-14",
      "-21"),
  OUT_OF_RANGE(
      "the range is too old for the API: lower api.retention.days, or move start.time forward",
      List.of(),
      "-25"),
  LOCKED(
      "the account may not send requests: its user is locked, its key or workspace is disabled,"
          + " or a permission is missing; ask the account's administrator to enable it",
      List.of(CallRecordSourceConfig.API_KEY),
      "-13",
      "-29",
      "-30",
      "-32"),
  PROXY_CREDENTIALS(
      "the proxy rejects the credentials: check proxy.username and proxy.password",
      List.of(CallRecordSourceConfig.PROXY_USERNAME, CallRecordSourceConfig.PROXY_PASSWORD));

  private final @Nullable TransientFault fault;
  private final String advice;
  private final List<String> settings;
  private final List<String> codes;

  /** A status that comes with a page. */
  ApiStatus(String... codes) {
    this(null, "", List.of(), codes);
  }

  /** A status that may pass by itself. */
  ApiStatus(TransientFault fault, String... codes) {
    this(fault, "", List.of(), codes);
  }

  /** A refusal, which does not. */
  ApiStatus(String advice, List<String> settings, String... codes) {
    this(null, advice, settings, codes);
  }

  ApiStatus(@Nullable TransientFault fault, String advice, List<String> settings, String[] codes) {
    this.fault = fault;
    this.advice = advice;
    this.settings = settings;
    this.codes = List.of(codes);
  }

  /**
   * What a response without a page comes to; for all but {@link #SUCCESS}.
   *
   * @param code the code received, one of the status's
   */
  ApiResult failure(String code) {
    if (this == SUCCESS) {
      throw new IllegalStateException("A success has a page");
    }
    return fault == null
        ? new ApiResult.Refused(this, "Status " + code)
        : new ApiResult.Failure(fault, "status " + code);
  }

  /** What is wrong and what to do; empty for a transient fault, see {@link TransientFault}. */
  public String advice() {
    return advice;
  }

  /** The settings that are likely wrong; none where that depends on the request. */
  public List<String> settings() {
    return settings;
  }

  /** Finds a code; the API sends it as text or as a number. */
  static Optional<ApiStatus> of(String code) {
    return Arrays.stream(values()).filter(s -> s.codes.contains(code.trim())).findFirst();
  }
}
