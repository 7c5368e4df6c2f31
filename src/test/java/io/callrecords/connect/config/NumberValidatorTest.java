package io.callrecords.connect.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

/** Proves which numbers pass, and that an error names the bounds and the unit. */
class NumberValidatorTest {
  @Test
  void acceptsItsBoundsAndNothingBeyond() {
    NumberValidator days = NumberValidator.between(1, 3650);
    for (int accepted : new int[] {1, 59, 3650}) {
      assertThatCode(() -> days.ensureValid("api.retention.days", accepted))
          .doesNotThrowAnyException();
    }
    for (int refused : new int[] {0, 3651, -1}) {
      assertThatThrownBy(() -> days.ensureValid("api.retention.days", refused))
          .isInstanceOf(ConfigException.class)
          .hasMessage(
              "Invalid value "
                  + refused
                  + " for configuration api.retention.days: must be a whole number of days from 1"
                  + " to 3650");
    }
  }

  @Test
  void acceptsAnyLargerNumberWithoutAnUpperBound() {
    NumberValidator timeout = NumberValidator.atLeast(-1L);
    assertThatCode(() -> timeout.ensureValid("retry.timeout.ms", Long.MAX_VALUE))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> timeout.ensureValid("retry.timeout.ms", -2L))
        .hasMessageEndingWith("must be a whole number of milliseconds, -1 or more");
  }

  /** The reference of the settings has the form of Kafka's own. */
  @Test
  void writesItsBoundsAsKafkaDoes() {
    assertThat(NumberValidator.between(1L, 5L)).hasToString(ConfigDef.Range.between(1L, 5L) + "");
    assertThat(NumberValidator.atLeast(-1L)).hasToString(ConfigDef.Range.atLeast(-1L) + "");
  }

  @Test
  void leavesAMissingValueToOthers() {
    assertThatCode(() -> NumberValidator.between(1, 2).ensureValid("page.size", null))
        .doesNotThrowAnyException();
  }
}
