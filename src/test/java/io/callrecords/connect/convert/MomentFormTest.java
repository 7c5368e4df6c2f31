package io.callrecords.connect.convert;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.Seeds;
import io.callrecords.connect.config.TimesFormat;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Date;
import java.util.Random;
import org.apache.kafka.connect.data.ConnectSchema;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Proves that a moment stays the same moment in each form. */
// Connect's Timestamp is a java.util.Date.
@SuppressWarnings("JavaUtilDate")
class MomentFormTest {
  private static final DateTimeFormatter ISO =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  @RepeatedTest(20)
  void writesIsoWithMilliseconds(RepetitionInfo repetition) {
    Random random = new Random(Seeds.of(repetition));
    MomentForm form = new MomentForm(TimesFormat.ISO);
    for (int i = 0; i < 1_000; i++) {
      // From the year 0 to 9999.
      Instant moment =
          Instant.ofEpochMilli(random.nextLong(-62_167_219_200_000L, 253_402_300_800_000L));

      assertThat(form.of(moment)).isEqualTo(ISO.format(moment));
      assertThat(form.of(Date.from(moment))).isEqualTo(ISO.format(moment));
    }
  }

  @Test
  void writesFarOffYearsAsJavaDoes() {
    MomentForm form = new MomentForm(TimesFormat.ISO);

    assertThat(form.of(Instant.parse("+10000-01-01T00:00:00Z")))
        .isEqualTo("+10000-01-01T00:00:00Z");
    assertThat(form.of(Instant.parse("-0001-12-31T23:59:59Z"))).isEqualTo("-0001-12-31T23:59:59Z");
  }

  @Test
  void writesMilliseconds() {
    assertThat(new MomentForm(TimesFormat.EPOCH_MILLIS).of(new Date(1_700_494_992_000L)))
        .isEqualTo(1_700_494_992_000L);
  }

  @ParameterizedTest
  @EnumSource
  void fitsItsSchema(TimesFormat format) {
    MomentForm form = new MomentForm(format);

    ConnectSchema.validateValue(form.schema().build(), form.of(Instant.EPOCH));
    assertThat(form.of((Date) null)).isNull();
  }
}
