package io.callrecords.connect.client;

import io.callrecords.connect.config.ApiOptions.Credentials;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;

/**
 * Signs requests as the API's documentation says: {@code Sign} is the MD5, in hex, of key, secret
 * and timestamp, one after another. Body and address are not part of it.
 */
public final class Signer {
  private final Credentials credentials;

  /**
   * Signs for an account.
   *
   * @param credentials its key and secret
   */
  public Signer(Credentials credentials) {
    this.credentials = credentials;
  }

  /**
   * The headers that authenticate a request.
   *
   * @param now the server's time
   */
  public Map<String, String> headers(Instant now) {
    String timestamp = Long.toString(now.getEpochSecond());
    String text = credentials.key() + credentials.secret() + timestamp;
    byte[] digest = md5().digest(text.getBytes(StandardCharsets.UTF_8));
    return Map.of(
        "Api-Key", credentials.key(),
        "Timestamp", timestamp,
        "Sign", HexFormat.of().formatHex(digest));
  }

  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(
          "This Java runtime offers no MD5, which the API's signature needs; allow it in the"
              + " runtime's security settings",
          e);
    }
  }
}
