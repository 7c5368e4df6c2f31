package io.callrecords.connect.state;

import static io.callrecords.connect.state.SplitFixture.at;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Proves when a task reads all of a day. */
class SplitScopeTest {
  @Test
  void aStartWithinTheDayLeavesAPartOfItOut() {
    assertThat(new SplitFixture().scope().isWholeDay()).isTrue();
    assertThat(new SplitFixture().start(at("00:00:01")).scope().isWholeDay()).isFalse();
  }
}
