package io.callrecords.cli.check;

import static io.callrecords.cli.HtmlText.escape;

import io.callrecords.cli.HtmlText;
import java.util.stream.Collectors;

/** A report as a page of HTML that needs nothing else: no script, no font, no picture. */
final class CheckReportPage {
  private static final String STYLE =
      """
      :root { color-scheme: light dark; --line: #8886; --quiet: #666; --unknown: #8a5a00; }
      @media (prefers-color-scheme: dark) { :root { --quiet: #aaa; --unknown: #e0b060; } }
      body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem;
        padding: 0 1rem; }
      h1 { font-size: 1.6rem; }
      dl.about { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; }
      dt { color: var(--quiet); } dd { margin: 0; overflow-wrap: anywhere; }
      section.fact { border-top: 1px solid var(--line); padding: .6rem 0; }
      section.fact h2 { font-size: 1rem; margin: 0; }
      section.fact p { margin: .2rem 0; overflow-wrap: anywhere; }
      .verdict { font-weight: 600; }
      .unknown { color: var(--unknown); }
      .scroll { overflow-x: auto; }
      table { border-collapse: collapse; font-size: .85rem; }
      th, td { text-align: left; padding: .15rem 1rem .15rem 0; vertical-align: top; }
      summary { color: var(--quiet); cursor: pointer; }
      @media (max-width: 480px) { dl.about { grid-template-columns: 1fr; } }
      """;

  private CheckReportPage() {}

  static String of(CheckReport report) {
    StringBuilder page = new StringBuilder();
    page.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .append("<title>What the call-records API does</title>\n<style>\n")
        .append(STYLE)
        .append("</style>\n</head>\n<body>\n<main>\n<h1>What the call-records API does</h1>\n")
        .append("<p class=\"verdict\">")
        .append(report.verdict().stream().map(HtmlText::escape).collect(Collectors.joining("<br>")))
        .append("</p>\n")
        .append("<dl class=\"about\">\n");
    about(page, "API", report.apiUrl());
    about(page, "Checked", report.checkedAt() + " (UTC), in " + report.requests() + " requests");
    about(page, "Connector", report.connectorVersion());
    about(page, "To load", report.backlog().text());
    page.append("</dl>\n<p>Times are as requests write them. The report has no ids, numbers, names")
        .append(" or texts of calls.</p>\n");
    report.facts().forEach(fact -> fact(page, fact));
    return page.append("</main>\n</body>\n</html>\n").toString();
  }

  private static void about(StringBuilder page, String what, String value) {
    page.append("<dt>").append(what).append("</dt><dd>").append(escape(value)).append("</dd>\n");
  }

  private static void fact(StringBuilder page, Fact fact) {
    page.append("<section class=\"fact\" id=\"").append(escape(fact.name())).append("\">\n<h2>");
    page.append(escape(fact.title())).append("</h2>\n<p");
    page.append(fact.isKnown() ? ">" : " class=\"unknown\">Unknown: ");
    page.append(escape(fact.text())).append("</p>\n");
    if (!fact.evidence().isEmpty()) {
      page.append("<details><summary>Evidence: what was asked, what came</summary>\n")
          .append("<div class=\"scroll\"><table><tr><th>asked</th><th>came</th></tr>\n")
          .append(
              fact.evidence().stream()
                  .map(
                      each ->
                          "<tr><td>"
                              + escape(each.asked())
                              + "</td><td>"
                              + escape(each.came())
                              + "</td></tr>\n")
                  .collect(Collectors.joining()))
          .append("</table></div></details>\n");
    }
    page.append("</section>\n");
  }
}
