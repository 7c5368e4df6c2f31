package io.callrecords.cli.reconcile;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Makes digests of ids and of whole calls, SHA-256 both. Not for several threads.
 *
 * <p>A call's digest covers the names and texts of all fields that are compared, its id among them.
 */
final class CallDigests {
  /** No text has these bytes: they cannot occur in UTF-8. */
  private static final byte END = (byte) 0xFF;

  private static final byte ABSENT = (byte) 0xFE;

  private final CallLayout layout;
  private final MessageDigest sha;
  private byte[] buffer = new byte[4096];
  private int length;

  CallDigests(CallLayout layout) {
    this.layout = layout;
    this.sha = sha256();
  }

  /** SHA-256, which each JDK has. */
  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What stands for an id: the first half of its digest. */
  IdDigest ofId(String id) {
    ByteBuffer digest = ByteBuffer.wrap(sha.digest(id.getBytes(StandardCharsets.UTF_8)));
    return new IdDigest(digest.getLong(), digest.getLong());
  }

  /** The digest of a call. */
  CallDigest of(CallFields fields) {
    length = 0;
    for (int i = 0; i < layout.size(); i++) {
      add(layout.nameBytes(i));
      add(END);
      String text = fields.text(i);
      if (text == null) {
        add(ABSENT);
      } else {
        add(text);
      }
      add(END);
    }
    sha.update(buffer, 0, length);
    return CallDigest.of(sha.digest());
  }

  private void add(byte[] bytes) {
    reserve(bytes.length);
    System.arraycopy(bytes, 0, buffer, length, bytes.length);
    length += bytes.length;
  }

  private void add(byte one) {
    reserve(1);
    buffer[length++] = one;
  }

  private void add(String text) {
    reserve(text.length());
    for (int i = 0; i < text.length(); i++) {
      char next = text.charAt(i);
      if (next >= 0x80) {
        // The rest is not ASCII.
        byte[] rest = text.substring(i).getBytes(StandardCharsets.UTF_8);
        add(rest);
        return;
      }
      buffer[length++] = (byte) next;
    }
  }

  private void reserve(int more) {
    if (length + more > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, length + more));
    }
  }

  /** What stands for an id. */
  record IdDigest(long high, long low) {}
}
