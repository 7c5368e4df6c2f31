package io.callrecords.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Proves what stands in the page; a browser looks at it in another test. */
class StatusPageTest {
  private static final Pattern OUTSIDE = Pattern.compile("(?:src|href)=\"(?!#)[^\"]*\"");

  @Test
  void needsNothingFromOutside() {
    String page = StatusPage.of(ExampleReport.of(40), false);

    assertThat(OUTSIDE.matcher(page).results().map(MatchResult::group)).isEmpty();
    assertThat(page)
        .doesNotContain("url(", "@import", "connect-src")
        .contains("default-src 'none'".replace("'", "&#39;"));
  }

  @Test
  void hasEachDayOfAThousandAndStaysSmall() {
    StatusReport report = ExampleReport.of(1_000);

    String page = StatusPage.of(report, false);

    Pattern days = Pattern.compile("data-day=\"(\\S+)\" data-open=\"\\S+\" data-state=\"(\\S+)\"");
    List<String> shown =
        days.matcher(page).results().map(found -> found.group(1) + " " + found.group(2)).toList();
    assertThat(shown)
        .isEqualTo(
            report.calendar().days().stream()
                .map(day -> day.day() + " " + day.whole().state().id())
                .toList());
    assertThat(page.length()).isLessThan(1_000_000);
  }

  @Test
  void whatOthersHaveChosenStaysText() throws Exception {
    String page = StatusPage.of(ExampleReport.hostile(), true);

    assertThat(page).doesNotContain("<script>alert").contains("&lt;script&gt;alert");
  }
}
