package io.callrecords.connect.state;

import static io.callrecords.connect.state.SplitFixture.WHOLE_DAY;
import static io.callrecords.connect.state.SplitFixture.at;
import static io.callrecords.connect.state.SplitFixture.range;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What seemed empty is known with its exact bounds until it is confirmed. */
class UnconfirmedRangesTest {
  private static final Instant READ = at("20:00");

  private final UnconfirmedRanges unconfirmed = new UnconfirmedRanges();

  @Test
  void neighboursAreOneRange() {
    unconfirmed.add(range("08:00", "09:00"), READ);
    unconfirmed.add(range("10:00", "11:00"), READ);
    unconfirmed.add(range("09:00", "10:00"), READ);
    unconfirmed.add(range("08:30", "09:30"), READ);

    assertThat(unconfirmed.within(WHOLE_DAY)).containsExactly(range("08:00", "11:00"));
    assertThat(unconfirmed.within(range("08:30", "12:00")))
        .containsExactly(range("08:30", "11:00"));
  }

  /** What was read lately may be of the same outage. */
  @Test
  void whatWasReadLaterIsLeftOut() {
    unconfirmed.add(range("08:00", "09:00"), at("20:00"));
    unconfirmed.add(range("09:00", "10:00"), at("20:09"));
    unconfirmed.add(range("10:00", "11:00"), at("20:20"));

    assertThat(unconfirmed.within(WHOLE_DAY)).containsExactly(range("08:00", "11:00"));
    assertThat(unconfirmed.within(WHOLE_DAY, at("20:08"))).isEmpty();
    assertThat(unconfirmed.within(WHOLE_DAY, at("20:09"))).containsExactly(range("08:00", "10:00"));
    unconfirmed.remove(range("08:30", "10:30"));
    assertThat(unconfirmed.within(WHOLE_DAY, at("20:19"))).containsExactly(range("08:00", "08:30"));
  }

  @Test
  void whatIsConfirmedIsGone() {
    unconfirmed.add(range("08:00", "12:00"), READ);

    unconfirmed.remove(range("09:00", "10:00"));
    unconfirmed.removeBefore(at("08:30"));
    unconfirmed.removeBefore(at("07:00"));

    assertThat(unconfirmed.within(WHOLE_DAY))
        .containsExactly(range("08:30", "09:00"), range("10:00", "12:00"));
    assertThat(unconfirmed.within(range("09:00", "10:00"))).isEmpty();
  }
}
