package io.callrecords.simulator;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Builds JSON as UTF-8 bytes; a tree or a generic writer would bound the pages per second. */
final class JsonBuffer {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private byte[] bytes;
  private int length;

  JsonBuffer(int capacity) {
    bytes = new byte[capacity];
  }

  /** Text that is JSON already. */
  JsonBuffer raw(byte[] json) {
    reserve(json.length);
    System.arraycopy(json, 0, bytes, length, json.length);
    length += json.length;
    return this;
  }

  /** Text that is JSON already. */
  JsonBuffer raw(String json) {
    return raw(json.getBytes(StandardCharsets.UTF_8));
  }

  JsonBuffer raw(char ascii) {
    reserve(1);
    bytes[length++] = (byte) ascii;
    return this;
  }

  JsonBuffer number(int value) {
    if (value < 0) {
      return raw(Integer.toString(value));
    }
    int digits = 1;
    for (int rest = value; rest >= 10; rest /= 10) {
      digits++;
    }
    return digits(value, digits);
  }

  /** A number with leading zeros. */
  JsonBuffer digits(int value, int width) {
    reserve(width);
    byte[] target = bytes;
    int rest = value;
    for (int i = length + width - 1; i >= length; i--) {
      target[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += width;
    return this;
  }

  /** A text in quotes, with everything escaped that has to be. */
  JsonBuffer text(String text) {
    int chars = text.length();
    reserve(chars * 6 + 2);
    bytes[length++] = '"';
    int plain = plain(text);
    length += plain;
    for (int i = plain; i < chars; i++) {
      char letter = text.charAt(i);
      if (letter >= 0x80) {
        i += wide(text, i);
      } else if (letter < 0x20 || letter == '"' || letter == '\\') {
        escape(letter);
      } else {
        bytes[length++] = (byte) letter;
      }
    }
    bytes[length++] = '"';
    return this;
  }

  /** Copies the start of a text that needs no care, most often all of it; tells how much it was. */
  private int plain(String text) {
    byte[] target = bytes;
    int offset = length;
    int chars = text.length();
    for (int i = 0; i < chars; i++) {
      char letter = text.charAt(i);
      if (letter >= 0x80 || letter < 0x20 || letter == '"' || letter == '\\') {
        return i;
      }
      target[offset + i] = (byte) letter;
    }
    return chars;
  }

  /** Takes the last byte back, as after the last item of a list. */
  JsonBuffer dropLast() {
    length--;
    return this;
  }

  /** All bytes between a head and a tail, which are ASCII. */
  byte[] wrapped(String head, String tail) {
    byte[] before = head.getBytes(StandardCharsets.US_ASCII);
    byte[] after = tail.getBytes(StandardCharsets.US_ASCII);
    byte[] all = new byte[before.length + length + after.length];
    System.arraycopy(before, 0, all, 0, before.length);
    System.arraycopy(bytes, 0, all, before.length, length);
    System.arraycopy(after, 0, all, before.length + length, after.length);
    return all;
  }

  private void escape(char letter) {
    bytes[length++] = '\\';
    switch (letter) {
      case '\n' -> bytes[length++] = 'n';
      case '\t' -> bytes[length++] = 't';
      case '"', '\\' -> bytes[length++] = (byte) letter;
      default -> {
        bytes[length++] = 'u';
        bytes[length++] = '0';
        bytes[length++] = '0';
        bytes[length++] = HEX[letter >> 4];
        bytes[length++] = HEX[letter & 15];
      }
    }
  }

  /** One character beyond ASCII; returns how many more chars it took. */
  private int wide(String text, int at) {
    int point = text.codePointAt(at);
    if (point < 0x800) {
      bytes[length++] = (byte) (0xc0 | point >> 6);
    } else if (Character.isBmpCodePoint(point) && Character.isSurrogate((char) point)) {
      bytes[length++] = '?';
      return 0;
    } else {
      if (point < 0x10000) {
        bytes[length++] = (byte) (0xe0 | point >> 12);
      } else {
        bytes[length++] = (byte) (0xf0 | point >> 18);
        bytes[length++] = (byte) (0x80 | (point >> 12 & 0x3f));
      }
      bytes[length++] = (byte) (0x80 | (point >> 6 & 0x3f));
    }
    bytes[length++] = (byte) (0x80 | (point & 0x3f));
    return Character.charCount(point) - 1;
  }

  private void reserve(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
