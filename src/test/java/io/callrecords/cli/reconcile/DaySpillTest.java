package io.callrecords.cli.reconcile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.cli.reconcile.CallDigests.IdDigest;
import io.callrecords.cli.topic.TopicPlace;
import io.callrecords.connect.split.Split;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Proves that each day finds its own again, and that its file tells nothing to others. */
class DaySpillTest {
  private static final Split DAY = new Split(LocalDate.of(2026, 11, 1));
  private static final int COUNT = 3_000;

  private static byte[] digest(int number) {
    return CallDigests.sha256().digest(Integer.toString(number).getBytes(UTF_8));
  }

  private static CallDigest call(int number) {
    return CallDigest.of(digest(number));
  }

  private static IdDigest id(int number) {
    ByteBuffer digest = ByteBuffer.wrap(digest(-number - 1));
    return new IdDigest(digest.getLong(), digest.getLong());
  }

  @Test
  void keepsEachDayApartAndLeavesNothing() throws Exception {
    Path folder;
    try (DaySpill spill = new DaySpill()) {
      folder = spill.folder();
      for (int i = 0; i < COUNT; i++) {
        TopicPlace place = new TopicPlace(i % 3, i, 1_000L + i);
        spill.add(i % 2 == 0 ? DAY : DAY.next(), new TopicEntry(id(i), call(i), place, i, false));
      }

      DigestTable table = spill.take(DAY);

      assertThat(table.size()).isEqualTo(COUNT / 2);
      for (int i = 0; i < COUNT; i += 2) {
        int entry = table.find(id(i));
        assertThat(entry).isNotNegative();
        assertThat(table.hasDigest(entry, call(i))).isTrue();
        assertThat(table.place(entry)).isEqualTo(new TopicPlace(i % 3, i, 1_000L + i));
        assertThat(table.secondOfDay(entry)).isEqualTo(i);
        assertThat(table.find(id(i + 1))).isNegative();
      }
      assertThat(files(folder)).hasSize(1);
      assertThat(spill.take(DAY).size()).isZero();
    }
    assertThat(folder).doesNotExist();
  }

  @Test
  void writesNothingThatAnotherProcessCanRead() throws Exception {
    try (DaySpill spill = new DaySpill()) {
      for (int i = 0; i < COUNT; i++) {
        spill.add(DAY, new TopicEntry(id(i), call(i), new TopicPlace(0, i, 0), 0, false));
      }
      List<Path> files = files(spill.folder());

      assertThat(files).hasSize(1);
      String written = new String(Files.readAllBytes(files.get(0)), StandardCharsets.ISO_8859_1);
      assertThat(written).isNotEmpty();
      for (int i = 0; i < COUNT; i++) {
        String digest = new String(digest(i), StandardCharsets.ISO_8859_1);
        assertThat(written.contains(digest)).isFalse();
      }
    }
  }

  private static List<Path> files(Path folder) throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
