package io.callrecords.connect.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.callrecords.cli.CallRecordsCli;
import io.callrecords.cli.status.Browser;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the served page shows in a real browser is what the connector has. */
@Clusters.ExactlyOnce
@ExtendWith(Clusters.class)
class StatusPageBrowser {
  private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:[0-9]+/");
  private static final String CALLS =
      "Object.fromEntries(Array.from(document.querySelectorAll('.day')).map(d => [d.dataset.day,"
          + " d.getAttribute('aria-label').includes(' call')"
          + " ? Number(d.getAttribute('aria-label').match(/([0-9,]+) call/)[1].replace(/,/g, ''))"
          + " : -1]))";

  private final ConnectCluster cluster;

  @TempDir private Path folder;

  StatusPageBrowser(ConnectCluster cluster) {
    this.cluster = cluster;
  }

  @Test
  void showsWhatTheConnectorHasAndKeepsUpWithIt() throws Exception {
    try (ClusterAccount account = ClusterAccount.open();
        Topic audit = cluster.topic("audit")) {
      account.addHistory(1_200, Duration.ofDays(4));
      Map<String, String> settings = StatusIT.settings(account);
      settings.put("audit.topic", audit.name());
      try (Connector connector = cluster.connector("page", settings);
          Browser browser = Browser.start(folder)) {
        connector.awaitAll(account.ids());
        StringWriter said = new StringWriter();
        Thread command = serve(connector, said);
        try {
          connector.await("the page is served", () -> ADDRESS.matcher(said.toString()).find());
          browser.open(address(said));
          Map<String, Long> expected = StatusIT.callsByDay(account);
          connector.await("the page is whole", () -> shown(browser).equals(expected));
          browser.value("window.isTheSame = true");
          browser.value("document.querySelector('.day[tabindex=\"0\"]').focus()");
          browser.press("ArrowLeft");
          String focused = browser.value("document.activeElement.dataset.day").asText();

          account.addCallNow();

          Map<String, Long> more = StatusIT.callsByDay(account);
          assertThat(more).isNotEqualTo(expected);
          connector.await("the page keeps up", () -> shown(browser).equals(more));
          assertThat(browser.value("window.isTheSame").asBoolean()).isTrue();
          assertThat(browser.value("document.activeElement.dataset.day").asText())
              .isEqualTo(focused);
        } finally {
          command.interrupt();
          command.join();
        }
        browser.await("!document.getElementById('notice').hidden");
      }
    }
  }

  private Thread serve(Connector connector, StringWriter said) {
    Thread command =
        new Thread(
            () ->
                CallRecordsCli.run(
                    new PrintWriter(new StringWriter()),
                    new PrintWriter(said, true),
                    "status",
                    connector.name(),
                    "--connect",
                    cluster.restApi().toString(),
                    "--bootstrap-server",
                    cluster.bootstrapServers(),
                    "--serve",
                    "0"),
            "status");
    command.start();
    return command;
  }

  private static String address(StringWriter said) {
    Matcher matcher = ADDRESS.matcher(said.toString());
    assertThat(matcher.find()).isTrue();
    return matcher.group();
  }

  private static Map<String, Long> shown(Browser browser) {
    Map<String, Long> shown = new TreeMap<>();
    JsonNode calls = browser.value(CALLS);
    calls.properties().forEach(day -> shown.put(day.getKey(), day.getValue().asLong()));
    return shown;
  }
}
