package io.callrecords.connect.state;

import static io.callrecords.connect.state.SplitFixture.at;
import static io.callrecords.connect.state.SplitFixture.range;
import static io.callrecords.connect.state.SplitFixture.record;
import static io.callrecords.connect.state.SplitFixture.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.feed.Row;
import org.junit.jupiter.api.Test;

/** Proves what is left of a window that was settled in part while it was being read. */
class WindowSnapshotTest {
  private final WindowSnapshot snapshot =
      snapshot(
          range("08:00", "09:00"),
          at("09:00"),
          record("a", at("08:00")),
          record("b", at("08:29:59")),
          record("c", at("08:30")),
          record("d", at("08:59:59")));

  @Test
  void keepsTheRowsFromAMomentOn() {
    WindowSnapshot rest = snapshot.since(at("08:30"));

    assertThat(rest.range()).isEqualTo(range("08:30", "09:00"));
    assertThat(rest.records()).extracting(Row::id).containsExactly("c", "d");
    assertThat(rest.requestedAt()).isEqualTo(snapshot.requestedAt());
    assertThat(rest.total()).isEqualTo(4);
    assertThat(rest.verified()).isTrue();
  }

  @Test
  void isTheSameFromItsOwnStartOnAndEmptyFromItsEndOn() {
    assertThat(snapshot.since(at("08:00"))).isSameAs(snapshot);
    assertThat(snapshot.since(at("09:00")).range().isEmpty()).isTrue();
    assertThat(snapshot.since(at("09:00")).records()).isEmpty();
  }
}
