package io.callrecords.connect.state;

import static io.callrecords.connect.state.SplitFixture.range;
import static io.callrecords.connect.state.SplitFixture.window;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.offset.WindowOffset.State;
import org.junit.jupiter.api.Test;

/** Proves that an id has one owner, whichever of its windows goes first. */
class EmittedIdIndexTest {
  private final EmittedIdIndex index = new EmittedIdIndex();
  private final Window early = window(State.READ, range("08:00", "09:00"), "a", "b");
  private final Window late = window(State.READ, range("09:00", "10:00"), "b", "c");

  @Test
  void anIdBelongsToTheWindowThatWasAssignedLast() {
    index.assignAll(early);
    index.assignAll(late);

    assertThat(index.owner("a")).isSameAs(early);
    assertThat(index.owner("b")).isSameAs(late);
    assertThat(index.owner("c")).isSameAs(late);
    assertThat(index.owner("d")).isNull();

    index.assign("b", early);

    assertThat(index.owner("b")).isSameAs(early);
  }

  @Test
  void aReleasedWindowLeavesWhatAnotherHasTakenOver() {
    index.assignAll(early);
    index.assignAll(late);

    assertThat(index.release(early)).containsExactly("b");

    assertThat(index.owner("a")).isNull();
    assertThat(index.owner("b")).isSameAs(late);
    assertThat(index.release(late)).isEmpty();
    assertThat(index.owner("b")).isNull();
  }

  @Test
  void anEqualWindowIsAnotherOne() {
    index.assignAll(early);
    Window equal = window(State.READ, range("08:00", "09:00"), "a", "b");

    assertThat(equal).isEqualTo(early);
    assertThat(index.release(equal)).containsExactly("a", "b");
    assertThat(index.owner("a")).isSameAs(early);
  }
}
