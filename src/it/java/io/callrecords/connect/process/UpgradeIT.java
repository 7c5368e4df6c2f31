package io.callrecords.connect.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.callrecords.simulator.Simulator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Upgrades, rolls back and moves a connector as {@code docs/UPGRADE.md} has a person do it. */
@Tag("slow")
class UpgradeIT {
  private static final Path PAGE =
      Path.of(System.getProperty("basedir", "")).resolve("docs").resolve("UPGRADE.md");

  private static final String NAME = "call-records";
  private static final String OLD = PluginZip.find().version();

  /** The same plugin under the version of one that is to come. */
  private static final String NEW = "99.1.0";

  private static final int CALLS = 300;
  private static final int LIVE_PER_MINUTE = 120;

  @TempDir private Path folder;

  @BeforeAll
  static void expectPrograms() {
    Programs.findForCommands("unzip", "cmp");
  }

  @Test
  void connectorByConnectorBackAndToAnotherCluster() throws IOException {
    try (LocalCluster cluster = LocalCluster.start("upgrade");
        Simulator account = account()) {
      LocalCluster other = new LocalCluster(cluster.broker(), new ArrayList<>());
      other.replaceWorkers("upgrade-other", Platform.ofTests());
      try (WorkerProcess second = other.worker();
          ConnectorRun run = start(cluster, account)) {
        ProcedureRun page = page(cluster, second.rest());

        page.run("Upgrade connector by connector");
        Set<String> kept = new HashSet<>(run.topic().distinct());
        awaitNewCalls(run);
        assertThat(run.topic().repeated()).isEmpty();

        page.run("Roll back");
        awaitRepetitions(run);
        assertThat(run.topic().repeated()).isNotEmpty().doesNotContainAnyElementsOf(kept);
        Set<String> repeated = allRepeated(run);

        page.run("Move to another Connect cluster");
        awaitNewCalls(run);
        assertThat(run.topic().repeated()).isEqualTo(repeated);
        assertThat(run.topic().distinct()).containsAll(kept);
        expectGone(cluster.worker().rest());
        second.rest().delete(NAME);
        expectNewestUnlessBound(cluster.worker().rest(), account);
      }
    }
  }

  @Test
  void allAtOnceOnTheOldestWorker() throws IOException {
    Platform oldest = new Platform(KafkaJars.all().get(0), Jdk.all().get(0));
    try (LocalCluster cluster = LocalCluster.ofBroker("upgrade-oldest");
        Simulator account = account()) {
      cluster.replaceWorkers("upgrade-oldest", oldest);
      try (ConnectorRun run = start(cluster, account)) {
        page(cluster, cluster.worker().rest()).run("Upgrade all connectors at once");

        awaitNewCalls(run);
        assertThat(run.topic().repeated()).isEmpty();
      }
    }
  }

  private static Simulator account() {
    Simulator account = Simulator.builder().calls(CALLS, Duration.ofDays(5)).start();
    account.live(LIVE_PER_MINUTE);
    return account;
  }

  private static ConnectorRun start(LocalCluster cluster, Simulator account) {
    ConnectorRun run = ConnectorRun.start(cluster, NAME, account, Map.of("tasks.max", "2"));
    run.await("the backlog is in the topic", () -> run.topic().count() >= CALLS);
    return run;
  }

  private ProcedureRun page(LocalCluster cluster, ConnectRest other) throws IOException {
    Path plugins = cluster.worker().plugins();
    PluginZip.find().withVersion(NEW, folder);
    return new ProcedureRun(
        PAGE,
        folder,
        Map.of(
            "CONNECT",
            cluster.worker().rest().url(),
            "NAME",
            NAME,
            "PLUGINS",
            plugins.toString(),
            "OLD",
            OLD,
            "NEW",
            NEW,
            "TO",
            other.url()),
        cluster::restartWorkers);
  }

  private static void awaitNewCalls(ConnectorRun run) {
    int before = run.topic().count();
    run.await("new calls arrive", () -> run.topic().count() >= before + 5);
    Set<String> ids = run.simulator().ids();
    run.await("no call is missing", () -> run.topic().distinct().containsAll(ids));
  }

  private static void awaitRepetitions(ConnectorRun run) {
    run.await("calls come again", () -> !run.topic().repeated().isEmpty());
  }

  /** What has come again, once nothing of it is on its way any more. */
  private static Set<String> allRepeated(ConnectorRun run) {
    Set<String> repeated = Set.of();
    for (int quiet = 0; quiet < 3; ) {
      awaitNewCalls(run);
      quiet = run.topic().repeated().equals(repeated) ? quiet + 1 : 0;
      repeated = Set.copyOf(run.topic().repeated());
    }
    return repeated;
  }

  /** Creates the connector again, in workers that have both versions. */
  private static void expectNewestUnlessBound(ConnectRest rest, Simulator account) {
    rest.create(NAME, ConnectorRun.settings(NAME, account.url(), Map.of()));
    rest.awaitRunning(NAME);
    assertThat(rest.status(NAME).path("connector").path("version").asText()).isEqualTo(NEW);
  }

  private static void expectGone(ConnectRest rest) {
    JsonNode left = rest.connectors();
    assertThat(left.isArray() && left.isEmpty()).as("%s", left).isTrue();
  }
}
