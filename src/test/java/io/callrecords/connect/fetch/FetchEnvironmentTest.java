package io.callrecords.connect.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callrecords.connect.client.Priority;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What becomes of failures that nobody else observes. */
class FetchEnvironmentTest {
  private final FetchFixture fixture = FetchFixture.create();
  private final RecordedListener listener = new RecordedListener();
  private final FetchEnvironment environment = listener.environment(fixture, Priority.BACKLOG);
  private final List<Throwable> heard = new ArrayList<>();

  @Test
  void hearsTheCauseOfAFailureWithoutItsWrapping() {
    RuntimeException cause = new IllegalArgumentException("the cause");
    CompletableFuture<Integer> future = new CompletableFuture<>();
    environment.watch(future.thenApply(x -> x + 1).thenApply(x -> x + 1), heard::add);

    future.completeExceptionally(cause);

    assertThat(heard).containsExactly(cause);
    assertThat(listener.failures).isEmpty();
  }

  @Test
  void hearsNothingOfSuccess() {
    environment.watch(CompletableFuture.completedFuture(1), heard::add);

    assertThat(heard).isEmpty();
  }

  /** It would be lost in a future that nobody looks at, and the range would never come. */
  @Test
  void aHandlerThatFailsIsAFailureForGood() {
    RuntimeException own = new IllegalStateException("of the handler");

    environment.watch(
        CompletableFuture.failedFuture(new IllegalArgumentException("the cause")),
        cause -> {
          throw own;
        });

    assertThat(listener.failures).containsExactly(own);
  }

  @Test
  void reportsBrokenInvariantsToTheLoop() {
    assertThat(environment.check(true, "right")).isTrue();
    assertThatThrownBy(() -> environment.check(false, "wrong"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("wrong");
  }
}
