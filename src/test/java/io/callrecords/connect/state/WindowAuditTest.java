package io.callrecords.connect.state;

import static io.callrecords.connect.state.SplitFixture.at;
import static io.callrecords.connect.state.SplitFixture.malformed;
import static io.callrecords.connect.state.SplitFixture.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.LateCounts;
import io.callrecords.connect.state.WindowAudit.WindowOutcome;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Proves what the account of a window counts, and the words in which it is emitted. */
class WindowAuditTest {
  @Test
  void tellsRecordsFromMalformedRows() {
    IdSet ids = IdSet.of(List.of("a", "b", malformed("b", at("08:00")).id()));

    WindowAudit audit =
        WindowAudit.of(
            range("08:00", "09:00"),
            WindowOutcome.EXPIRED,
            ids,
            new LateCounts(1, 0),
            7,
            null,
            at("12:00"));

    assertThat(audit)
        .isEqualTo(
            new WindowAudit(
                range("08:00", "09:00"),
                WindowOutcome.EXPIRED,
                2,
                new LateCounts(1, 0),
                1,
                7,
                null,
                at("12:00")));
  }

  /** Consumers of the audit topic rely on these. */
  @ParameterizedTest
  @CsvSource({
    "SETTLED, settled",
    "SETTLED_EARLY, settled-early",
    "EXPIRED, expired",
    "UNCONFIRMED, unconfirmed",
    "DRIFTED, drifted"
  })
  void namesItsOutcomeInTheAuditTopic(WindowOutcome outcome, String expected) {
    assertThat(outcome.auditValue()).isEqualTo(expected);
  }
}
