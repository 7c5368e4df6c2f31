package io.callrecords.connect.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.client.Page;
import io.callrecords.connect.client.PageRequest;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A prefetched page is used once, and only for the very same request. */
class PrefetchedPageTest {
  private static final Instant FROM = Instant.parse("2026-11-01T00:00:00Z");
  private static final PageRequest REQUEST = new PageRequest(FROM, FROM.plusSeconds(60), 1, 100);

  private final PrefetchedPage page = new PrefetchedPage();
  private final CompletableFuture<Page> response = new CompletableFuture<>();

  @Test
  void isTakenOnceByTheSameRequest() {
    assertThat(page.take(REQUEST)).isNull();
    page.offer(REQUEST, response);

    assertThat(page.take(REQUEST.withPage(2))).isNull();
    assertThat(page.take(new PageRequest(FROM, FROM.plusSeconds(61), 1, 100))).isNull();
    assertThat(page.take(new PageRequest(FROM, FROM.plusSeconds(60), 1, 100))).isSameAs(response);
    assertThat(page.take(REQUEST)).isNull();
  }

  @Test
  void isGoneOnceItWasDropped() {
    page.offer(REQUEST, response);
    page.drop();

    assertThat(page.take(REQUEST)).isNull();
  }

  @Test
  void aLaterOneReplacesIt() {
    page.offer(REQUEST, response);
    CompletableFuture<Page> later = new CompletableFuture<>();
    page.offer(REQUEST.withPage(2), later);

    assertThat(page.take(REQUEST)).isNull();
    assertThat(page.take(REQUEST.withPage(2))).isSameAs(later);
  }
}
