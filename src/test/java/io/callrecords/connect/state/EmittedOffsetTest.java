package io.callrecords.connect.state;

import static io.callrecords.connect.state.SplitFixture.WHOLE_DAY;
import static io.callrecords.connect.state.SplitFixture.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.offset.JournaledDay;
import io.callrecords.connect.offset.OffsetCodec;
import io.callrecords.connect.offset.SettledDays;
import io.callrecords.connect.offset.SplitOffset;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a day's own offset leaves unsaid has to be said by the offsets of other days. */
class EmittedOffsetTest {
  private final SplitScope scope = new SplitFixture().scope();
  private final SplitOffset opened = offset(WHOLE_DAY.from());

  private static SplitOffset offset(Instant settled) {
    return new SplitOffset(WHOLE_DAY.from(), settled, List.of());
  }

  @Test
  void aDayOfWhichNothingWasEmittedHasNoOffset() {
    EmittedOffset emitted = new EmittedOffset(scope, null, opened);

    assertThat(emitted.unreportedDigest()).isEqualTo(SettledDays.WITHOUT_OFFSET);
    assertThat(emitted.atLastBatch()).isEqualTo(opened);
    assertThat(emitted.hasChanged()).isFalse();
  }

  @Test
  void anOffsetThatEndsBeforeTheDayDoesIsKnownByItsDigest() {
    SplitOffset noon = offset(at("12:00"));
    EmittedOffset emitted = new EmittedOffset(scope, null, opened);

    emitted.emitted(noon);

    assertThat(emitted.unreportedDigest()).isEqualTo(OffsetCodec.digest(noon));
    assertThat(emitted.atLastBatch()).isEqualTo(noon);
  }

  @Test
  void nothingIsUnsaidOnceTheOffsetSaysThatAllIsSettled() {
    EmittedOffset emitted = new EmittedOffset(scope, offset(at("12:00")), opened);

    emitted.emitted(offset(WHOLE_DAY.to()));

    assertThat(emitted.unreportedDigest()).isNull();
    assertThat(emitted.hasChanged()).isTrue();
  }

  /** Kafka has no such offset: it was made of what segments say. */
  @Test
  void nothingIsSaidOfADayWhoseNameNeverReachedKafka() {
    JournaledDay journaled = new JournaledDay(false, List.of(), List.of(), List.of());
    SplitOffset unnamed = opened.withGeneration("first").withJournaled(journaled);
    EmittedOffset emitted = new EmittedOffset(scope, unnamed, opened);
    assertThat(emitted.unreportedDigest()).isNull();
    assertThat(emitted.saysAllIsSettled()).isFalse();

    SplitOffset noon = offset(at("12:00"));
    emitted.emitted(noon);

    assertThat(emitted.unreportedDigest()).isEqualTo(OffsetCodec.digest(noon));
  }

  @Test
  void nothingIsSaidOfADayThatIsNotWantedWhole() {
    SplitScope part = new SplitFixture().start(at("08:00")).scope();

    assertThat(new EmittedOffset(part, null, opened).unreportedDigest()).isNull();
  }
}
