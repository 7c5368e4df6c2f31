package io.callrecords.connect.fetch;

import io.callrecords.connect.client.Page;
import io.callrecords.connect.client.PageRequest;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A page that was requested before it was known what is to be read; it is used once at most. */
final class PrefetchedPage {
  private @Nullable PageRequest request;
  private @Nullable CompletableFuture<Page> response;

  /** Offers a page to whoever makes the same request; replaces the one offered before. */
  void offer(PageRequest newRequest, CompletableFuture<Page> newResponse) {
    request = newRequest;
    response = newResponse;
  }

  /** Drops the page: from now on the API may return another. */
  void drop() {
    request = null;
    response = null;
  }

  /**
   * Takes the page if it was requested in just this way. It is gone then: whoever makes the same
   * request again does so because the first response was of no use.
   */
  @Nullable CompletableFuture<Page> take(PageRequest wanted) {
    CompletableFuture<Page> taken = response;
    if (!wanted.equals(request)) {
      return null;
    }
    drop();
    return taken;
  }
}
