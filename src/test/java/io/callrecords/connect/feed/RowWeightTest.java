package io.callrecords.connect.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.client.PageReader;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the estimate to what the heap shows, whatever a row is made of. */
class RowWeightTest {
  private static final QueryRange ANY = new QueryRange(0, Integer.MAX_VALUE);
  private static final int PAGES = 40;
  private static final int ROWS = 100;

  private final PageReader pages = new PageReader(CallCenterFeed.create(), ZoneOffset.UTC);

  static Stream<Named<String>> rows() {
    return Stream.of(
        Named.of(
            "a usual record",
            """
            "callEndTime":"2026-11-01 08:01:00","callerNumber":"+4930901820","calleeNumber":"+49309018",
            "agentName":"Ada","callType":"1","duration":60,"labels":["sale","gold"]"""),
        Named.of("many short labels", "\"labels\":[" + list(190, "\"a\"") + "]"),
        Named.of(
            "many long labels", "\"labels\":[" + list(150, "\"" + "b".repeat(200) + "\"") + "]"),
        Named.of(
            "many fields of its own",
            IntStream.range(0, 190)
                .mapToObj(i -> "\"x" + i + "\":" + i)
                .collect(Collectors.joining(","))),
        Named.of("a long remark", "\"remark\":\"" + "r".repeat(5_000) + "\""),
        Named.of("a long remark in Chinese", "\"remark\":\"" + "记".repeat(5_000) + "\""),
        Named.of("no number", "\"duration\":\"none\",\"remark\":\"" + "m".repeat(3_000) + "\""));
  }

  private static String list(int count, String item) {
    return IntStream.range(0, count).mapToObj(i -> item).collect(Collectors.joining(","));
  }

  /** Too little could exhaust the heap; far too much would make windows needlessly small. */
  @ParameterizedTest
  @MethodSource("rows")
  void isNearToWhatTheHeapShows(String fields) {
    byte[] page = page(fields);
    long weight = RowWeight.average(pages.read(page, ANY));
    List<Double> ratios = new ArrayList<>();
    // What an earlier test of this JVM leaves may go meanwhile, but not each time.
    while (ratios.size() < 5 && ratios.stream().noneMatch(RowWeightTest::isNear)) {
      ratios.add(weight / usedByRow(page));
    }

    assertThat(ratios)
        .as("%s bytes estimated, by those used", weight)
        .anyMatch(RowWeightTest::isNear);
  }

  private static boolean isNear(double ratio) {
    return ratio >= 0.9 && ratio <= 3.5;
  }

  private double usedByRow(byte[] page) {
    List<List<Row>> kept = new ArrayList<>();
    long before = usedHeap();
    for (int i = 0; i < PAGES; i++) {
      kept.add(pages.read(page, ANY));
    }
    double used = (double) (usedHeap() - before) / PAGES / ROWS;
    assertThat(kept).as("kept until here").hasSize(PAGES);
    return used;
  }

  private static byte[] page(String fields) {
    String rows =
        IntStream.range(0, ROWS)
            .mapToObj(
                i ->
                    "{\"callSessionId\":\"2311202343260"
                        + (1_000 + i)
                        + "\",\"callStartTime\":\"2026-11-01 08:00:00\","
                        + fields
                        + "}")
            .collect(Collectors.joining(","));
    return ("{\"status\":\"0\",\"data\":{\"total\":" + ROWS + ",\"records\":[" + rows + "]}}")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static long usedHeap() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 2; i++) {
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }

  @Test
  void averageOfNoRowsIsNothing() {
    assertThat(RowWeight.average(List.of())).isZero();
  }
}
