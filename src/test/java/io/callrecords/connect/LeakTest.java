package io.callrecords.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.callrecords.connect.config.CallRecordSourceTaskConfig;
import io.callrecords.connect.config.TaskShare;
import io.callrecords.simulator.Call;
import io.callrecords.simulator.Fault;
import io.callrecords.simulator.Faults;
import io.callrecords.simulator.Simulator;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * Whatever goes wrong, with everything logged that anybody logs: no secret, no signature and
 * nothing of a call is written anywhere but into Kafka.
 */
class LeakTest {
  private static final List<String> LOGGED = List.of("io.callrecords", "okhttp3", "okio");
  private static final String NUMBER = "4915199887766";
  private static final String AGENT = "Agent Ypsilon";
  private static final String REMARK = "wants to be called back on Friday";
  private static final String RECORDING = "https://recordings.example.com/4711.wav";
  private static final String LABEL = "owes us money";
  private static final String NEXT_NUMBER = "4915188776655";
  private static final String TOKEN_KEY = "bDqJFiq9-bDqJFiq9-bDqJFiq9-bDqJFiq9";
  private static final String PROXY_PASSWORD = "proxy-pass-3141";
  private static final String STORE_PASSWORD = "store-pass-2718";

  private final Queue<String> written = new ConcurrentLinkedQueue<>();
  private final Queue<String> emitted = new ConcurrentLinkedQueue<>();
  private Simulator simulator;
  private final List<Logger> loggers = new ArrayList<>();
  private final AbstractAppender appender =
      new AbstractAppender("everything", null, null, false, Property.EMPTY_ARRAY) {
        @Override
        public void append(LogEvent event) {
          note(event.getLoggerName() + " " + event.getThreadName());
          note(event.getMessage().getFormattedMessage());
          note(event.getThrown());
        }
      };
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          note(line.getLoggerName() + " " + line.getMessage());
          if (line.getParameters() != null) {
            note(List.of(line.getParameters()).toString());
          }
          note(line.getThrown());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };
  private java.util.logging.@Nullable Level levelBefore;

  /** The beginnings of a simulator. */
  Simulator.SimulatorBuilder newSimulator() {
    return Simulator.builder();
  }

  /** The settings with which a connector trusts it. */
  Map<String, String> trust() {
    return Map.of();
  }

  @BeforeEach
  void start() {
    simulator =
        newSimulator()
            .seed(3)
            .load((generator, now) -> calls(generator.uniform(30, now.minusSeconds(5_000), now)))
            .start();
  }

  private static Collection<Call> calls(Collection<Call> drawn) {
    return drawn.stream()
        .map(
            call ->
                call.with(
                    c ->
                        c.called(NUMBER)
                            .agentName(AGENT)
                            .remark(REMARK)
                            .voiceUrl(RECORDING)
                            .labels(List.of("VIP", LABEL))
                            // What the API may add tomorrow.
                            .extra(Map.of("nextNumber", '"' + NEXT_NUMBER + '"'))))
        .toList();
  }

  @BeforeEach
  void listen() {
    LoggerContext context = (LoggerContext) LogManager.getContext(false);
    appender.start();
    for (String name : LOGGED) {
      Logger logger = context.getLogger(name);
      logger.addAppender(appender);
      logger.setAdditive(false);
      // A logger's own level is not that of those below it.
      Configurator.setLevel(name, Level.TRACE);
      loggers.add(logger);
    }
    java.util.logging.Logger root = java.util.logging.Logger.getLogger("");
    levelBefore = root.getLevel();
    root.setLevel(java.util.logging.Level.ALL);
    root.addHandler(handler);
  }

  @AfterEach
  void stopListening() {
    java.util.logging.Logger root = java.util.logging.Logger.getLogger("");
    root.removeHandler(handler);
    root.setLevel(levelBefore);
    for (Logger logger : loggers) {
      logger.removeAppender(appender);
      logger.setAdditive(true);
      Configurator.setLevel(logger.getName(), (Level) null);
    }
    appender.stop();
    simulator.close();
  }

  private void note(@Nullable Object text) {
    if (text instanceof Throwable thrown) {
      // With its stack trace, its causes, and what it has suppressed.
      StringWriter trace = new StringWriter();
      thrown.printStackTrace(new PrintWriter(trace));
      written.add(trace.toString());
    } else if (text != null) {
      written.add(text.toString());
    }
  }

  static Stream<String> policies() {
    return Stream.of("fail", "skip", "topic");
  }

  @Test
  void nothingLeaksWhileATaskSurvivesAllThatItCan() {
    for (Fault fault : Faults.survivable()) {
      simulator.faults().next(1, fault);
    }
    Map<String, String> settings = settings();
    // Enough pages for all of them: at the live edge, there is a request a second.
    settings.put("page.size", "2");

    runUntil(settings, Faults.survivable().size());

    expectNothingLeaked(1);
  }

  @Test
  void nothingLeaksWhenATaskStops() {
    for (Fault fault : Faults.refusals()) {
      simulator.faults().clear().when(request -> true, fault);
      runUntil(settings(), Long.MAX_VALUE);
    }

    expectNothingLeaked(Faults.refusals().size());
  }

  @ParameterizedTest
  @MethodSource("policies")
  void nothingLeaksOfRowsThatCannotBeConverted(String policy) {
    for (Fault fault : Faults.malformed()) {
      simulator.faults().clear().when(request -> request.size() > 1, fault);
      Map<String, String> settings = settings();
      settings.put("malformed.records", policy);
      settings.put("malformed.topic", "malformed");
      runUntil(settings, simulator.journal().faults() + 5);
    }

    expectNothingLeaked(1);
  }

  @Test
  void nothingLeaksWhenAConnectorIsValidated() {
    for (Fault fault :
        Stream.of(Faults.survivable(), Faults.refusals(), Faults.malformed())
            .flatMap(List::stream)
            .toList()) {
      simulator.faults().clear().when(request -> true, fault);
      Map<String, String> settings = settings();
      settings.put("request.timeout.ms", "500");
      validate(settings);
    }

    expectNothingLeaked(1);
  }

  @Test
  void nothingLeaksOfTheSettings() {
    Map<String, String> settings = settings();
    CallRecordSourceTaskConfig config = taskConfig(settings);
    note(config.api(TaskShare.ALONE, "agent"));
    note(config.filters());
    note(config.retry());
    note(config.read());
    note(config);
    settings.put("proxy.url", "http://127.0.0.1:1");
    settings.put("proxy.username", "somebody");
    settings.put("proxy.password", PROXY_PASSWORD);
    validate(settings);
    note(taskConfig(settings).api(TaskShare.ALONE, "agent"));
    runUntil(settings, 0);
    settings.keySet().removeAll(trust().keySet());
    settings.put("ssl.truststore.location", "/nowhere/trust.p12");
    settings.put("ssl.truststore.password", STORE_PASSWORD);
    settings.put("ssl.keystore.location", "pom.xml");
    settings.put("ssl.keystore.password", STORE_PASSWORD);
    settings.put("ssl.key.password", STORE_PASSWORD);
    settings.put("fields.pseudonymize", "called");
    settings.put("fields.pseudonymize.key", TOKEN_KEY);
    note(taskConfig(settings).privacy());
    settings.put("fields.pseudonymize.key", TOKEN_KEY.substring(0, 31));
    validate(settings);
    settings.put("fields.pseudonymize", "callDuration");
    validate(settings);

    expectNothingLeaked(1);
  }

  /** Calls, malformed rows, audits, offsets, headers: whatever a task hands to the worker. */
  @Test
  void nothingIsEmittedThatThePrivacySettingsHide() throws GeneralSecurityException {
    Map<String, String> settings = emittingAll();
    settings.put("fields.exclude", "calledInfo,remark,labels,agentGroupName,ccodeName");
    settings.put("fields.pseudonymize", "callId,called,caller,agentName,agentAccount,voiceUrl");
    settings.put("fields.pseudonymize.key", TOKEN_KEY);
    settings.put("fields.pseudonymize.keep.country.code", "true");

    runAndNoteAllThatIsEmitted(settings);

    String shown = "49-" + token(NUMBER);
    assertThat(emitted).anyMatch(text -> text.contains(shown));
    Set<String> hidden = new HashSet<>(hidden());
    for (Call call : simulator.store().visible(simulator.now(), Instant.EPOCH, simulator.now())) {
      Stream.of(call.callId(), call.caller(), call.calledInfo(), call.agentAccount())
          .filter(text -> text != null && text.length() > 5)
          .forEach(hidden::add);
      hidden.add(call.agentGroupName());
      hidden.add(call.ccodeName());
    }
    assertThat(hidden).hasSizeGreaterThan(50);
    assertThat(hidden)
        .allSatisfy(text -> assertThat(emitted).noneMatch(found -> found.contains(text)));
    assertThat(written).noneMatch(text -> text.contains(TOKEN_KEY));
    expectNothingLeaked(1);
  }

  /** Proves that the search of what is emitted finds what it searches for. */
  @Test
  void allIsEmittedWithoutPrivacySettings() {
    runAndNoteAllThatIsEmitted(emittingAll());

    assertThat(hidden())
        .filteredOn(text -> !text.equals(TOKEN_KEY))
        .allSatisfy(text -> assertThat(emitted).anyMatch(found -> found.contains(text)));
  }

  private static List<String> hidden() {
    return List.of(
        NUMBER, NUMBER.substring(4), AGENT, REMARK, RECORDING, LABEL, NEXT_NUMBER, TOKEN_KEY);
  }

  private Map<String, String> emittingAll() {
    Map<String, String> settings = settings();
    settings.put("malformed.records", "topic");
    settings.put("malformed.topic", "malformed");
    settings.put("audit.topic", "audit");
    settings.put("emit.updates", "true");
    return settings;
  }

  /** Runs a task for each way in which a row can be malformed, and then one for all calls. */
  private void runAndNoteAllThatIsEmitted(Map<String, String> settings) {
    List<Fault> faults = new ArrayList<>(Faults.malformed());
    faults.add(
        Fault.rewritten(
            "durations that are texts",
            body -> body.replace("\"callDuration\":", "\"callDuration\":\"long\",\"was\":")));
    faults.add(
        Fault.rewritten(
            "a number beyond the parser's limits",
            body ->
                body.replaceFirst(
                    "\"callDuration\":", "\"callDuration\":" + "7".repeat(300) + ",\"was\":")));
    for (Fault fault : faults) {
      simulator.faults().clear().when(request -> request.size() > 1, fault);
      try (TaskRun run = new TaskRun(settings, new ConcurrentHashMap<>(), this::noteEmitted)) {
        assertThat(run.await(() -> isMalformedEmitted(run))).as(fault.toString()).isTrue();
        noteMetrics();
      }
    }
    simulator.faults().clear();
    try (TaskRun run = new TaskRun(settings, new ConcurrentHashMap<>(), this::noteEmitted)) {
      assertThat(run.await(() -> run.topic().keySet().equals(simulator.ids()))).isTrue();
      noteMetrics();
    }
  }

  private static boolean isMalformedEmitted(TaskRun run) {
    return run.others().stream().anyMatch(record -> "malformed".equals(record.topic()));
  }

  private void noteEmitted(SourceRecord record) {
    emitted.add(String.valueOf(record.key()));
    emitted.add(String.valueOf(record.value()));
    emitted.add(String.valueOf(record.headers()));
    emitted.add(String.valueOf(record.sourcePartition()));
    emitted.add(new HashMap<>(record.sourceOffset()).toString());
  }

  /** As anyone with the key can compute it. */
  private static String token(String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(TOKEN_KEY.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Plans, their DEBUG lines, and offsets that cannot be used. */
  @Test
  void nothingLeaksOfAPlan() {
    Map<String, String> settings = settings();
    settings.put("start.time", "2026-01-01T00:00:00Z");
    settings.put("proxy.url", "http://127.0.0.1:9");
    settings.put("proxy.username", "leaks");
    settings.put("proxy.password", PROXY_PASSWORD);
    CallRecordSourceConnector connector =
        new CallRecordSourceConnector(Clock.systemUTC(), Duration.ofMillis(5), (r, s) -> {});
    connector.initialize(OldWorker.storing(new ConcurrentHashMap<>()));
    connector.start(settings);
    assertThat(connector.taskConfigs(3)).hasSize(3);
    await()
        .atMost(TimeLimits.LONG)
        .until(() -> written.stream().anyMatch(text -> text.startsWith("Replanned at ")));
    connector.stop();

    assertThat(written)
        .anyMatch(text -> text.startsWith("Planned at "))
        .anyMatch(text -> text.startsWith("Task 2 of 3 reads "));
    expectNoSecrets();
  }

  /** Whatever is logged from now on, by a class that may not even exist yet, is listened to. */
  @Test
  void listensToEachClassAtTrace() throws IOException {
    Path sources = Path.of("src", "main", "java");
    try (Stream<Path> files = Files.walk(sources)) {
      List<String> loggers =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .map(file -> sources.relativize(file).toString())
              .map(file -> file.substring(0, file.length() - 5).replace(File.separatorChar, '.'))
              .toList();
      assertThat(loggers).hasSizeGreaterThan(80);
      for (String logger : loggers) {
        LoggerFactory.getLogger(logger).trace("This is said by {}", logger);
        assertThat(written).contains("This is said by " + logger);
      }
    }
  }

  private static CallRecordSourceTaskConfig taskConfig(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put(CallRecordSourceTaskConfig.TASK_SPLITS, "2026-11-01/..");
    all.put(CallRecordSourceTaskConfig.TASK_COUNT, "1");
    all.put(CallRecordSourceTaskConfig.TASK_INDEX, "0");
    all.put(CallRecordSourceTaskConfig.TASK_START, "2026-11-01T00:00:00Z");
    return new CallRecordSourceTaskConfig(all);
  }

  private Map<String, String> settings() {
    Map<String, String> settings = TestSettings.minimal();
    settings.put("name", "leaks");
    settings.put("api.url", simulator.url());
    settings.put("api.key", simulator.key());
    settings.put("api.secret", simulator.secret());
    settings.put("start.time", Instant.now().minus(Duration.ofHours(3)).toString());
    settings.put("filter.number", NUMBER);
    settings.put("filter.agents", AGENT);
    settings.put("page.size", "10");
    settings.put("poll.interval.ms", "100");
    settings.put("requests.per.second", "500");
    settings.put("request.timeout.ms", "1000");
    settings.put("retry.backoff.ms", "5");
    settings.put("retry.backoff.max.ms", "20");
    settings.putAll(trust());
    return settings;
  }

  private void validate(Map<String, String> settings) {
    TestSettings.errors(settings).values().forEach(messages -> messages.forEach(this::note));
  }

  /** Runs a task until so many answers went wrong, or until it stops. */
  private void runUntil(Map<String, String> settings, long faults) {
    try (TaskRun run = new TaskRun(settings)) {
      run.await(() -> simulator.journal().faults() >= faults);
      noteMetrics();
      Thread.getAllStackTraces().keySet().forEach(thread -> note(thread.getName()));
      run.stop();
      note(run.failure());
    }
  }

  private void noteMetrics() {
    try {
      MBeanServer server = ManagementFactory.getPlatformMBeanServer();
      for (ObjectName name : server.queryNames(new ObjectName("io.callrecords.*:*"), null)) {
        note(name);
        for (MBeanAttributeInfo attribute : server.getMBeanInfo(name).getAttributes()) {
          note(attribute);
          note(server.getAttribute(name, attribute.getName()));
        }
      }
    } catch (javax.management.JMException e) {
      // The task has ended meanwhile.
      note(e);
    }
  }

  private void expectNothingLeaked(int atLeast) {
    assertThat(written).hasSizeGreaterThan(atLeast);
    assertThat(written).as("what OkHttp logs").anyMatch(text -> text.startsWith("okhttp3."));
    assertThat(written).as("each request").anyMatch(text -> text.startsWith("Requested "));
    expectNoSecrets();
  }

  private void expectNoSecrets() {
    Set<String> secrets =
        new HashSet<>(
            List.of(
                simulator.key(),
                simulator.secret(),
                NUMBER,
                NUMBER.substring(4),
                AGENT,
                REMARK,
                RECORDING,
                LABEL,
                NEXT_NUMBER,
                TOKEN_KEY.substring(0, 20),
                PROXY_PASSWORD,
                STORE_PASSWORD,
                "callStartTime\":",
                "<html"));
    simulator.journal().entries().forEach(entry -> secrets.add(entry.request().sign()));
    for (Call call : simulator.store().visible(simulator.now(), Instant.EPOCH, simulator.now())) {
      Stream.of(call.callSessionId(), call.callId(), call.caller(), call.calledInfo())
          .filter(text -> text != null && text.length() > 5)
          .forEach(secrets::add);
    }
    secrets.remove(null);
    assertThat(secrets)
        .allSatisfy(secret -> assertThat(written).noneMatch(text -> text.contains(secret)));
  }
}
