package io.callrecords.backend;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;

/** The signature of a request: MD5 of key, secret and timestamp. */
final class RequestSignature {
  private static final long VALID_SECONDS = 300;

  private final String key;
  private final String secret;
  private final Clock clock;

  RequestSignature(String key, String secret, Clock clock) {
    this.key = key;
    this.secret = secret;
    this.clock = clock;
  }

  /** Whether a request comes from the account. */
  boolean isRight(String sentKey, String timestamp, String sign) {
    return key.equals(sentKey)
        && timestamp != null
        && timestamp.matches("[0-9]{1,12}")
        && md5(key + secret + timestamp).equalsIgnoreCase(sign);
  }

  /** Whether a timestamp still counts. */
  boolean isRecent(String timestamp) {
    long age = Instant.now(clock).getEpochSecond() - Long.parseLong(timestamp);
    return Math.abs(age) <= VALID_SECONDS;
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
