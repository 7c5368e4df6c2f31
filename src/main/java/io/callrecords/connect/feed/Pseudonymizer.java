package io.callrecords.connect.feed;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Makes the token that stands for a text: the HMAC-SHA-256 of the text, in hexadecimal digits. Any
 * thread may use it.
 *
 * <p>A phone number counts by its digits, see {@link PhoneNumber}, where the field is known to hold
 * one; an address counts up to its {@code ?}, because the API may sign it anew in each response;
 * other texts count as they are, without the spaces around them. A blank text stands for nothing
 * and stays as it is.
 */
final class Pseudonymizer {
  private static final String ALGORITHM = "HmacSHA256";

  /** Agents and the call centre's own numbers come again and again. */
  private static final int RECENT = 1 << 9;

  private static final int MAX_KEPT_LENGTH = 100;

  /** Offsets keep it: half of the digits tell rows apart as well. */
  private static final int DIGEST_LENGTH = 32;

  private static final char SIGNATURE_BEGIN = '?';
  private static final char SIGNATURE_END = '"';

  private final SecretKeySpec key;
  private final boolean keepCountryCode;

  /** Tokens made before, by the hash of their text. Threads need not agree on them. */
  private final @Nullable KnownToken[] recent = new KnownToken[RECENT];

  /** What the last token was made with, for the next one. */
  private final AtomicReference<@Nullable Mac> spare = new AtomicReference<>();

  /** A text and what stands for it; no record, which would show both. */
  private static final class KnownToken {
    final String text;
    final boolean isOfPhone;
    final String token;

    KnownToken(String text, boolean isOfPhone, String token) {
      this.text = text;
      this.isOfPhone = isOfPhone;
      this.token = token;
    }
  }

  /**
   * Creates a pseudonymizer.
   *
   * @param key the text of the key; its bytes in UTF-8 count
   * @param keepCountryCode whether the token of a phone number begins with its country code
   */
  Pseudonymizer(String key, boolean keepCountryCode) {
    this.key = new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), ALGORITHM);
    this.keepCountryCode = keepCountryCode;
  }

  /** The token of a text that counts as it is. */
  String token(String text) {
    return token(text, false);
  }

  /** The token of a text that is a phone number, most likely. */
  String phoneToken(String text) {
    return token(text, true);
  }

  private String token(String text, boolean isOfPhone) {
    if (text.isBlank()) {
      return text;
    }
    int place = text.hashCode() & (RECENT - 1);
    KnownToken known = recent[place];
    if (known != null && known.isOfPhone == isOfPhone && known.text.equals(text)) {
      return known.token;
    }
    String token = newToken(text, isOfPhone);
    if (text.length() <= MAX_KEPT_LENGTH) {
      recent[place] = new KnownToken(text, isOfPhone, token);
    }
    return token;
  }

  private String newToken(String text, boolean isOfPhone) {
    String digits = isOfPhone ? PhoneNumber.digits(text) : null;
    String token = hmac(digits == null ? Fingerprint.withoutSignature(text.strip()) : digits);
    String code = digits == null || !keepCountryCode ? "" : PhoneNumber.countryCode(digits);
    return code.isEmpty() ? token : code + "-" + token;
  }

  /**
   * What tells a row from others, for whoever has no key: a token of its JSON, without the
   * signatures of addresses, which the API may make anew in each response.
   *
   * @param page the bytes of its page, in UTF-8
   * @param begin where the row begins
   * @param length how many bytes it has
   */
  String digest(byte[] page, int begin, int length) {
    Mac mac = mac();
    int end = begin + length;
    int from = begin;
    while (from < end) {
      int query = indexOf(SIGNATURE_BEGIN, page, from, end);
      mac.update(page, from, query - from);
      from = indexOf(SIGNATURE_END, page, query, end);
    }
    return hex(mac).substring(0, DIGEST_LENGTH);
  }

  private static int indexOf(char character, byte[] page, int from, int end) {
    int index = from;
    while (index < end && page[index] != character) {
      index++;
    }
    return index;
  }

  private String hmac(String text) {
    Mac mac = mac();
    mac.update(text.getBytes(StandardCharsets.UTF_8));
    return hex(mac);
  }

  private Mac mac() {
    Mac used = spare.getAndSet(null);
    return used == null ? newMac() : used;
  }

  private String hex(Mac mac) {
    byte[] bytes = mac.doFinal();
    spare.set(mac);
    return HexFormat.of().formatHex(bytes);
  }

  private Mac newMac() {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac;
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      // Every JVM has it, and takes keys of any length.
      throw new IllegalStateException(ALGORITHM + " is not to be had", e);
    }
  }
}
