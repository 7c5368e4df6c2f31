package io.callrecords.cli.reconcile;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * Tells keys of a pair from secrets. The public half of a pair is no secret: whoever has it could
 * make an HMAC with its bytes.
 */
final class KeyForm {
  private static final String PEM = "-----BEGIN";
  private static final List<String> LINES = List.of("ssh-", "ecdsa-", "sk-ssh-", "sk-ecdsa-");
  private static final byte SEQUENCE = 0x30;
  private static final int LONG_LENGTH = 0x80;
  private static final int MAX_LENGTH_BYTES = 3;

  /** A line end, or two of them, may follow. */
  private static final int MAX_FURTHER = 2;

  private KeyForm() {}

  /** Whether a file looks like a key of a pair, or a certificate, in any usual form. */
  static boolean isOfPair(byte[] file) {
    String text = new String(file, StandardCharsets.ISO_8859_1).replace("\0", "");
    String begin = text.substring(0, Math.min(text.length(), 100)).strip();
    return text.contains(PEM)
        || LINES.stream().anyMatch(begin::startsWith)
        || isDer(file)
        || isDer(decoded(text.strip()));
  }

  private static byte[] decoded(String text) {
    try {
      return Base64.getDecoder().decode(text.replaceAll("\\s", ""));
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  /** Whether bytes are a sequence in DER that is as long as it says; a text is none. */
  private static boolean isDer(byte[] bytes) {
    if (bytes.length < 2 || bytes[0] != SEQUENCE || isText(bytes)) {
      return false;
    }
    int length = bytes[1] & 0xFF;
    int at = 2;
    if (length >= LONG_LENGTH) {
      int count = length - LONG_LENGTH;
      if (count == 0 || count > MAX_LENGTH_BYTES || bytes.length < at + count) {
        return false;
      }
      length = 0;
      for (int end = at + count; at < end; at++) {
        length = (length << Byte.SIZE) | (bytes[at] & 0xFF);
      }
    }
    int further = bytes.length - at - length;
    return further >= 0 && further <= MAX_FURTHER;
  }

  private static boolean isText(byte[] bytes) {
    for (byte one : bytes) {
      boolean isControl = one < ' ' && one != '\n' && one != '\r' && one != '\t';
      if (isControl) {
        return false;
      }
    }
    return true;
  }
}
