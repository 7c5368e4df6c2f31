package io.callrecords.connect.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Proves that one part which cannot be closed keeps no other from being closed. */
class CloserTest {
  private final List<String> closed = new ArrayList<>();

  @Test
  void closesAllInTheOrderGivenAndPassesOverWhatIsNotThere() {
    Closer.closeAll(() -> closed.add("a"), null, () -> closed.add("b"));

    assertThat(closed).containsExactly("a", "b");
    assertThatCode(() -> Closer.closeAll(null, null)).doesNotThrowAnyException();
  }

  @Test
  void closesTheOthersWhateverOneThrowsAndThrowsTheFirst() {
    IllegalStateException first = new IllegalStateException("first");
    AssertionError second = new AssertionError("second");

    assertThatThrownBy(
            () ->
                Closer.closeAll(
                    () -> closed.add("a"),
                    () -> {
                      throw first;
                    },
                    () -> closed.add("b"),
                    () -> {
                      throw second;
                    },
                    () -> closed.add("c")))
        .isSameAs(first)
        .satisfies(thrown -> assertThat(thrown.getSuppressed()).containsExactly(second));
    assertThat(closed).containsExactly("a", "b", "c");
  }

  @Test
  void throwsAnErrorAsItIsAndWrapsAnExceptionThatIsChecked() {
    AssertionError error = new AssertionError("it");
    IOException checked = new IOException("it");

    assertThatThrownBy(
            () ->
                Closer.closeAll(
                    () -> {
                      throw error;
                    }))
        .isSameAs(error);
    assertThatThrownBy(
            () ->
                Closer.closeAll(
                    () -> {
                      throw checked;
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasCause(checked);
  }

  /** An exception cannot suppress itself. */
  @Test
  void takesTheSameFailureTwice() {
    IllegalStateException failure = new IllegalStateException("it");
    AutoCloseable broken =
        () -> {
          throw failure;
        };

    assertThatThrownBy(() -> Closer.closeAll(broken, broken, () -> closed.add("a")))
        .isSameAs(failure)
        .hasNoSuppressedExceptions();
    assertThat(closed).containsExactly("a");
  }

  /** Closing the loop waits; an interrupt there must reach whoever looks next. */
  @Test
  void keepsTheInterrupt() {
    assertThatThrownBy(
            () ->
                Closer.closeAll(
                    () -> {
                      throw new InterruptedException();
                    },
                    () -> closed.add("a")))
        .isInstanceOf(IllegalStateException.class);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(closed).containsExactly("a");
  }
}
