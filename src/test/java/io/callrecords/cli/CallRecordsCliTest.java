package io.callrecords.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class CallRecordsCliTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return CallRecordsCli.run(new PrintWriter(out), new PrintWriter(err), args);
  }

  @Test
  void helpsAtEachLevel() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("check", "Exit codes", "Example:");
    assertThat(run("check", "--help")).isZero();
    assertThat(out.toString()).contains("CONFIG", "--html", "Example: call-records check");
  }

  @Test
  void tellsWrongUsage() {
    assertThat(run()).isEqualTo(2);
    assertThat(run("chek")).isEqualTo(2);
    assertThat(run("check")).isEqualTo(2);
    assertThat(err.toString()).contains("Did you mean", "call-records check --help");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void saysWhatFormADateHas() {
    assertThat(run("status", "calls", "--connect", "http://127.0.0.1:1", "--day", "2026-13-01"))
        .isEqualTo(2);
    assertThat(run("reconcile", "calls", "--from", "yesterday")).isEqualTo(2);
    assertThat(err.toString())
        .contains("--day 2026-13-01 is no day", "'yesterday' is no moment", "2026-01-31")
        .doesNotContain("java.");
  }

  @Test
  void masksNumbersButForTwoDigits() {
    assertThat(PhoneMask.of("919812345678")).isEqualTo("••••••••••78");
    assertThat(PhoneMask.of("7")).isEqualTo("•");
  }
}
