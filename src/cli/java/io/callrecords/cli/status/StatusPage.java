package io.callrecords.cli.status;

import static io.callrecords.cli.HtmlText.escape;

import io.callrecords.cli.connect.ConnectorStatus.PartStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How a connector is, as one page that needs nothing else. */
final class StatusPage {
  private static final String STYLE = resource("status.css");
  private static final String SCRIPT = resource("status.js");

  /** How often a page that is served looks again, in seconds. */
  private static final int LIVE_SECONDS = 5;

  private final StatusReport report;
  private final StringBuilder html = new StringBuilder(64_000);

  private StatusPage(StatusReport report) {
    this.report = report;
  }

  /**
   * The page.
   *
   * @param isLive whether it looks again by itself
   */
  static String of(StatusReport report, boolean isLive) {
    StatusPage page = new StatusPage(report);
    page.head(isLive);
    page.html.append("<main id=\"content\">\n");
    page.title();
    page.facts();
    page.calendar();
    page.tasks();
    page.unseen();
    page.html.append("</main>\n");
    page.foot();
    return page.html.toString();
  }

  /**
   * What a page may load: nothing but what it holds, and itself again.
   *
   * @param isLive whether it looks again by itself
   */
  static String policy(boolean isLive) {
    return "default-src 'none'; style-src '"
        + hash(STYLE)
        + "'; script-src '"
        + hash(SCRIPT)
        + "'; base-uri 'none'; form-action 'none'"
        + (isLive ? "; connect-src 'self'" : "");
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has it", e);
    }
  }

  private static String resource(String name) {
    try (InputStream in = StatusPage.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void head(boolean isLive) {
    html.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .append("<meta name=\"referrer\" content=\"no-referrer\">\n")
        .append("<meta http-equiv=\"Content-Security-Policy\" content=\"")
        .append(escape(policy(isLive)))
        .append("\">\n<title>")
        .append(escape(report.connector()))
        .append(": call records</title>\n<style>")
        .append(STYLE)
        .append("</style>\n</head>\n<body")
        .append(isLive ? " data-live=\"" + LIVE_SECONDS + "\"" : "")
        .append(">\n<p id=\"notice\" class=\"banner\" role=\"status\" hidden></p>\n");
  }

  private void title() {
    String state = report.state().connector().state();
    String ailment = report.ailment();
    boolean isBad = report.isStale() || ailment != null;
    String kind = isBad ? "bad" : state.equals("RUNNING") ? "well" : "";
    String badge = report.isStale() ? StatusFacts.stale(report) : ailment;
    html.append("<header>\n<h1>")
        .append(escape(report.connector()))
        .append(" <span class=\"badge ")
        .append(kind)
        .append("\">")
        .append(escape(badge == null ? state : badge))
        .append("</span></h1>\n<p class=\"soft\">")
        .append(escape(report.address()))
        .append(report.pluginVersion() == null ? "" : ", version ")
        .append(escape(Objects.requireNonNullElse(report.pluginVersion(), "")))
        .append(", seen <time datetime=\"")
        .append(report.seenAt())
        .append("\">")
        .append(StatusFacts.moment(report.seenAt()))
        .append("</time></p>\n</header>\n");
  }

  private void facts() {
    html.append("<section aria-labelledby=\"h-now\">\n<h2 id=\"h-now\">Now</h2>\n")
        .append("<dl class=\"facts\">\n");
    StatusFacts.of(report)
        .forEach(
            (term, fact) ->
                html.append("<div><dt>")
                    .append(escape(term))
                    .append("</dt><dd>")
                    .append(escape(fact))
                    .append("</dd></div>\n"));
    html.append("</dl>\n</section>\n");
  }

  private void tasks() {
    html.append("<section aria-labelledby=\"h-tasks\">\n<h2 id=\"h-tasks\">Tasks</h2>\n");
    List<PartStatus> tasks = report.state().tasks();
    if (tasks.isEmpty()) {
      html.append("<p>There is none.</p>\n");
    } else {
      html.append("<table class=\"list\"><thead><tr><th scope=\"col\">Task</th>")
          .append(
              "<th scope=\"col\">State</th><th scope=\"col\">Worker</th></tr></thead><tbody>\n");
      for (int i = 0; i < tasks.size(); i++) {
        PartStatus task = tasks.get(i);
        html.append("<tr><th scope=\"row\">").append(i).append("</th><td>");
        if (task.isFailed()) {
          html.append("<span class=\"badge bad\">").append(escape(task.state())).append("</span>");
          html.append("<pre>").append(escape(task.reason())).append("</pre>");
        } else {
          html.append(escape(task.state()));
        }
        html.append("</td><td>").append(escape(task.worker())).append("</td></tr>\n");
      }
      html.append("</tbody></table>\n");
    }
    html.append("</section>\n");
  }

  private void calendar() {
    RangeCalendar calendar = report.calendar();
    if (calendar == null) {
      return;
    }
    Map<CalendarDay, String> noted = StatusFacts.noted(calendar);
    if (!noted.isEmpty()) {
      html.append("<section aria-labelledby=\"h-notes\">\n<h2 id=\"h-notes\">To look at</h2>\n")
          .append("<ul class=\"notes\">\n");
      noted.forEach(
          (day, text) ->
              html.append("<li><button type=\"button\" data-open=\"")
                  .append(day.day())
                  .append("\">")
                  .append(day.day())
                  .append("</button> ")
                  .append(escape(text))
                  .append("</li>\n"));
      long unnamed = StatusFacts.unnamed(calendar);
      html.append(
              unnamed > 0
                  ? "<li>and " + StatusFacts.count(unnamed, "earlier such day") + "</li>\n"
                  : "")
          .append("</ul>\n");
      String hint = StatusFacts.hint(report, calendar);
      html.append(hint.isEmpty() ? "" : "<p class=\"soft\">" + escape(hint) + "</p>\n")
          .append("</section>\n");
    }
    CalendarHtml.write(calendar, html);
  }

  private void unseen() {
    if (report.unseen().isEmpty()) {
      return;
    }
    html.append("<section aria-labelledby=\"h-unseen\">\n<h2 id=\"h-unseen\">Not seen</h2>\n")
        .append("<ul class=\"notes\">\n");
    report.unseen().forEach(line -> html.append("<li>").append(escape(line)).append("</li>\n"));
    html.append("</ul>\n</section>\n");
  }

  private void foot() {
    html.append("<dialog id=\"hours\" aria-labelledby=\"h-hours\">\n")
        .append("<h2 id=\"h-hours\">A day</h2>\n<div class=\"bar\">")
        .append("<button type=\"button\" class=\"close\">Close</button>")
        .append("<button type=\"button\" class=\"before\">Day before</button>")
        .append("<button type=\"button\" class=\"after\">Day after</button></div>\n")
        .append("<p class=\"what\"></p>\n<table class=\"list\"><thead><tr>")
        .append("<th scope=\"col\">Hour</th><th scope=\"col\">State</th>")
        .append("<th scope=\"col\" class=\"number\">Calls</th></tr></thead>")
        .append("<tbody></tbody></table>\n</dialog>\n")
        .append("<script type=\"application/json\" id=\"states\">")
        .append(
            Stream.of(CalendarState.values())
                .map(
                    state ->
                        "\"%s\":{\"id\":\"%s\",\"label\":\"%s\",\"glyph\":\"%s\"}"
                            .formatted(
                                state.symbol(),
                                state.id(),
                                state.label(),
                                CalendarHtml.glyph(state)))
                .collect(Collectors.joining(",", "{", "}")))
        .append("</script>\n<script>")
        .append(SCRIPT)
        .append("</script>\n</body>\n</html>\n");
  }
}
