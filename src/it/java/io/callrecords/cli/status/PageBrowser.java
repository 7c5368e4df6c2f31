package io.callrecords.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Looks at pages of connectors that are made up, in a real browser. */
class PageBrowser {
  private static final int TELEPHONE = 360;
  private static final String FOCUSED = "document.activeElement.dataset.day";
  private static final String HOURS =
      "Array.from(document.querySelectorAll('#hours tbody tr')).map(r => r.textContent)";

  @TempDir private Path folder;
  private Browser browser;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    browser = Browser.start(Files.createDirectory(folder.resolve("profile")));
  }

  @AfterEach
  void end() {
    if (browser != null) {
      browser.close();
    }
  }

  private void open(StatusReport report) throws IOException, InterruptedException {
    Path file = folder.resolve("page.html");
    Files.writeString(file, StatusPage.of(report, false));
    browser.open(file.toUri().toString());
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 40, 1_000})
  void fitsATelephone(int days) throws Exception {
    browser.resize(TELEPHONE, 740, true);
    open(ExampleReport.of(days));

    assertThat(browser.value("document.documentElement.scrollWidth").asInt())
        .isLessThanOrEqualTo(TELEPHONE);
    assertThat(browser.value("document.querySelectorAll('.day').length").asInt()).isEqualTo(days);
    // Large enough for a finger, and nothing of it is cut off.
    assertThat(
            browser.texts(
                "Array.from(document.querySelectorAll('.day')).filter(d => d.offsetWidth < 24"
                    + " || d.offsetHeight < 24 || d.scrollWidth > d.clientWidth)"
                    + ".map(d => d.dataset.day + ' ' + d.scrollWidth + ' of ' + d.clientWidth)"))
        .isEmpty();
    browser.value("document.querySelector('.day').click()");
    assertThat(browser.value("document.documentElement.scrollWidth").asInt())
        .isLessThanOrEqualTo(TELEPHONE);
  }

  @Test
  void takesKeysAlone() throws Exception {
    open(ExampleReport.of(1_000));
    while (!browser.value("document.activeElement.classList.contains('day')").asBoolean()) {
      browser.press("Tab");
    }
    assertThat(browser.value(FOCUSED).asText()).isEqualTo("2026-11-30");

    expectFocus("ArrowLeft", "2026-11-29");
    expectFocus("ArrowUp", "2026-11-22");
    expectFocus("ArrowRight", "2026-11-23");
    expectFocus("PageUp", "2026-10-23");
    expectFocus("ArrowDown", "2026-10-30");
    expectFocus("Home", "2026-10-26");
    expectFocus("End", "2026-11-01");
    expectFocus("PageDown", "2026-11-30");
    // There is no later day.
    expectFocus("ArrowDown", "2026-11-30");
    expectFocus("ArrowUp", "2026-11-23");
    assertThat(browser.value("document.querySelectorAll('.day[tabindex=\"0\"]').length").asInt())
        .isEqualTo(1);
    expectFocus("ArrowUp", "2026-11-16");
    browser.press("Enter");

    assertThat(browser.value("document.getElementById('hours').open").asBoolean()).isTrue();
    assertThat(browser.value("document.querySelector('#hours h2').textContent").asText())
        .startsWith("2026-11-16");
    assertThat(browser.texts(HOURS)).hasSize(24).contains("00:00✓settled0").doesNotHaveDuplicates();
    browser.press("Escape");
    browser.await("!document.getElementById('hours').open");
    assertThat(browser.value(FOCUSED).asText()).isEqualTo("2026-11-16");
  }

  private void expectFocus(String key, String day) {
    browser.press(key);
    assertThat(browser.value(FOCUSED).asText()).as(key).isEqualTo(day);
  }

  /** What reads the page aloud has a table for each month, and a text for each day. */
  @Test
  void saysInTextWhatColoursSay() throws Exception {
    StatusReport report = ExampleReport.of(40);
    open(report);

    List<String> labels =
        browser.texts(
            "Array.from(document.querySelectorAll('[role=grid] [role=gridcell] .day'))"
                + ".map(d => d.getAttribute('aria-label'))");
    assertThat(labels)
        .isEqualTo(
            report.calendar().days().stream()
                .map(
                    day ->
                        name(day.day().day().getDayOfWeek().name())
                            + " "
                            + day.day()
                            + ": "
                            + StatusFacts.describe(day))
                .toList());
    assertThat(
            browser.texts(
                "Array.from(document.querySelectorAll('caption')).map(c => c.firstChild.data)"))
        .containsExactly("October 2026", "November 2026");
  }

  private static String name(String upper) {
    return upper.charAt(0) + upper.substring(1).toLowerCase(java.util.Locale.ROOT);
  }

  @Test
  void runsNothingThatOthersHaveWritten() throws Exception {
    StatusReport report = ExampleReport.hostile();
    open(report);

    assertThat(browser.value("document.querySelector('h1').firstChild.data").asText().strip())
        .isEqualTo(report.connector());
    assertThat(browser.value("document.scripts.length").asInt()).isEqualTo(2);
    assertThat(browser.value("document.querySelector('pre').textContent").asText())
        .isEqualTo(report.state().tasks().get(0).reason());
  }

  /** Each text stands out from what is behind it as WCAG 2.2 wants it (AA). */
  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void isReadable(String scheme) throws Exception {
    browser.prefer(scheme);
    open(ExampleReport.of(40));

    assertThat(
            browser.texts(
                """
                (() => {
                  const parse = (c) => c.match(/[\\d.]+/g).map(Number);
                  const part = (v) => { v /= 255; return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; };
                  const light = (c) => .2126 * part(c[0]) + .7152 * part(c[1]) + .0722 * part(c[2]);
                  const behind = (e) => {
                    const c = parse(getComputedStyle(e).backgroundColor);
                    return c.length === 4 && c[3] === 0 && e.parentElement ? behind(e.parentElement) : c;
                  };
                  const poor = new Set();
                  for (const e of document.querySelectorAll('h1, h2, p, dt, dd, th, td, a, li, b, span, small, i, button, caption')) {
                    const a = light(parse(getComputedStyle(e).color));
                    const b = light(behind(e));
                    const contrast = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
                    if (contrast < 4.5) { poor.add(e.tagName + '.' + e.className + ' ' + contrast.toFixed(2)); }
                  }
                  return Array.from(poor);
                })()
                """))
        .isEmpty();
  }

  /** Draws the pictures of the documentation. */
  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void isDrawnForTheDocumentation(String scheme) throws Exception {
    browser.prefer(scheme);
    browser.resize(1_060, 1_420, false);
    open(ExampleReport.of(40));

    byte[] picture = browser.picture();

    assertThat(picture.length).isBetween(20_000, 250_000);
    Files.write(Path.of("docs", "status-" + scheme + ".png"), picture);
  }
}
