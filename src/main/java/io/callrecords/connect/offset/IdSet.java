package io.callrecords.connect.offset;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ObjIntConsumer;
import java.util.function.ObjLongConsumer;

/**
 * An immutable, exact set of record ids with a compact text form. Each id has a {@link IdMark},
 * which holds what is known of its emission; the text form has the fingerprints only, and two sets
 * are equal when ids and fingerprints are.
 *
 * <p>The API's ids are decimal and begin with a time, so neighbours differ little: ids of digits
 * are stored as differences of sorted numbers, two to four bytes each. All other ids are stored as
 * texts that share a prefix with the text before.
 */
public final class IdSet {
  /** The set without ids. */
  public static final IdSet EMPTY = new IdSet(new String[0], 0, new long[0]);

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

  /** One for each id, or empty when nothing is known of any. */
  private final long[] marks;

  private IdSet(String[] sorted, int numbers, long[] marks) {
    this.sorted = sorted;
    this.numbers = numbers;
    this.marks = marks;
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
        new long[0]);
  }

  /** The set of the given ids, each with its fingerprint or {@link #UNKNOWN}. */
  public static IdSet of(Map<String, Integer> fingerprints) {
    Map<String, Long> marks = new HashMap<>();
    fingerprints.forEach(
        (id, fingerprint) -> marks.put(id, IdMark.withFingerprint(IdMark.NONE, fingerprint)));
    return ofMarks(marks);
  }

  /** The set of the given ids, each with its {@link IdMark}. */
  public static IdSet ofMarks(Map<String, Long> marks) {
    List<EmittedId> ids = new ArrayList<>(marks.size());
    marks.forEach((id, mark) -> ids.add(new EmittedId(id, mark)));
    return ofEmitted(ids);
  }

  /** The set of the given ids, none of which may come twice. */
  public static IdSet ofEmitted(Collection<EmittedId> emitted) {
    List<EmittedId> ids = new ArrayList<>(emitted.size());
    List<EmittedId> texts = new ArrayList<>();
    boolean isMarked = false;
    for (EmittedId next : emitted) {
      (isNumber(next.id()) ? ids : texts).add(next);
      isMarked |= next.mark() != IdMark.NONE;
    }
    int numbers = ids.size();
    ids.sort((a, b) -> NUMBERS.compare(a.id(), b.id()));
    texts.sort(Comparator.comparing(EmittedId::id));
    ids.addAll(texts);
    String[] sorted = new String[ids.size()];
    long[] marks = new long[isMarked ? sorted.length : 0];
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = ids.get(i).id();
      if (isMarked) {
        marks[i] = ids.get(i).mark();
      }
    }
    return new IdSet(sorted, numbers, marks);
  }

  /** The ids of both sets; where both hold an id, the mark of the other set wins. */
  public IdSet plus(IdSet other) {
    if (sorted.length == 0 || other.sorted.length == 0) {
      return sorted.length == 0 ? other : this;
    }
    Merger merger = new Merger(this, other);
    int numbersOfBoth = merger.merge(0, numbers, 0, other.numbers, NUMBERS);
    merger.merge(
        numbers, sorted.length, other.numbers, other.sorted.length, Comparator.naturalOrder());
    return merger.result(numbersOfBoth);
  }

  /** Merges two sets: both are in order. */
  private static final class Merger {
    private final IdSet a;
    private final IdSet b;
    private final String[] ids;
    private final long[] marks;
    private int count;

    Merger(IdSet a, IdSet b) {
      this.a = a;
      this.b = b;
      this.ids = new String[a.sorted.length + b.sorted.length];
      this.marks = new long[a.marks.length + b.marks.length == 0 ? 0 : ids.length];
    }

    /** Merges a part of each; returns how many ids there are by now. */
    int merge(int fromA, int toA, int fromB, int toB, Comparator<String> order) {
      int i = fromA;
      int j = fromB;
      while (i < toA || j < toB) {
        int compared = i == toA ? 1 : j == toB ? -1 : order.compare(a.sorted[i], b.sorted[j]);
        if (compared < 0) {
          add(a, i++);
        } else {
          add(b, j++);
          i += compared == 0 ? 1 : 0;
        }
      }
      return count;
    }

    private void add(IdSet from, int index) {
      ids[count] = from.sorted[index];
      if (marks.length > 0) {
        marks[count] = from.marks.length == 0 ? IdMark.NONE : from.marks[index];
      }
      count++;
    }

    IdSet result(int numbersOfBoth) {
      return new IdSet(
          Arrays.copyOf(ids, count),
          numbersOfBoth,
          marks.length == 0 ? marks : Arrays.copyOf(marks, count));
    }
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
    return IdMark.fingerprint(mark(id));
  }

  /** The {@link IdMark} of an id; {@link IdMark#NONE} also where it is none of these. */
  public long mark(String id) {
    int at = marks.length == 0 ? -1 : indexOf(id);
    return at < 0 ? IdMark.NONE : marks[at];
  }

  /** Calls the action with each id and its fingerprint, in a fixed order. */
  public void forEach(ObjIntConsumer<String> action) {
    forEachMark((id, mark) -> action.accept(id, IdMark.fingerprint(mark)));
  }

  /** Calls the action with each id and its {@link IdMark}, in a fixed order. */
  public void forEachMark(ObjLongConsumer<String> action) {
    for (int i = 0; i < sorted.length; i++) {
      action.accept(sorted[i], marks.length == 0 ? IdMark.NONE : marks[i]);
    }
  }

  /** How often its ids came late or again, as far as their marks tell. */
  public LateCounts lateCounts() {
    long late = 0;
    long updated = 0;
    for (long mark : marks) {
      if (IdMark.hasCounts(mark)) {
        late += IdMark.late(mark);
        updated += IdMark.updated(mark);
      }
    }
    return late == 0 && updated == 0 ? LateCounts.NONE : new LateCounts(late, updated);
  }

  /** Its ids, in a fixed order. */
  public List<String> ids() {
    return List.of(sorted);
  }

  /** The compact text form, in Base64. */
  public String encode() {
    boolean hasFingerprints = hasFingerprints();
    Output out = new Output(sorted.length * (hasFingerprints ? 8 : 4) + 16);
    int at = 0;
    while (at < numbers) {
      at = writeNumbers(out, at);
    }
    out.varint(0);
    writeTexts(out, at);
    if (hasFingerprints) {
      ByteBuffer fingerprints = ByteBuffer.allocate(marks.length * Integer.BYTES);
      for (long mark : marks) {
        fingerprints.putInt(IdMark.fingerprint(mark));
      }
      out.bytes(fingerprints.array(), 0);
    }
    return out.base64();
  }

  private boolean hasFingerprints() {
    return Arrays.stream(marks).anyMatch(mark -> IdMark.fingerprint(mark) != UNKNOWN);
  }

  /** The seconds of its ids, which have to be known, as differences in the order of the ids. */
  String encodeSeconds() {
    Output out = new Output(sorted.length + 16);
    int previous = 0;
    for (long mark : marks) {
      int second = IdMark.secondOfDay(mark);
      int difference = second - previous;
      out.varint(difference << 1 ^ difference >> 31);
      previous = second;
    }
    return out.base64();
  }

  /**
   * These ids with the seconds that a text holds.
   *
   * @throws IllegalArgumentException when the text does not hold as many
   */
  IdSet withSeconds(String text) {
    return withMarks(
        text,
        new MarkReader() {
          private int previous;

          @Override
          public long read(ByteBuffer in, int index, long mark) {
            long code = readVarint(in);
            previous += (int) (code >>> 1) ^ -(int) (code & 1);
            if (previous < 0 || previous >= 86_400) {
              throw new IllegalArgumentException("it holds a second that no day has");
            }
            return IdMark.withSecondOfDay(mark, previous);
          }
        });
  }

  /** How often its ids came late or again; empty where none did. */
  String encodeCounts() {
    if (lateCounts().equals(LateCounts.NONE)) {
      return "";
    }
    Output out = new Output(16);
    int last = -1;
    for (int i = 0; i < marks.length; i++) {
      if (IdMark.hasCounts(marks[i])) {
        out.varint(i - last);
        out.varint(IdMark.countCode(marks[i]));
        last = i;
      }
    }
    return out.base64();
  }

  /**
   * These ids with the counts that a text holds.
   *
   * @throws IllegalArgumentException when the text is of other ids
   */
  IdSet withCounts(String text) {
    if (text.isEmpty()) {
      return this;
    }
    return withMarks(
        text,
        new MarkReader() {
          private long next = -1;

          @Override
          public long read(ByteBuffer in, int index, long mark) {
            if (next < index && in.hasRemaining()) {
              next = index - 1 + readVarint(in);
            }
            return next == index ? IdMark.withCountCode(mark, readVarint(in)) : mark;
          }
        });
  }

  /** Reads what a text adds to a mark. */
  private interface MarkReader {
    long read(ByteBuffer in, int index, long mark);
  }

  private IdSet withMarks(String text, MarkReader reader) {
    ByteBuffer in = ByteBuffer.wrap(Base64.getDecoder().decode(text));
    long[] read = Arrays.copyOf(marks, sorted.length);
    try {
      for (int i = 0; i < read.length; i++) {
        read[i] = reader.read(in, i, read[i]);
      }
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("it ends early", e);
    }
    if (in.hasRemaining()) {
      throw new IllegalArgumentException("it goes on after its end");
    }
    return new IdSet(sorted, numbers, read);
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
        && Arrays.equals(fingerprints(), that.fingerprints());
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(sorted) + Arrays.hashCode(fingerprints());
  }

  /** One for each id, or none where none is known. */
  private int[] fingerprints() {
    return hasFingerprints()
        ? Arrays.stream(marks).mapToInt(IdMark::fingerprint).toArray()
        : new int[0];
  }

  @Override
  public String toString() {
    return sorted.length + " ids";
  }
}
