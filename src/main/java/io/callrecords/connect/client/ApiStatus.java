package io.callrecords.connect.client;

import io.callrecords.connect.config.CallRecordSourceConfig;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The API's status codes as documented, and what each requires; a code that is not listed is a
 * transient fault. Also has the one refusal that comes from a proxy.
 */
public enum ApiStatus {
  SUCCESS(StatusKind.OK, "", List.of(), "0"),
  AUTHENTICATION(
      StatusKind.REFUSED,
      "the API rejects the signature: check api.key and api.secret",
      List.of(CallRecordSourceConfig.API_KEY, CallRecordSourceConfig.API_SECRET),
      "-1"),
  ADDRESS(
      StatusKind.REFUSED,
      "the API does not allow this worker's IP address: have every worker's address"
          + " allow-listed for the account",
      List.of(CallRecordSourceConfig.API_KEY),
      "-2",
      "-31"),
  EXPIRED(StatusKind.EXPIRED, "", List.of(), "-16"),
  API_ERROR(StatusKind.FAULT, "", List.of(), "-18", "-12"),
  TOO_MANY_REQUESTS(StatusKind.TOO_MANY, "", List.of(), "-15"),
  PARAMETER(
      StatusKind.REFUSED,
      "the API rejects a parameter: compare the filter.* settings and page.size with what it"
          + " accepts for the account",
      List.of(),
      "-22",
      "-11",
      "-14",
      "-21"),
  OUT_OF_RANGE(
      StatusKind.REFUSED,
      "the range is too old for the API: lower api.retention.days, or move start.time forward",
      List.of(),
      "-25"),
  LOCKED(
      StatusKind.REFUSED,
      "the account may not send requests: its user is locked, its key or workspace is disabled,"
          + " or a permission is missing; ask the account's administrator to enable it",
      List.of(CallRecordSourceConfig.API_KEY),
      "-13",
      "-29",
      "-30",
      "-32"),
  PROXY_CREDENTIALS(
      StatusKind.REFUSED,
      "the proxy rejects the credentials: check proxy.username and proxy.password",
      List.of(CallRecordSourceConfig.PROXY_USERNAME, CallRecordSourceConfig.PROXY_PASSWORD));

  private final StatusKind kind;
  private final String advice;
  private final List<String> settings;
  private final List<String> codes;

  /** What a code requires. */
  enum StatusKind {
    OK,
    FAULT,
    EXPIRED,
    TOO_MANY,
    REFUSED
  }

  ApiStatus(StatusKind kind, String advice, List<String> settings, String... codes) {
    this.kind = kind;
    this.advice = advice;
    this.settings = settings;
    this.codes = List.of(codes);
  }

  /** What it requires. */
  StatusKind kind() {
    return kind;
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
