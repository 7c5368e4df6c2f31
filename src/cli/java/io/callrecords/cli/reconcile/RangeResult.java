package io.callrecords.cli.reconcile;

import io.callrecords.connect.split.Split;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** How the calls of all days add up. */
final class RangeResult {
  private final Map<Split, DayResult> days = new TreeMap<>();

  /** Those of a day, which begin with nothing. */
  DayResult of(Split day) {
    return days.computeIfAbsent(day, DayResult::new);
  }

  /** All days, in order. */
  Collection<DayResult> all() {
    return List.copyOf(days.values());
  }

  /** A number of all days. */
  long sum(ToLongFunction<DayResult> number) {
    return days.values().stream().mapToLong(number).sum();
  }

  /** How often something is wrong. */
  long count(FindingKind kind) {
    return sum(day -> day.count(kind));
  }

  /** The digest over those of all days, in hexadecimals. */
  String digest(Function<DayResult, String> digestOfDay) {
    MessageDigest sha = CallDigests.sha256();
    List<String> lines = new ArrayList<>();
    for (DayResult day : days.values()) {
      lines.add(day.day() + " " + digestOfDay.apply(day) + "\n");
    }
    sha.update(String.join("", lines).getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(sha.digest());
  }
}
