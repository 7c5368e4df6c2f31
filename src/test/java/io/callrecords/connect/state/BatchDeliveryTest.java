package io.callrecords.connect.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Proves which batches count as stored. */
class BatchDeliveryTest {
  private final BatchDelivery delivery = new BatchDelivery();

  @Test
  void aBatchIsStoredOnceTheWorkerIsDoneWithIt() {
    delivery.watch(3, 0);
    delivery.acknowledged(2);
    assertThat(delivery.isStored(3)).isFalse();

    delivery.acknowledged(4);
    delivery.acknowledged(1);

    assertThat(delivery.isStored(3)).isTrue();
    assertThat(delivery.acknowledgedUpTo()).isEqualTo(4);
  }

  @Test
  void aBatchOfWhichSomethingWasDroppedIsNot() {
    delivery.watch(3, 0);

    delivery.dropped(3);
    delivery.acknowledged(3);

    assertThat(delivery.isDropped(3)).isTrue();
    assertThat(delivery.isStored(3)).isFalse();
  }

  @Test
  void forgetsWhatNobodyAsksForAnyMore() {
    delivery.watch(3, 0);
    delivery.dropped(3);

    delivery.watch(4, 3);
    delivery.dropped(2);

    assertThat(delivery.isDropped(3)).isFalse();
    assertThat(delivery.isDropped(2)).isFalse();
    assertThat(delivery.isDropped(4)).isFalse();
  }
}
