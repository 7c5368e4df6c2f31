package io.callrecords.connect.state;

import static io.callrecords.connect.state.SplitFixture.at;
import static io.callrecords.connect.state.SplitFixture.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.state.WindowAudit.WindowOutcome;
import org.junit.jupiter.api.Test;

/** A window that has drifted is audited beside what had been audited of it. */
class WindowDriftTest {
  @Test
  void itsAuditAddsWhatIsNewAndNothingEmitted() {
    AuditQueue audits = new AuditQueue(true, new ReadCounts());

    audits.drifted(new WindowDrift(range("08:00", "09:00"), 5, 7), at("12:00"));

    WindowAudit audit = audits.takeAll().get(0);
    assertThat(audit.outcome()).isEqualTo(WindowOutcome.DRIFTED);
    assertThat(audit.outcome().auditValue()).isEqualTo("drifted");
    assertThat(audit.distinct()).isEqualTo(2);
    assertThat(audit.emitted()).isZero();
    assertThat(audit.settledAt()).isEqualTo(at("12:00"));
  }
}
