package io.callrecords.connect.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Lives through accounts that are drawn from a seed, in made-up time: with every quirk of the API,
 * faults, late calls, restarts and crashes in the middle of anything. Whatever the API has shown
 * has to be in the topic, once.
 *
 * <p>{@code mvn test -Dtest=DeterministicSimulationTest -Dlife.seed=42} lives one life again; with
 * {@code -Dlife.quirks=total-zero,ties-by-page} each life has these of {@link LifeQuirk}.
 */
class DeterministicSimulationTest {
  private static final String LOGGED = "io.callrecords.connect";
  private static final int LIVES = Integer.getInteger("life.count", 2_000);

  @BeforeAll
  static void silence() {
    Configurator.setLevel(LOGGED, Level.OFF);
  }

  @AfterAll
  static void speak() {
    Configurator.setLevel(LOGGED, (Level) null);
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.HOURS)
  void everyCallArrivesOnceWhateverHappens() {
    Long only = Long.getLong("life.seed");
    LongStream seeds = only == null ? LongStream.range(0, LIVES) : LongStream.of(only);
    seeds
        .parallel()
        .forEach(
            seed -> {
              Scenario life = new Scenario(seed);
              if (Boolean.getBoolean("life.sweep")) {
                String why = "";
                try {
                  life.live();
                  why = life.wrongs().toString();
                } catch (Throwable e) {
                  why = e.toString();
                }
                if (!why.equals("[]")) {
                  System.out.println("RED " + seed + " " + why);
                }
                return;
              }
              assertThatCode(life::live)
                  .as("life of seed %d: %s", seed, life)
                  .doesNotThrowAnyException();
              assertThat(life.wrongs()).as("life of seed %d: %s", seed, life).isEmpty();
            });
  }
}
