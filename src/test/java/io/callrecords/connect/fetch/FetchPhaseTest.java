package io.callrecords.connect.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import org.junit.jupiter.api.Test;

/** Which phases hold up others, count as open, or are final. */
class FetchPhaseTest {
  /** A refusal may take days, in which others come in order among themselves. */
  @Test
  void aRefusedRangeHoldsUpNobody() {
    assertThat(EnumSet.allOf(FetchPhase.class))
        .filteredOn(phase -> !phase.holdsUpOthers())
        .containsExactly(FetchPhase.REFUSED_RETRYING, FetchPhase.CUT);
  }

  @Test
  void aRangeIsOpenUntilItsPagesAreRequested() {
    assertThat(EnumSet.allOf(FetchPhase.class))
        .filteredOn(FetchPhase::isOpen)
        .containsExactly(FetchPhase.WAITING, FetchPhase.OPENING, FetchPhase.OPENED);
  }

  @Test
  void nothingThatIsFinalIsOpen() {
    assertThat(EnumSet.allOf(FetchPhase.class))
        .filteredOn(FetchPhase::isFinal)
        .containsExactly(FetchPhase.DONE, FetchPhase.CUT)
        .noneMatch(FetchPhase::isOpen);
  }
}
