package io.callrecords.simulator;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Checks the signature of a request against the account's key and secret. */
final class Signature {
  private final String key;
  private final String secret;

  Signature(String key, String secret) {
    this.key = key;
    this.secret = secret;
  }

  boolean matches(@Nullable String apiKey, @Nullable String timestamp, @Nullable String sign) {
    if (!key.equals(apiKey) || timestamp == null || sign == null) {
      return false;
    }
    return expected(timestamp).equalsIgnoreCase(sign);
  }

  private String expected(String timestamp) {
    try {
      byte[] signed = (key + secret + timestamp).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(signed));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
