package io.callrecords.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

import io.callrecords.connect.loop.VirtualLoop;
import io.callrecords.connect.state.BatchDelivery;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mockito.InOrder;

/** Proves that records which Kafka does not take are named once, and nothing else is. */
class AcknowledgementMonitorTest {
  private static final SourceRecord CALL = record("calls");
  private static final SourceRecord AUDIT = record("audit");

  private final VirtualLoop loop = new VirtualLoop(Instant.parse("2026-11-29T12:00:00Z"));
  private final BatchDelivery delivery = mock(BatchDelivery.class);
  private final OutstandingRecords outstanding = new OutstandingRecords(delivery);
  private final LogCapture log = new LogCapture(AcknowledgementMonitor.class);

  AcknowledgementMonitorTest() {
    new AcknowledgementMonitor(loop, outstanding).start();
  }

  @AfterEach
  void closeLog() {
    log.close();
  }

  private static SourceRecord record(String topic) {
    return new SourceRecord(Map.of(), Map.of(), topic, null, null);
  }

  private void handOver(SourceRecord... records) {
    outstanding.poll();
    outstanding.handOver(List.of(records));
  }

  private void acknowledgeOnAnotherThread(SourceRecord record) throws InterruptedException {
    Thread producer = new Thread(() -> outstanding.acknowledge(record, true));
    producer.start();
    producer.join();
  }

  /** The worker's producer waits for the topic, and the worker for the producer. */
  @Test
  void namesTheTopicOnceAfterAMinuteWithoutAcknowledgement() {
    loop.runFor(Duration.ofHours(1));
    handOver(CALL, CALL);
    loop.runFor(Duration.ofSeconds(55));
    assertThat(log.lines()).isEmpty();

    loop.runFor(Duration.ofMinutes(30));

    assertThat(log.lines())
        .singleElement()
        .asString()
        .startsWith("WARN Kafka has acknowledged none of the task's records for 60 s")
        .contains("those that wait are for calls (before transforms).")
        .contains("topic.creation.default.replication.factor", "topic.creation.default.partitions");
  }

  @Test
  void saysWhenItGoesOnAndWarnsOfTheNextTimeAgain() throws InterruptedException {
    handOver(CALL, AUDIT);
    acknowledgeOnAnotherThread(CALL);
    loop.runFor(Duration.ofMinutes(10));
    acknowledgeOnAnotherThread(AUDIT);
    loop.runFor(Duration.ofMinutes(10));

    assertThat(log.lines())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .startsWith("WARN")
                    .contains("those that wait are for audit (before"),
            line ->
                assertThat(line)
                    .matches(
                        "INFO Kafka acknowledges records of the task again, after 60\\d s\\."));

    handOver(CALL);
    loop.runFor(Duration.ofMinutes(2));
    assertThat(log.lines()).hasSize(3);
  }

  /** Brokers that are gone let a worker go on until its producer's memory is full. */
  @Test
  void noticesAnOutageWhileTheWorkerGoesOnAskingForRecords() throws InterruptedException {
    handOver(CALL);
    acknowledgeOnAnotherThread(CALL);
    for (int second = 0; second < 120; second++) {
      handOver(CALL);
      loop.runFor(Duration.ofSeconds(1));
    }

    assertThat(log.lines()).singleElement().asString().startsWith("WARN");
  }

  /** Not one record has come back since the task began, but offsets are flushed all the same. */
  @Test
  void noticesAnOutageThatWasThereFromTheBeginning() throws InterruptedException {
    for (int second = 0; second < 300; second++) {
      handOver(CALL);
      if (second % 60 == 59) {
        Thread flush = new Thread(outstanding::commit);
        flush.start();
        flush.join();
      }
      loop.runFor(Duration.ofSeconds(1));
    }

    assertThat(log.lines()).singleElement().asString().startsWith("WARN");
  }

  /** The commit of a transaction that a poll without records triggers. */
  @Test
  void noticesAnExactlyOnceWorkerThatCannotCommitAfterAQuietPoll() {
    handOver(CALL);
    outstanding.poll();
    loop.runFor(Duration.ofMinutes(2));

    assertThat(log.lines()).singleElement().asString().startsWith("WARN");
  }

  /** A filter has dropped the whole batch, and a pause comes with it: nothing tells of a record. */
  @Test
  void keepsSilentOnceAnExactlyOnceWorkerHasCommittedNothing() {
    handOver(CALL);
    outstanding.commit();
    loop.runFor(Duration.ofHours(5));

    assertThat(log.lines()).isEmpty();
  }

  @Test
  void keepsSilentAsLongAsAnyRecordIsAcknowledged() throws InterruptedException {
    for (int second = 0; second < 300; second++) {
      handOver(CALL, CALL);
      if (second % 50 == 0) {
        acknowledgeOnAnotherThread(CALL);
      }
      loop.runFor(Duration.ofSeconds(1));
    }

    assertThat(log.lines()).isEmpty();
  }

  @Test
  void keepsSilentWhileNothingWaits() throws InterruptedException {
    handOver(CALL);
    acknowledgeOnAnotherThread(CALL);
    loop.runFor(Duration.ofDays(1));

    assertThat(log.lines()).isEmpty();
  }

  /** A filter in the worker: each record is dropped, and told of without metadata. */
  @Test
  void keepsSilentAboutRecordsThatATransformDrops() {
    for (int second = 0; second < 300; second++) {
      handOver(CALL);
      outstanding.acknowledge(CALL, false);
      loop.runFor(Duration.ofSeconds(1));
    }

    assertThat(log.lines()).isEmpty();
  }

  /** It tells of dropped records with its next transaction only, which may never come. */
  @Test
  void keepsSilentAboutAnExactlyOnceWorkerThatGoesOn() {
    handOver(CALL);
    outstanding.acknowledge(CALL, true);
    for (int second = 0; second < 300; second++) {
      handOver(CALL);
      loop.runFor(Duration.ofSeconds(1));
      outstanding.poll();
    }

    assertThat(log.lines()).isEmpty();
  }

  @Test
  void noticesAnExactlyOnceWorkerThatCannotCommit() {
    handOver(CALL);
    outstanding.acknowledge(CALL, true);
    handOver(CALL);
    loop.runFor(Duration.ofMinutes(2));

    assertThat(log.lines()).singleElement().asString().startsWith("WARN");
  }

  /** A paused worker asks for nothing, and what it had is acknowledged. */
  @Test
  void keepsSilentDuringAPause() throws InterruptedException {
    handOver(CALL);
    acknowledgeOnAnotherThread(CALL);
    outstanding.poll();
    loop.runFor(Duration.ofHours(5));

    assertThat(log.lines()).isEmpty();
  }

  /** The offset of such a record is not stored either. */
  @Test
  void tellsOfWhatWasDroppedBeforeItsBatchIsOver() throws InterruptedException {
    handOver(CALL, CALL);
    acknowledgeOnAnotherThread(CALL);
    verify(delivery, never()).dropped(anyLong());
    verify(delivery, never()).acknowledged(anyLong());

    outstanding.acknowledge(CALL, false);

    InOrder order = inOrder(delivery);
    order.verify(delivery).dropped(0);
    order.verify(delivery).acknowledged(0);
  }

  /** It ends a transaction in which a transform has left nothing. */
  @Test
  void takesWhatAnExactlyOnceWorkerDoesNotTellOfForDropped() {
    handOver(CALL);

    outstanding.commit();

    InOrder order = inOrder(delivery);
    order.verify(delivery).dropped(0);
    order.verify(delivery).acknowledged(0);
  }
}
