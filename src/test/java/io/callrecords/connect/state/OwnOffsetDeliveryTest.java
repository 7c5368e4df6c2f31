package io.callrecords.connect.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Proves when Kafka has the name of a day's ids, and the day's own offset. */
class OwnOffsetDeliveryTest {
  private final BatchDelivery batches = new BatchDelivery();
  private final OwnOffsetDelivery own = new OwnOffsetDelivery(batches);

  @Test
  void aNameIsStoredOnceItsBatchIs() {
    assertThat(own.isNamed()).isFalse();
    assertThat(own.isNameStored()).isFalse();

    own.emitted(3);
    assertThat(own.isNamed()).isTrue();
    assertThat(own.isNameAcknowledged()).isFalse();
    assertThat(own.isNameStored()).isFalse();

    batches.acknowledged(3);
    assertThat(own.isNameAcknowledged()).isTrue();
    assertThat(own.isNameStored()).isTrue();
    assertThat(own.isStored()).isTrue();
  }

  @Test
  void aNameThatWasDroppedIsGivenByTheNextBatch() {
    own.emitted(3);
    batches.dropped(3);
    batches.acknowledged(3);
    assertThat(own.isNamed()).isFalse();
    assertThat(own.isNameStored()).isFalse();

    own.emitted(5);
    batches.acknowledged(5);

    assertThat(own.isNamed()).isTrue();
    assertThat(own.isNameStored()).isTrue();
  }

  @Test
  void theNameStaysStoredWhereALaterOffsetIsDropped() {
    own.emitted(3);
    batches.acknowledged(3);

    own.emitted(5);
    batches.dropped(5);
    batches.acknowledged(5);

    assertThat(own.isNameStored()).isTrue();
    assertThat(own.isStored()).isFalse();
  }

  /** It carries the name, too. */
  @Test
  void aLaterOffsetBringsTheNameThatWasDroppedUnnoticed() {
    own.emitted(3);
    own.emitted(5);
    batches.dropped(3);
    batches.acknowledged(5);

    assertThat(own.isNameStored()).isTrue();
  }

  @Test
  void anEarlierRunHasStoredBoth() {
    own.restoreNamed();

    assertThat(own.isNamed()).isTrue();
    assertThat(own.isNameStored()).isTrue();
    assertThat(own.isStored()).isTrue();
  }
}
