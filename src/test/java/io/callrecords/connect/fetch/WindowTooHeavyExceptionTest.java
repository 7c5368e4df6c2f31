package io.callrecords.connect.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** It is thrown once for each page that arrives too late, so that it has to be cheap. */
class WindowTooHeavyExceptionTest {
  @Test
  void hasNoTrace() {
    assertThat(new WindowTooHeavyException().getStackTrace()).isEmpty();
  }
}
