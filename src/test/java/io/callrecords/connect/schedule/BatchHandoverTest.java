package io.callrecords.connect.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;

import io.callrecords.connect.loop.VirtualLoop;
import io.callrecords.connect.state.Batch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

/** One batch at a time goes from the loop to the task's thread, and the first error ends it. */
class BatchHandoverTest {
  private final List<Throwable> failures = new ArrayList<>();
  private final VirtualLoop loop = new VirtualLoop(ScheduleFixture.NOW, failures::add);
  private final BatchHandover handover = new BatchHandover(loop);
  private final Batch first = batch();
  private final Batch second = batch();

  private static Batch batch() {
    return mock(Batch.class);
  }

  private void put(Batch batch) {
    loop.execute(() -> handover.put(batch));
    loop.runFor(Duration.ZERO);
  }

  @Test
  void hasRoomForOneBatch() throws Exception {
    assertThat(handover.hasRoom()).isTrue();
    assertThat(handover.take(Duration.ZERO)).isNull();

    put(first);

    assertThat(handover.hasRoom()).isFalse();
    assertThat(handover.take(Duration.ZERO)).isSameAs(first);
    assertThat(handover.hasRoom()).isTrue();
  }

  @Test
  void aSecondBatchWithoutRoomIsABug() throws Exception {
    put(first);

    put(second);

    assertThat(loop.invariants().violations()).isOne();
    assertThat(failures).singleElement().isInstanceOf(IllegalStateException.class);
    assertThat(handover.take(Duration.ZERO)).isSameAs(first);
  }

  @Test
  void onlyTheLoopPutsBatchesDown() {
    assertThatThrownBy(() -> handover.put(first)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatIsReadyComesBeforeTheErrorAndTheFirstErrorCounts() throws Exception {
    ConnectException known = new ConnectException("Correct the key.");
    put(first);
    handover.fail(known);
    handover.fail(new IllegalStateException("later"));

    assertThat(handover.hasFailed()).isTrue();
    assertThat(handover.take(Duration.ZERO)).isSameAs(first);
    assertThatThrownBy(() -> handover.take(Duration.ZERO)).isSameAs(known);
  }

  @Test
  void anUnknownErrorIsCalledABug() {
    IllegalStateException bug = new IllegalStateException("oops");
    handover.fail(bug);

    assertThatThrownBy(() -> handover.take(Duration.ZERO))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("a bug in the connector")
        .hasCause(bug);
  }

  @Test
  void aConnectorThatNobodyPollsForSecondsIsTakenToBePaused() throws Exception {
    assertThat(handover.isPolled()).isTrue();
    loop.runFor(Duration.ofSeconds(5));
    assertThat(handover.isPolled()).isTrue();
    loop.runFor(Duration.ofMillis(1));
    assertThat(handover.isPolled()).isFalse();

    handover.take(Duration.ZERO);

    assertThat(handover.isPolled()).isTrue();
  }
}
