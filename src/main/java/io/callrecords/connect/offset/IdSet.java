package io.callrecords.connect.offset;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ObjIntConsumer;

/**
 * An immutable, exact set of record ids with a compact text form. Each id has the fingerprint of
 * the version that was emitted, where one is known.
 *
 * <p>The API's ids are decimal and begin with a time, so neighbours differ little: ids of digits
 * are stored as differences of sorted numbers, two to four bytes each. All other ids are stored as
 * texts that share a prefix with the text before.
 */
public final class IdSet {
  /** The set without ids. */
  public static final IdSet EMPTY = new IdSet(new String[0], 0, new int[0]);

  /** The {@link #fingerprint} of an id whose emitted version is not known. */
  public static final int UNKNOWN = 0;

  private static final int MAX_DIGITS = 18;

  /** The order of ids of digits: shorter ones first. */
  private static final Comparator<String> NUMBERS =
      (a, b) -> a.length() == b.length() ? a.compareTo(b) : Integer.compare(a.length(), b.length());

  /** Ids of digits, followed by all others. */
  private final String[] sorted;

  /** How many of the ids consist of digits. */
  private final int numbers;

  /** One for each id, or empty when none is known. */
  private final int[] fingerprints;

  private IdSet(String[] sorted, int numbers, int[] fingerprints) {
    this.sorted = sorted;
    this.numbers = numbers;
    this.fingerprints = fingerprints;
  }

  /** The set of the given ids; a repeated id counts once. */
  public static IdSet of(Collection<String> ids) {
    if (ids.isEmpty()) {
      return EMPTY;
    }
    String[] sorted = ids.toArray(String[]::new);
    int numbers = 0;
    for (int i = 0; i < sorted.length; i++) {
      String id = sorted[i];
      if (isNumber(id)) {
        sorted[i] = sorted[numbers];
        sorted[numbers++] = id;
      }
    }
    Arrays.sort(sorted, 0, numbers, NUMBERS);
    Arrays.sort(sorted, numbers, sorted.length);
    int distinct = 0;
    int distinctNumbers = 0;
    for (int i = 0; i < sorted.length; i++) {
      if (i == 0 || !sorted[i].equals(sorted[i - 1])) {
        sorted[distinct++] = sorted[i];
        distinctNumbers = i < numbers ? distinct : distinctNumbers;
      }
    }
    return new IdSet(
        distinct == sorted.length ? sorted : Arrays.copyOf(sorted, distinct),
        distinctNumbers,
        new int[0]);
  }

  /** The set of the given ids, each with its fingerprint or {@link #UNKNOWN}. */
  public static IdSet of(Map<String, Integer> fingerprints) {
    IdSet set = of(fingerprints.keySet());
    return fingerprints.values().stream().allMatch(fingerprint -> fingerprint == UNKNOWN)
        ? set
        : new IdSet(
            set.sorted,
            set.numbers,
            Arrays.stream(set.sorted).mapToInt(fingerprints::get).toArray());
  }

  /** The ids of both sets; where both hold an id, the fingerprint of the other set wins. */
  public IdSet plus(IdSet other) {
    if (sorted.length == 0 || other.sorted.length == 0) {
      return sorted.length == 0 ? other : this;
    }
    if (fingerprints.length == 0 && other.fingerprints.length == 0) {
      List<String> both = new ArrayList<>(sorted.length + other.sorted.length);
      Collections.addAll(both, sorted);
      Collections.addAll(both, other.sorted);
      return of(both);
    }
    Map<String, Integer> both = new HashMap<>();
    forEach(both::put);
    other.forEach(both::put);
    return of(both);
  }

  /** How many ids it holds. */
  public int size() {
    return sorted.length;
  }

  /** Whether it holds the id. */
  public boolean contains(String id) {
    return indexOf(id) >= 0;
  }

  private int indexOf(String id) {
    if (sorted.length == 0) {
      return -1;
    }
    return isNumber(id)
        ? Arrays.binarySearch(sorted, 0, numbers, id, NUMBERS)
        : Arrays.binarySearch(sorted, numbers, sorted.length, id);
  }

  /** The fingerprint of the version of an id that was emitted, or {@link #UNKNOWN}. */
  public int fingerprint(String id) {
    int at = fingerprints.length == 0 ? -1 : indexOf(id);
    return at < 0 ? UNKNOWN : fingerprints[at];
  }

  /** Calls the action with each id and its fingerprint, in a fixed order. */
  public void forEach(ObjIntConsumer<String> action) {
    for (int i = 0; i < sorted.length; i++) {
      action.accept(sorted[i], fingerprints.length == 0 ? UNKNOWN : fingerprints[i]);
    }
  }

  /** Its ids, in a fixed order. */
  public List<String> ids() {
    return List.of(sorted);
  }

  /** The compact text form, in Base64. */
  public String encode() {
    Output out = new Output(sorted.length * 4 + fingerprints.length * Integer.BYTES + 16);
    int at = 0;
    while (at < numbers) {
      at = writeNumbers(out, at);
    }
    out.varint(0);
    writeTexts(out, at);
    for (int fingerprint : fingerprints) {
      out.bytes(ByteBuffer.allocate(Integer.BYTES).putInt(fingerprint).array(), 0);
    }
    return out.base64();
  }

  /**
   * Writes all numbers that have as many digits as the one at the index, and returns the index
   * behind them.
   */
  private int writeNumbers(Output out, int from) {
    int digits = sorted[from].length();
    int to = from;
    while (to < numbers && sorted[to].length() == digits) {
      to++;
    }
    out.varint(digits);
    out.varint(to - from);
    long previous = 0;
    for (int i = from; i < to; i++) {
      long number = 0;
      for (int digit = 0; digit < digits; digit++) {
        number = number * 10 + (sorted[i].charAt(digit) - '0');
      }
      out.varint(number - previous);
      previous = number;
    }
    return to;
  }

  private void writeTexts(Output out, int from) {
    out.varint(sorted.length - from);
    byte[] previous = new byte[0];
    for (int i = from; i < sorted.length; i++) {
      byte[] text = sorted[i].getBytes(StandardCharsets.UTF_8);
      int mismatch = Arrays.mismatch(previous, text);
      int shared = mismatch < 0 ? text.length : mismatch;
      out.varint(shared);
      out.varint(text.length - shared);
      out.bytes(text, shared);
      previous = text;
    }
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when the text is not one
   */
  public static IdSet decode(String text) {
    ByteBuffer in = ByteBuffer.wrap(Base64.getDecoder().decode(text));
    try {
      List<String> ids = new ArrayList<>();
      for (int digits = readCount(in, MAX_DIGITS);
          digits != 0;
          digits = readCount(in, MAX_DIGITS)) {
        readNumbers(in, digits, ids);
      }
      readTexts(in, ids);
      return in.hasRemaining() ? withFingerprints(in, ids) : of(ids);
    } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("it ends early", e);
    }
  }

  private static IdSet withFingerprints(ByteBuffer in, List<String> ids) {
    if (in.remaining() != ids.size() * Integer.BYTES) {
      throw new IllegalArgumentException("it goes on after its end");
    }
    Map<String, Integer> fingerprints = new HashMap<>();
    ids.forEach(id -> fingerprints.put(id, in.getInt()));
    return of(fingerprints);
  }

  private static void readNumbers(ByteBuffer in, int digits, List<String> ids) {
    int count = readCount(in, in.remaining());
    long number = 0;
    for (int i = 0; i < count; i++) {
      number += readVarint(in);
      String bare = Long.toString(number);
      if (number < 0 || bare.length() > digits) {
        throw new IllegalArgumentException("it holds a number of more than " + digits + " digits");
      }
      ids.add(bare.length() == digits ? bare : "0".repeat(digits - bare.length()) + bare);
    }
  }

  private static void readTexts(ByteBuffer in, List<String> ids) {
    int count = readCount(in, in.remaining());
    byte[] previous = new byte[0];
    for (int i = 0; i < count; i++) {
      int shared = readCount(in, previous.length);
      int rest = readCount(in, in.remaining());
      byte[] text = Arrays.copyOf(previous, shared + rest);
      in.get(text, shared, rest);
      ids.add(new String(text, StandardCharsets.UTF_8));
      previous = text;
    }
  }

  /** Reads a count, which is anything in damaged text: what it counts has to fit. */
  private static int readCount(ByteBuffer in, int most) {
    long count = readVarint(in);
    if (count < 0 || count > most) {
      throw new IllegalArgumentException("it holds a length of " + count);
    }
    return (int) count;
  }

  private static boolean isNumber(String id) {
    if (id.isEmpty() || id.length() > MAX_DIGITS) {
      return false;
    }
    for (int i = 0; i < id.length(); i++) {
      if (id.charAt(i) < '0' || id.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  /** A growing buffer of bytes. */
  private static final class Output {
    private static final int LONGEST_VARINT = 10;

    private byte[] bytes;
    private int length;

    Output(int expected) {
      bytes = new byte[expected];
    }

    void varint(long value) {
      room(LONGEST_VARINT);
      long rest = value;
      while ((rest & ~0x7FL) != 0) {
        bytes[length++] = (byte) ((rest & 0x7F) | 0x80);
        rest >>>= 7;
      }
      bytes[length++] = (byte) rest;
    }

    void bytes(byte[] source, int from) {
      room(source.length - from);
      System.arraycopy(source, from, bytes, length, source.length - from);
      length += source.length - from;
    }

    private void room(int more) {
      if (length + more > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
      }
    }

    String base64() {
      return Base64.getEncoder().withoutPadding().encodeToString(Arrays.copyOf(bytes, length));
    }
  }

  private static long readVarint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte next = in.get();
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("it holds a number that is too long");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IdSet that
        && Arrays.equals(sorted, that.sorted)
        && Arrays.equals(fingerprints, that.fingerprints);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(sorted) + Arrays.hashCode(fingerprints);
  }

  @Override
  public String toString() {
    return sorted.length + " ids";
  }
}
