package io.callrecords.connect.scenario;

import io.callrecords.connect.config.ApiFacts;
import io.callrecords.simulator.EmptyResult;
import io.callrecords.simulator.Quirks;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What a connector is told of its API before it asks: in a third of the lives nothing, in a third
 * what is true, and in a third anything, as a report would say it that is out of date.
 */
final class LifeFacts {
  private static final List<String> EMPTY = List.of("records empty", "data null", "data absent");

  private final Map<String, String> facts;

  /** Draws what is told. */
  LifeFacts(long seed, Quirks quirks) {
    SplittableRandom random = new SplittableRandom(seed ^ 0x6A09E667F3BCC9L);
    facts =
        switch (random.nextInt(3)) {
          case 0 -> Map.of();
          case 1 -> truth(quirks);
          default -> Map.of("answer.empty", EMPTY.get(random.nextInt(EMPTY.size())));
        };
  }

  /** What a check of an API with these quirks would report, of that on which a task relies. */
  static Map<String, String> truth(Quirks quirks) {
    boolean isPage = quirks.emptyResult() == EmptyResult.EMPTY_RECORDS;
    return Map.of("answer.empty", isPage ? "records empty" : "data null");
  }

  /** As the connector's setting has them. */
  ApiFacts told() {
    return new ApiFacts(null, facts);
  }

  @Override
  public String toString() {
    return facts.isEmpty() ? "" : ", told " + facts;
  }
}
