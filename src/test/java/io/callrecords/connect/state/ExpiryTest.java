package io.callrecords.connect.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExpiryTest {
  /** {@link TaskSplits#expire} tells the worst of several days. */
  @Test
  void aLossIsWorseThanADoubt() {
    assertThat(Expiry.values()).containsExactly(Expiry.READ, Expiry.UNCONFIRMED, Expiry.LOST);
  }
}
