package io.callrecords.connect.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.callrecords.simulator.Fault;
import io.callrecords.simulator.Simulator;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import okhttp3.tls.HeldCertificate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broker with TLS, SCRAM and ACLs that creates no topics, and a worker with what {@code
 * docs/TOPICS.md} says and no more: records arrive, exactly once; and where one right is missing,
 * what is seen is what the page says.
 */
@Tag("slow")
class AccessIT {
  private static final Path PAGE = Path.of("docs", "TOPICS.md");
  private static final Path BROKER = Path.of("config", "broker.properties");
  private static final Path CONNECTOR = Path.of("config", "call-records-production.json");
  private static final String NAME = "call-records";
  private static final String PASSWORD = "connect-secret";
  private static final List<String> TOPICS = List.of(NAME, NAME + "-malformed", NAME + "-audit");
  private static final int CALLS = 400;
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  @TempDir static Path folder;

  private static Simulator account;
  private static String listener;
  private static BrokerProcess broker;
  private static Admin admin;

  @BeforeAll
  static void startBroker() throws Exception {
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    account =
        Simulator.builder()
            .calls(CALLS, now.minus(Duration.ofDays(2)), now.minusSeconds(20_000))
            .start();
    HeldCertificate certificate =
        new HeldCertificate.Builder().addSubjectAlternativeName("127.0.0.1").build();
    Files.writeString(folder.resolve("ca.pem"), certificate.certificatePem());
    listener = "127.0.0.1:" + ProcessHome.freePort();
    broker =
        BrokerProcess.start(
            "access-broker",
            "SASL_SSL://" + listener,
            brokerSettings(certificate),
            List.of("--add-scram", scram("admin"), "--add-scram", scram("connect")));
    admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
  }

  private static String scram(String user) {
    return "SCRAM-SHA-512=[name=" + user + ",password=" + PASSWORD + "]";
  }

  /** The project's example of a broker, with what a test gives it: files, addresses, a password. */
  private static Map<String, String> brokerSettings(HeldCertificate certificate)
      throws IOException {
    Files.writeString(
        folder.resolve("broker.pem"),
        certificate.privateKeyPkcs8Pem() + certificate.certificatePem());
    Properties example = new Properties();
    example.load(
        new StringReader(
            Files.readString(BROKER)
                .replace("/etc/kafka/", folder + "/")
                .replace("${env:KAFKA_ADMIN_PASSWORD}", PASSWORD)));
    Map<String, String> settings = new HashMap<>();
    example.forEach((key, value) -> settings.put(key.toString(), value.toString()));
    settings
        .keySet()
        .removeAll(
            Set.of("listeners", "advertised.listeners", "controller.quorum.voters", "log.dirs"));
    // This test looks after topics and rights by a listener of its own, as User:ANONYMOUS.
    settings.merge(
        "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT", (map, own) -> map + "," + own);
    return settings;
  }

  @AfterAll
  static void end() {
    if (admin != null) {
      admin.close(Duration.ZERO);
    }
    if (broker != null) {
      broker.close();
    }
    account.close();
  }

  @Test
  void fromNothingToRecordsAndNotWithoutAnyOfTheRights() throws Exception {
    account
        .faults()
        .when(
            request -> true,
            Fault.rewritten(
                "some durations are no numbers",
                body -> body.replace("\"callDuration\":\"7", "\"callDuration\":\"about 7")));
    expectTopicsByCommands();
    expectCompactedTopic();
    Map<String, Set<AclBinding>> rights = grant();
    assertThat(table()).containsOnlyKeys(rights.keySet());
    try (WorkerProcess worker = worker("access-worker")) {
      worker.awaitReady();
      worker.rest().create(NAME, settings());
      expectRecords(worker, NAME, CALLS / 2);
      expectRecords(worker, NAME + "-malformed", 1);
      expectRecords(worker, NAME + "-audit", 1);
      expectTopicsAsThePageSays();

      expectTheConnectorToNeed(rights, worker);
    }
    expectTheWorkersToNeed(rights);
  }

  private static void expectTheConnectorToNeed(
      Map<String, Set<AclBinding>> rights, WorkerProcess worker) throws Exception {
    for (String right : List.of("the records", "exactly-once: the tasks")) {
      restartWithout(rights.get(right), worker);
      expectSeen(right, worker);
      giveBack(rights.get(right));
    }
    String creation = "the creation of topics";
    stop(worker);
    delete(List.of(NAME));
    restartWithout(rights.get(creation), worker);
    expectSeen(creation, worker);
    giveBack(rights.get(creation));
    stop(worker);
    worker.rest().resume(NAME);
    expectRecords(worker, NAME, CALLS / 2);
  }

  private static void expectTheWorkersToNeed(Map<String, Set<AclBinding>> rights) throws Exception {
    int number = 0;
    for (String right :
        List.of(
            "the workers' state",
            "the workers' group",
            "exactly-once: the leader of the workers")) {
      remove(rights.get(right));
      try (WorkerProcess worker = worker("access-worker-" + ++number)) {
        expectSeen(right, worker);
        // Without its rights it does not end by itself before its patience does.
        worker.kill();
      }
      giveBack(rights.get(right));
    }
  }

  private static void expectTopicsByCommands() throws Exception {
    Map<String, String> small = Map.of("--replication-factor 3", "--replication-factor 1");
    commands("kafka-topics", small).forEach(AccessIT::run);
    expectTopicsAsThePageSays();
    delete(TOPICS);
  }

  /** The controller says that a topic is gone before the broker knows it. */
  private static void delete(List<String> topics) throws Exception {
    admin.deleteTopics(topics).all().get();
    Awaitility.await("topics are gone")
        .atMost(PATIENCE)
        .until(() -> Collections.disjoint(admin.listTopics().names().get(), topics));
  }

  private static void expectCompactedTopic() throws Exception {
    String prefix = "topic.creation.default.";
    Map<String, String> config = new HashMap<>();
    PageBlock.of(PAGE, "compaction")
        .settings()
        .forEach(
            (key, value) -> {
              if (key.startsWith(prefix)) {
                config.put(key.substring(prefix.length()), value);
              }
            });
    int partitions = Integer.parseInt(config.remove("partitions"));
    config.remove("replication.factor");
    NewTopic topic = new NewTopic("compacted", partitions, (short) 1).configs(config);
    admin.createTopics(List.of(topic)).all().get();
    expectTopic("compacted", partitions, config);
  }

  /** Runs the page's commands, and returns what each of them has granted. */
  private static Map<String, Set<AclBinding>> grant() throws Exception {
    Map<String, Set<AclBinding>> rights = new LinkedHashMap<>();
    for (PageBlock.Command command : commands("acls", Map.of())) {
      Set<AclBinding> before = acls();
      run(command);
      awaitBroker();
      Set<AclBinding> granted = acls();
      granted.removeAll(before);
      assertThat(granted).as("%s", command).isNotEmpty();
      rights.put(command.comment(), granted);
    }
    return rights;
  }

  /**
   * Waits until the broker knows all that the controller has been told of rights: what it is told
   * last is of nobody.
   */
  private static void awaitBroker() throws Exception {
    AclBinding last =
        new AclBinding(
            new ResourcePattern(ResourceType.TOPIC, "last", PatternType.LITERAL),
            new AccessControlEntry(
                "User:nobody", "*", AclOperation.DESCRIBE, AclPermissionType.ALLOW));
    admin.createAcls(List.of(last)).all().get();
    awaitAcls(known -> known.contains(last));
    admin.deleteAcls(List.of(last.toFilter())).all().get();
    awaitAcls(known -> !known.contains(last));
  }

  private static void awaitAcls(Predicate<Set<AclBinding>> condition) {
    Awaitility.await("the broker knows of rights")
        .pollInSameThread()
        .atMost(PATIENCE)
        .until(() -> condition.test(acls()));
  }

  private static Set<AclBinding> acls() throws Exception {
    return new HashSet<>(admin.describeAcls(AclBindingFilter.ANY).values().get());
  }

  private static List<PageBlock.Command> commands(String block, Map<String, String> replacements)
      throws IOException {
    Path config = Files.writeString(folder.resolve("admin.properties"), "");
    Map<String, String> all = new HashMap<>(replacements);
    all.put("localhost:9092", broker.bootstrapServers());
    all.put("admin.properties", config.toString());
    return PageBlock.of(PAGE, block).with(all).commands();
  }

  private static void run(PageBlock.Command command) {
    String tool =
        switch (command.tool()) {
          case "kafka-acls.sh" -> "org.apache.kafka.tools.AclCommand";
          case "kafka-topics.sh" -> "org.apache.kafka.tools.TopicCommand";
          default -> throw new AssertionError("Not known: " + command);
        };
    broker.run(tool, command.arguments());
  }

  /** What the page says is seen without a right: what stands between back quotes. */
  private static Map<String, List<String>> table() {
    Map<String, List<String>> table = new LinkedHashMap<>();
    String text = MonitoringFiles.text(PAGE);
    text.substring(text.indexOf("| missing |"))
        .lines()
        .skip(2)
        .takeWhile(line -> line.startsWith("|"))
        .map(line -> line.split("\\|", 4))
        .forEach(
            cells ->
                table.put(
                    cells[1].strip(),
                    CODE.matcher(cells[2])
                        .results()
                        .map((MatchResult found) -> found.group(1))
                        .toList()));
    return table;
  }

  private static WorkerProcess worker(String name) {
    Map<String, String> settings =
        PageBlock.of(PAGE, "worker")
            .with(Map.of("localhost:9092", listener, "/etc/kafka/ca.pem", folder + "/ca.pem"))
            .properties();
    settings.put("offset.storage.partitions", "1");
    return WorkerProcess.launch(
        name,
        Platform.ofTests(),
        WorkerJvm.small(512),
        settings,
        Map.of(
            "CALL_RECORDS_API_KEY",
            LocalCluster.KEY,
            "CALL_RECORDS_API_SECRET",
            LocalCluster.SECRET,
            "CALL_RECORDS_TOKEN_KEY",
            "for-tests-only-0123456789-abcdefghij",
            "CALL_RECORDS_KAFKA_PASSWORD",
            PASSWORD));
  }

  private static Map<String, String> settings() {
    Map<String, String> settings = ConnectorRun.example(CONNECTOR);
    assertThat(settings).containsAllEntriesOf(PageBlock.of(PAGE, "topic.creation").settings());
    settings.replaceAll((name, value) -> name.endsWith("replication.factor") ? "1" : value);
    settings.put("api.url", account.url());
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    settings.put("start.time", now.minus(Duration.ofDays(2)).toString());
    settings.put("end.time", now.minusSeconds(10_000).toString());
    settings.put("late.arrival.ms", "60000");
    settings.put("tasks.max", "1");
    return ConnectorRun.settings(settings.get("topic"), account.url(), settings);
  }

  private static void expectRecords(WorkerProcess worker, String topic, int records) {
    try (TopicReader reader = new TopicReader(broker.bootstrapServers(), topic)) {
      worker.await(
          topic + " has records",
          PATIENCE,
          () -> {
            worker.rest().failIfFailed(NAME);
            reader.read();
            return reader.count() >= records;
          });
      assertThat(reader.repeated()).as(topic).isEmpty();
    }
  }

  private static void expectTopicsAsThePageSays() throws Exception {
    expectTopic(NAME, 3, Map.of("cleanup.policy", "delete", "retention.ms", "7776000000"));
    for (String aside : List.of(NAME + "-malformed", NAME + "-audit")) {
      expectTopic(aside, 1, Map.of("cleanup.policy", "delete", "retention.ms", "7776000000"));
    }
  }

  private static void expectTopic(String topic, int partitions, Map<String, String> config)
      throws Exception {
    // The controller says that a topic is there before the broker knows it.
    Awaitility.await(topic)
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(ExecutionException.class)
        .untilAsserted(
            () ->
                assertThat(
                        admin
                            .describeTopics(List.of(topic))
                            .allTopicNames()
                            .get()
                            .get(topic)
                            .partitions())
                    .hasSize(partitions));
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    Config found = admin.describeConfigs(List.of(resource)).all().get().get(resource);
    config.forEach(
        (key, value) ->
            assertThat(found.get(key)).as(key).extracting(ConfigEntry::value).isEqualTo(value));
  }

  /** Takes a right away, and lets the connector begin anew. */
  private static void restartWithout(Collection<AclBinding> right, WorkerProcess worker)
      throws Exception {
    stop(worker);
    worker.rest().deleteOffsets(NAME);
    remove(right);
    worker.rest().request("PUT", "/connectors/" + NAME + "/resume", null);
  }

  /** Stops the connector, whatever state its task is in. */
  private static void stop(WorkerProcess worker) {
    worker.rest().request("PUT", "/connectors/" + NAME + "/stop", null);
    worker.await(
        "the connector is stopped",
        PATIENCE,
        () -> {
          JsonNode status = worker.rest().status(NAME);
          return status.path("connector").path("state").asText().equals("STOPPED")
              && status.path("tasks").isEmpty();
        });
  }

  private static void remove(Collection<AclBinding> right) throws Exception {
    List<AclBindingFilter> filters = new ArrayList<>();
    right.forEach(binding -> filters.add(binding.toFilter()));
    admin.deleteAcls(filters).all().get();
    awaitAcls(known -> Collections.disjoint(known, right));
  }

  private static void giveBack(Collection<AclBinding> right) throws Exception {
    admin.createAcls(right).all().get();
    awaitAcls(known -> known.containsAll(right));
  }

  private static void expectSeen(String missing, WorkerProcess worker) {
    List<String> expected = table().get(missing);
    assertThat(expected).as(missing).isNotEmpty();
    // The worker itself may have ended.
    Awaitility.await(missing)
        .pollInSameThread()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(worker.printed() + status(worker)).as(missing).contains(expected));
  }

  private static String status(WorkerProcess worker) {
    try {
      JsonNode status = worker.rest().status(NAME);
      return status.path("tasks").findValuesAsText("trace").toString();
    } catch (RuntimeException | AssertionError e) {
      return "";
    }
  }
}
