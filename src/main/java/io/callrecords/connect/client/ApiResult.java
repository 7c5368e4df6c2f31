package io.callrecords.connect.client;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The outcome of one attempt: a page, a transient fault, or a refusal. */
sealed interface ApiResult permits Page, ApiResult.Failure, ApiResult.Refused {
  /**
   * A fault that may pass by itself.
   *
   * @param detail what distinguishes it from others of its kind, such as {@code HTTP 503}; nothing
   *     of the response's text
   * @param retryAfter how long the API asks to wait, or null where it does not say
   */
  record Failure(TransientFault kind, String detail, @Nullable Duration retryAfter)
      implements ApiResult {
    /** A fault that does not say how long to wait. */
    Failure(TransientFault kind, String detail) {
      this(kind, detail, null);
    }

    Failure withRetryAfter(@Nullable Duration newRetryAfter) {
      return new Failure(kind, detail, newRetryAfter);
    }

    /** Whether the API asks for fewer requests, or for none for a while. */
    boolean isThrottled() {
      return kind == TransientFault.TOO_MANY_REQUESTS || retryAfter != null;
    }

    /** The detail and the advice. */
    String message() {
      return detail + " (" + kind.advice() + ")";
    }

    @Override
    public <T> T match(
        Function<Page, T> page, Function<Failure, T> fault, Function<Refused, T> refused) {
      return fault.apply(this);
    }

    @Override
    public String summary() {
      return kind + ", " + detail + (retryAfter == null ? "" : ", retry after " + retryAfter);
    }
  }

  /**
   * The request was refused for good.
   *
   * @param code the code received, one of the status's
   */
  record Refused(ApiStatus status, String code) implements ApiResult {
    @Override
    public <T> T match(
        Function<Page, T> page, Function<Failure, T> fault, Function<Refused, T> refused) {
      return refused.apply(this);
    }

    @Override
    public String summary() {
      return "refused as " + status + ", " + code;
    }
  }

  /** Takes the result apart: exactly one of the functions is called, the one for what it is. */
  <T> T match(Function<Page, T> page, Function<Failure, T> fault, Function<Refused, T> refused);

  /** Hands the result to exactly one of the consumers, the one for what it is. */
  default void handle(
      Consumer<Page> onPage, Consumer<Failure> onFault, Consumer<Refused> onRefused) {
    this.<Runnable>match(
            page -> () -> onPage.accept(page),
            fault -> () -> onFault.accept(fault),
            refused -> () -> onRefused.accept(refused))
        .run();
  }

  /** A few words for the log, without anything of a record or of the response's text. */
  String summary();
}
