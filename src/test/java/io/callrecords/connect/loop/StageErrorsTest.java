package io.callrecords.connect.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class StageErrorsTest {
  private final IllegalStateException error = new IllegalStateException("itself");

  @Test
  void isTheErrorItselfHoweverManyStagesItHasPassed() {
    CompletableFuture<String> later =
        CompletableFuture.<String>failedFuture(error).thenApply(String::trim).thenApply(x -> x + x);

    later.exceptionally(
        seen -> {
          assertThat(seen).isInstanceOf(CompletionException.class);
          assertThat(StageErrors.unwrap(seen)).isSameAs(error);
          return "";
        });
    assertThat(later).isCompletedExceptionally();
    assertThat(StageErrors.unwrap(error)).isSameAs(error);
  }

  @Test
  void isWrappedOnce() {
    CompletionException wrapped = StageErrors.wrap(error);

    assertThat(StageErrors.wrap(wrapped)).isSameAs(wrapped);
    assertThat(StageErrors.unwrap(wrapped)).isSameAs(error);
  }

  @Test
  void aWrapperWithoutACauseIsAnErrorItself() {
    CompletionException empty = new CompletionException("nothing inside", null);

    assertThat(StageErrors.unwrap(empty)).isSameAs(empty);
  }
}
