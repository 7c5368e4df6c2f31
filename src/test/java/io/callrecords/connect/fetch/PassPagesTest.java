package io.callrecords.connect.fetch;

import static io.callrecords.connect.fetch.TestRows.WINDOW;
import static io.callrecords.connect.fetch.TestRows.page;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.client.Page;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How full the pages of a pass are. */
class PassPagesTest {
  private static PassPages pages(int pageSize, Page... pages) {
    return new WindowPass(WINDOW, List.of(pages), pageSize).pages();
  }

  @Test
  void aFullLastPageMayHaveMoreBehindIt() {
    assertThat(pages(2, page(4, "ab"), page(4, "cd")).endsFull()).isTrue();
    assertThat(pages(2, page(3, "ab"), page(3, "c")).endsFull()).isFalse();
    assertThat(pages(2, page(4, "ab"), page(4, "cd"), page(4, "")).endsFull()).isTrue();
  }

  @Test
  void aPageBehindTheLastOneWithRowsIsItsEmptyEnd() {
    assertThat(pages(2, page(4, "ab"), page(4, "")).hasEmptyEnd()).isTrue();
    assertThat(pages(2, page(4, "ab"), page(4, "cd")).hasEmptyEnd()).isFalse();
    // Page 1 again, which goes on coming.
    Page again = page(2, "ab");
    assertThat(pages(2, again, again).hasEmptyEnd()).isFalse();
    assertThat(pages(2, again, again, again, again).hasEmptyEnd()).isTrue();
  }

  @Test
  void aPageThatHasMovedBehindNewRowsIsNoEnd() {
    // Of ab, a has come; then c, d and e have appeared before it, and b follows it.
    assertThat(pages(1, page(2, "a"), page(5, "d"), page(5, "e"), page(5, "a")).hasEmptyEnd())
        .isFalse();
  }

  @Test
  void onlyAPageBeforeTheLastOneIsShort() {
    assertThat(pages(2, page(5, "a"), page(5, "bc")).hasShortPage()).isTrue();
    assertThat(pages(2, page(3, "ab"), page(3, "c")).hasShortPage()).isFalse();
    assertThat(pages(2, page(3, "ab"), page(3, "c")).isPagedInFull()).isTrue();
    assertThat(pages(2, page(2, "ab")).isPagedInFull()).isFalse();
  }

  @Test
  void countsRowsAndIds() {
    PassPages pages = pages(2, page(4, "ab"), page(4, "bc"));

    assertThat(pages.firstPageRows()).isEqualTo(2);
    assertThat(pages.idCounts()).isEqualTo(Map.of("a", 1, "b", 2, "c", 1));
    assertThat(pages.joinedRowCount()).isEqualTo(4);
    assertThat(pages.announcedPages()).isEqualTo(2);
    assertThat(pages.hasUnannouncedRows()).isFalse();
    assertThat(pages(2, page(2, "ab"), page(2, "cd")).hasUnannouncedRows()).isTrue();
  }

  @Test
  void tellsWhetherAllPagesReportTheSameTotal() {
    assertThat(PassPages.hasSameTotal(List.of(page(3, "ab"), page(3, "c")))).isTrue();
    assertThat(PassPages.hasSameTotal(List.of(page(3, "ab"), page(4, "c")))).isFalse();
  }
}
