package io.callrecords.connect.demo;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param calls how many calls of the last two days the API holds
 * @param seed decides all that is made up
 * @param follow how long to follow new calls once the backlog is read, or null to go on for ever
 * @param help whether only the usage is wanted
 */
record DemoOptions(int calls, long seed, @Nullable Duration follow, boolean help) {
  static final String USAGE =
      """
      Usage: Demo [--calls N] [--seed N] [--for SECONDS]

        --calls N      calls of the last two days in the simulated API (default 15000)
        --seed N       decides all that is made up (default 1)
        --for SECONDS  follow new calls for so long once the backlog is read, then end by itself:
                       with 0 when the topic holds each call once, else with 1
      """;

  private static final int MAX_CALLS = 1_000_000;

  /**
   * Reads the command line.
   *
   * @throws IllegalArgumentException when it asks for something else
   */
  static DemoOptions parse(List<String> args) {
    int calls = 15_000;
    long seed = 1;
    Duration follow = null;
    boolean help = false;
    Iterator<String> rest = args.iterator();
    while (rest.hasNext()) {
      String name = rest.next();
      switch (name) {
        case "--calls" -> calls = (int) number(name, rest, MAX_CALLS);
        case "--seed" -> seed = number(name, rest, Long.MAX_VALUE);
        case "--for" -> follow = Duration.ofSeconds(number(name, rest, Integer.MAX_VALUE));
        case "--help", "-h" -> help = true;
        default -> throw new IllegalArgumentException("There is no option " + name);
      }
    }
    return new DemoOptions(calls, seed, follow, help);
  }

  private static long number(String name, Iterator<String> rest, long max) {
    String text = rest.hasNext() ? rest.next() : "";
    try {
      long number = Long.parseLong(text);
      if (number >= 0 && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below, as for a number that is out of bounds.
    }
    throw new IllegalArgumentException(name + " takes a whole number from 0 to " + max);
  }
}
