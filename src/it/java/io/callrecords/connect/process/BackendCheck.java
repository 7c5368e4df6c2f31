package io.callrecords.connect.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.callrecords.connect.process.BackendFacts.KnownFact;
import io.callrecords.connect.process.BackendVariant.LabelQuery;
import io.callrecords.connect.process.BackendVariant.SqlOrder;
import io.callrecords.connect.process.NginxProcess.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged command {@code check} against the backend of {@link Backend}: what it says of each
 * variant is what the variant was written to do. It takes some minutes, and needs no Kafka.
 *
 * <p>The table of {@code docs/CHECK.md} is made here: {@code mvn -Pbackend verify
 * -Dit.test=BackendCheck -Ddocs.write=true} writes it anew.
 */
class BackendCheck {
  private static final String PER_SECOND = "50";

  /** More than the limits let through. */
  private static final String TOO_MANY_PER_SECOND = "20";

  @TempDir private Path folder;

  private final CheckTable table = new CheckTable();

  @Test
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void saysWhatEachVariantDoes() throws Exception {
    try (BackendStack stack = new BackendStack(MariaDbProcess.start("backend-mariadb"))) {
      checkAll(stack);
      checkLimited(stack, stack.limited().get(0), "HTTP 503");
      checkLimited(stack, stack.limited().get(2), "HTTP 429");
    }
    try (BackendStack stack = new BackendStack(PostgresProcess.start("backend-postgresql"))) {
      checkAll(stack);
    }
    System.out.println(table);
    assertThat(table.wrong()).as("what check says, and what is not so").isEmpty();
    assertThat(table.missed()).as("what check does not say, although it shows").isEmpty();
    if (Boolean.getBoolean("docs.write")) {
      table.publish();
    }
  }

  private void checkAll(BackendStack stack) throws IOException, SQLException {
    table.addServer(stack.account().version());
    String wanted = System.getProperty("backend.variants", "");
    for (BackendVariant variant : BackendVariant.all()) {
      if (wanted.isEmpty() || variant.toString().matches(wanted)) {
        Map<String, String> settings = settings(stack, variant, stack.site(variant), PER_SECOND);
        table.add(name(stack, variant), BackendFacts.of(variant), check(settings));
      }
    }
  }

  private static String name(BackendStack stack, BackendVariant variant) throws SQLException {
    return variant + " on " + stack.account().version();
  }

  /** What is refused for being too much changes nothing else that is said. */
  private void checkLimited(BackendStack stack, Site site, String refusal)
      throws IOException, SQLException {
    BackendVariant variant =
        new BackendVariant(LabelQuery.NESTED, SqlOrder.TIME_AND_ID, false, false);
    Map<String, KnownFact> facts = BackendFacts.of(variant, refusal);
    Map<String, String> settings = settings(stack, variant, site, TOO_MANY_PER_SECOND);
    table.add(name(stack, variant) + ", limited by " + refusal, facts, check(settings));
  }

  private static Map<String, String> settings(
      BackendStack stack, BackendVariant variant, Site site, String perSecond) {
    Map<String, String> others = new HashMap<>();
    others.put("requests.per.second", perSecond);
    others.put("start.time", "P11D");
    if (site.secure()) {
      others.put("ssl.truststore.type", "PEM");
      others.put("ssl.truststore.certificates", stack.nginx().trustedCertificates());
    }
    return ConnectorRun.settings("checked", site.url() + variant.path(), others);
  }

  /** The report of one run, in which no secret stands. */
  private JsonNode check(Map<String, String> settings) throws IOException {
    ObjectMapper json = new ObjectMapper();
    Path file = folder.resolve("connector.json");
    Files.writeString(file, json.writeValueAsString(settings), UTF_8);
    CommandRun run = CommandRun.of(List.of("check", file.toString(), "--json"));
    assertThat(run.code()).as("%s", run).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).doesNotContain(LocalCluster.KEY, LocalCluster.SECRET);
    return json.readTree(run.out());
  }
}
