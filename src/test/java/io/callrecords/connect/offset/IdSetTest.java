package io.callrecords.connect.offset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.fail;

import io.callrecords.connect.Seeds;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves that a set of ids keeps each of them exactly, in few bytes, and refuses damaged text. */
class IdSetTest {
  private static final DateTimeFormatter ID_TIME = DateTimeFormatter.ofPattern("yyMMddHHmmss");
  private static final LocalDateTime DAY = LocalDateTime.of(2026, 11, 1, 0, 0, 0);
  private static final int OFFSET_LIMIT = 512 * 1024;

  @Test
  void hasNoIdsWhenItIsEmpty() {
    IdSet empty = IdSet.of(List.of());

    assertThat(empty).isEqualTo(IdSet.EMPTY);
    assertThat(empty.size()).isZero();
    assertThat(empty.contains("")).isFalse();
    assertThat(IdSet.decode(empty.encode())).isEqualTo(IdSet.EMPTY);
  }

  @Test
  void countsARepeatedIdOnce() {
    IdSet ids = IdSet.of(List.of("7", "a", "7", "a"));

    assertThat(ids.size()).isEqualTo(2);
    assertThat(ids.ids()).containsExactlyInAnyOrder("7", "a");
  }

  @Test
  void addsTheIdsOfAnotherSet() {
    IdSet one = IdSet.of(List.of("7", "07", "a", "b"));
    IdSet other = IdSet.of(List.of("12", "7", "c", "b", ""));

    assertThat(one.plus(other))
        .isEqualTo(IdSet.of(List.of("7", "07", "12", "a", "b", "c", "")))
        .isEqualTo(other.plus(one));
    assertThat(one.plus(IdSet.EMPTY)).isEqualTo(one);
    assertThat(IdSet.EMPTY.plus(one)).isEqualTo(one);
  }

  @Test
  void takesTheFingerprintsOfTheSetThatIsAdded() {
    IdSet one = IdSet.of(Map.of("7", 1, "8", 2, "9", 3));
    IdSet other = IdSet.of(Map.of("8", 22, "9", IdSet.UNKNOWN, "x", 4));

    IdSet both = one.plus(other);

    assertThat(both).isEqualTo(IdSet.of(Map.of("7", 1, "8", 22, "9", IdSet.UNKNOWN, "x", 4)));
    assertThat(both.fingerprint("7")).isEqualTo(1);
    assertThat(both.fingerprint("8")).isEqualTo(22);
    assertThat(both.fingerprint("9")).isEqualTo(IdSet.UNKNOWN);
  }

  @Test
  void tellsIdsApartThatAreEqualNumbers() {
    assertRoundTrip(List.of("7", "07", "007", "0", "00", "000000000000000000"), "leading zeros");
  }

  @Test
  void keepsNumbersOfAnyLength() {
    List<String> ids = new ArrayList<>();
    for (int digits = 1; digits <= 40; digits++) {
      ids.add("9".repeat(digits));
      ids.add("0".repeat(digits));
      ids.add("1" + "0".repeat(digits - 1));
    }
    assertRoundTrip(ids, "lengths");
  }

  @Test
  void keepsTextsThatBeginAlikeOrAreNoNumbersAfterAll() {
    assertRoundTrip(
        List.of(
            "",
            " ",
            "a",
            "ab",
            "abc",
            "abd",
            "b",
            "-1",
            "+1",
            "1.0",
            "1e3",
            " 1",
            "1 ",
            "١٢٣",
            "１２",
            "é",
            "e\u0301",
            "\u0000",
            "😀",
            "😁",
            "call-2026-11-01-000001",
            "call-2026-11-01-000002"),
        "texts");
  }

  @Test
  void doesNotContainWhatWasNotPutIn() {
    IdSet ids = IdSet.of(List.of("100", "102", "abc"));

    assertThat(List.of("101", "10", "1000", "0100", "", "ab", "abcd", "ABC"))
        .noneMatch(ids::contains);
  }

  @Test
  void isEqualWhateverTheOrderOfItsIds() {
    IdSet one = IdSet.of(List.of("1", "b", "22", "a"));
    IdSet other = IdSet.of(List.of("a", "22", "b", "1"));

    assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
    assertThat(one.encode()).isEqualTo(other.encode());
    assertThat(one).isNotEqualTo(IdSet.of(List.of("1", "b", "22")));
  }

  @Test
  void showsNoIdInItsTextForm() {
    assertThat(IdSet.of(List.of("4711", "0815"))).hasToString("2 ids");
  }

  @RepeatedTest(10)
  void keepsPlatformLikeIds(RepetitionInfo repetition) {
    long seed = Seeds.of(repetition);
    RandomGenerator random = new SplittableRandom(seed);
    assertRoundTrip(
        platformIds(random, random.nextInt(1, 3_000), random.nextInt(1, 86_400)), "seed " + seed);
  }

  @RepeatedTest(50)
  void keepsArbitraryIds(RepetitionInfo repetition) {
    long seed = Seeds.of(repetition);
    RandomGenerator random = new SplittableRandom(seed);
    List<String> ids = new ArrayList<>();
    for (int i = random.nextInt(200); i > 0; i--) {
      ids.add(random.nextBoolean() ? digits(random) : text(random));
    }
    assertRoundTrip(ids, "seed " + seed);
  }

  @Test
  void keepsTheFingerprintOfEachId() {
    SplittableRandom random = new SplittableRandom(5);
    Map<String, Integer> fingerprints = new HashMap<>();
    for (String id : platformIds(random, 1_000, 3_600)) {
      fingerprints.put(id, random.nextInt());
    }
    fingerprints.put("a text", IdSet.UNKNOWN);

    IdSet read = IdSet.decode(IdSet.of(fingerprints).encode());

    assertThat(read)
        .isEqualTo(IdSet.of(fingerprints))
        .isNotEqualTo(IdSet.of(fingerprints.keySet()));
    assertThat(read.fingerprint("not among them")).isEqualTo(IdSet.UNKNOWN);
    Map<String, Integer> kept = new HashMap<>();
    read.forEach(kept::put);
    assertThat(kept).isEqualTo(fingerprints);
    fingerprints.forEach(
        (id, fingerprint) -> assertThat(read.fingerprint(id)).isEqualTo(fingerprint));
  }

  @Test
  void takesNoRoomForFingerprintsThatAreNotKnown() {
    IdSet none = IdSet.of(Map.of("1", IdSet.UNKNOWN, "2", IdSet.UNKNOWN));

    assertThat(none).isEqualTo(IdSet.of(List.of("1", "2")));
    assertThat(none.fingerprint("1")).isEqualTo(IdSet.UNKNOWN);
  }

  /** What {@code readme} and design promise: an offset remembers 100,000 calls of one day. */
  @Test
  void holdsTheIdsOfABusyDayInLessThanAnOffsetMayHave() {
    List<String> ids = platformIds(new SplittableRandom(1), 100_000, 86_400);
    int length = 0;
    for (int from = 0; from < ids.size(); from += 2_000) {
      length += IdSet.of(ids.subList(from, Math.min(from + 2_000, ids.size()))).encode().length();
    }

    assertThat(length).isLessThan(OFFSET_LIMIT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A", "!!!!", "AAAA AAAA", "äöü", "AAAAAAA", "////////////////////"})
  void refusesTextThatIsNone(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> IdSet.decode(text));
  }

  @Test
  void refusesTextThatEndsEarlyOrGoesOn() {
    byte[] whole = bytes(IdSet.of(List.of("100", "102", "5555", "abc", "abd")));
    for (int length = 0; length < whole.length; length++) {
      String part = text(whole, length);
      assertThatIllegalArgumentException()
          .as("the first %d bytes", length)
          .isThrownBy(() -> IdSet.decode(part));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IdSet.decode(text(whole, whole.length + 1)));
  }

  /** Lengths that would exhaust the memory, or become negative, if they were believed. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        // 2^63 + 2^30 digits.
        "8080808084808080800101 07 0000",
        // 18 digits, 2^40 numbers.
        "12 808080808020 07 0000",
        // A number of more digits than its kind has.
        "01 01 7F 00 00",
        // A sum that overflows.
        "12 02 FFFFFFFFFFFFFFFF7F FFFFFFFFFFFFFFFF7F 00 00",
        // A text that shares -1 bytes with none before it.
        "00 01 FFFFFFFF0F 00",
        // A text of 2^31 - 1 bytes.
        "00 01 00 FFFFFFFF07",
        // A text of -1 bytes.
        "00 01 00 FFFFFFFF0F",
        // 2^62 texts.
        "00 808080808080808040 00 00"
      })
  void refusesLengthsThatCannotBe(String hex) {
    byte[] damaged = HexFormat.of().parseHex(hex.replace(" ", ""));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> IdSet.decode(text(damaged, damaged.length)));
  }

  @RepeatedTest(20)
  void refusesDamagedTextWithNothingButItsOneException(RepetitionInfo repetition) {
    long seed = Seeds.of(repetition);
    RandomGenerator random = new SplittableRandom(seed);
    for (int i = 0; i < 500; i++) {
      byte[] damaged = random.nextBoolean() ? noise(random) : flipped(random);
      String text = text(damaged, damaged.length);
      try {
        IdSet ids = IdSet.decode(text);
        // Some damage is another set; that one has to be whole.
        assertRoundTrip(ids.ids(), "seed " + seed + ", text " + text);
      } catch (IllegalArgumentException e) {
        assertThat(e.getMessage()).as("seed %d, text %s", seed, text).isNotBlank();
      } catch (RuntimeException e) {
        fail("seed %d, text %s".formatted(seed, text), e);
      }
    }
  }

  // ---- helpers

  private static void assertRoundTrip(Collection<String> ids, String what) {
    IdSet set = IdSet.of(ids);
    IdSet read = IdSet.decode(set.encode());
    Set<String> distinct = new HashSet<>(ids);

    assertThat(read).as(what).isEqualTo(set);
    assertThat(read.size()).as(what).isEqualTo(distinct.size());
    assertThat(new HashSet<>(read.ids())).as(what).isEqualTo(distinct);
    assertThat(distinct).as(what).allMatch(read::contains);
  }

  /** Ids as the platform makes them, in their order: the second of the end, and five digits. */
  private static List<String> platformIds(RandomGenerator random, int count, int seconds) {
    Set<String> ids = new HashSet<>();
    while (ids.size() < count) {
      LocalDateTime end = DAY.plusSeconds(random.nextInt(seconds));
      ids.add(ID_TIME.format(end) + "%05d".formatted(random.nextInt(100_000)));
    }
    List<String> sorted = new ArrayList<>(ids);
    Collections.sort(sorted);
    return sorted;
  }

  private static String digits(RandomGenerator random) {
    StringBuilder digits = new StringBuilder();
    for (int i = random.nextInt(1, 25); i > 0; i--) {
      digits.append((char) ('0' + random.nextInt(10)));
    }
    return digits.toString();
  }

  /** Any characters but halves of a pair, which are no text. */
  private static String text(RandomGenerator random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      int codePoint = random.nextInt(random.nextBoolean() ? 128 : Character.MAX_CODE_POINT + 1);
      boolean half = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
      text.appendCodePoint(half ? 'x' : codePoint);
    }
    return text.toString();
  }

  private static byte[] noise(RandomGenerator random) {
    byte[] noise = new byte[random.nextInt(40)];
    random.nextBytes(noise);
    return noise;
  }

  private static byte[] flipped(RandomGenerator random) {
    List<String> ids = new ArrayList<>(platformIds(random, 20, 3_600));
    ids.add("text");
    ids.add("texture");
    byte[] bytes = bytes(IdSet.of(ids));
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return bytes;
  }

  private static byte[] bytes(IdSet ids) {
    return Base64.getDecoder().decode(ids.encode());
  }

  private static String text(byte[] bytes, int length) {
    byte[] part = Arrays.copyOf(bytes, length);
    return Base64.getEncoder().withoutPadding().encodeToString(part);
  }
}
