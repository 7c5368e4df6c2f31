package io.callrecords.connect.fetch;

import static io.callrecords.connect.fetch.TestRows.page;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.client.Page;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pages tell how the API orders rows; a few rows do not. */
class RowOrderTest {
  @ParameterizedTest
  @CsvSource({
    "abcdef, BY_TIME",
    "fedcba, BY_TIME",
    "aabbccddeeff, BY_TIME",
    "abcde, UNKNOWN",
    "aaaaaaaaaa, UNKNOWN",
    "'', UNKNOWN",
    "aba, OTHER",
    "abcdefe, OTHER",
    "cab, OTHER",
    // Between two pages, rows may have appeared.
    "abcdef|cdefgh, BY_TIME",
    "abcdef|ba, BY_TIME",
    "ab|cd|ef|gh, UNKNOWN",
    "abcdef|aba, OTHER",
    "aba|abcdef, OTHER"
  })
  void isJudgedPageByPage(String letters, RowOrder order) {
    List<Page> pages = new ArrayList<>();
    for (String page : letters.split("\\|", -1)) {
      pages.add(page(100, page));
    }

    assertThat(RowOrder.of(pages)).isEqualTo(order);
  }
}
