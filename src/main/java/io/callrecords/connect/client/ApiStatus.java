package io.callrecords.connect.client;

import io.callrecords.connect.config.CallRecordSourceConfig;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The API's status codes and what they ask for, from its public pages. A code that is not listed is
 * a fault that may pass. With them stands the one refusal that a proxy sends.
 */
public enum ApiStatus {
  SUCCESS(Kind.OK, "", List.of(), "0"),
  AUTHENTICATION(
      Kind.REFUSED,
      "the API does not accept the signature: check api.key and api.secret",
      List.of(CallRecordSourceConfig.API_KEY, CallRecordSourceConfig.API_SECRET),
      "-1"),
  ADDRESS(
      Kind.REFUSED,
      "the API does not allow this worker's address: have the address of every worker"
          + " allow-listed for the account",
      List.of(CallRecordSourceConfig.API_KEY),
      "-2",
      "-31"),
  EXPIRED(Kind.EXPIRED, "", List.of(), "-16"),
  BROKEN(Kind.FAULT, "", List.of(), "-18", "-12"),
  TOO_OFTEN(Kind.TOO_MANY, "", List.of(), "-15"),
  PARAMETER(
      Kind.REFUSED,
      "the API does not accept a parameter: compare the filter.* settings and page.size with what"
          + " the account's platform takes",
      List.of(),
      "-22",
      "-11",
      "-14",
      "-21"),
  OUT_OF_RANGE(
      Kind.REFUSED,
      "the range is too old for the API: lower api.retention.days, or move start.time forward",
      List.of(),
      "-25"),
  LOCKED(
      Kind.REFUSED,
      "the account may not ask: its user is locked, its key or workspace disabled, or the"
          + " permission missing; have the account's administrator enable it",
      List.of(CallRecordSourceConfig.API_KEY),
      "-13",
      "-29",
      "-30",
      "-32"),
  PROXY_CREDENTIALS(
      Kind.REFUSED,
      "the proxy does not let the request pass: check proxy.username and proxy.password",
      List.of(CallRecordSourceConfig.PROXY_USERNAME, CallRecordSourceConfig.PROXY_PASSWORD));

  private final Kind kind;
  private final String advice;
  private final List<String> settings;
  private final List<String> codes;

  /** What a code asks for. */
  enum Kind {
    OK,
    FAULT,
    EXPIRED,
    TOO_MANY,
    REFUSED
  }

  ApiStatus(Kind kind, String advice, List<String> settings, String... codes) {
    this.kind = kind;
    this.advice = advice;
    this.settings = settings;
    this.codes = List.of(codes);
  }

  /** What it asks for. */
  Kind kind() {
    return kind;
  }

  /**
   * What is wrong and what a person has to do; empty for what may pass, see {@link TransientFault}.
   */
  public String advice() {
    return advice;
  }

  /** The settings that are likely wrong; none where that depends on what was asked. */
  public List<String> settings() {
    return settings;
  }

  /** Finds a code; the API sends it as text or as a number. */
  static Optional<ApiStatus> of(String code) {
    return Arrays.stream(values()).filter(s -> s.codes.contains(code.trim())).findFirst();
  }
}
