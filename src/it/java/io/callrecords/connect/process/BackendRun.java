package io.callrecords.connect.process;

import io.callrecords.connect.process.BackendAccount.StoredCall;
import io.callrecords.connect.process.NginxProcess.AccessLogLine;
import io.callrecords.connect.process.NginxProcess.Site;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A connector that reads one variant of the backend, and how it does. */
final class BackendRun implements AutoCloseable {
  private final LocalCluster cluster;
  private final String name;
  private final BackendVariant variant;
  private final Site site;
  private final TopicReader topic;
  private final long startedAt = System.currentTimeMillis();
  private @Nullable Long backlogReadAt;

  private BackendRun(LocalCluster cluster, String name, BackendVariant variant, Site site) {
    this.cluster = cluster;
    this.name = name;
    this.variant = variant;
    this.site = site;
    this.topic = new TopicReader(cluster.broker().bootstrapServers(), name);
  }

  /**
   * Starts the connector.
   *
   * @param name names it and its topic
   * @param trusted certificates that it has to trust, as PEM
   * @param others settings that differ from the defaults
   */
  static BackendRun start(
      LocalCluster cluster,
      String name,
      BackendVariant variant,
      Site site,
      String trusted,
      Map<String, String> others) {
    Map<String, String> settings = new HashMap<>(others);
    settings.put("tasks.max", "1");
    if (site.secure()) {
      settings.put("ssl.truststore.type", "PEM");
      settings.put("ssl.truststore.certificates", trusted);
    }
    BackendRun run = new BackendRun(cluster, name, variant, site);
    String url = site.url() + variant.path();
    cluster.worker().rest().create(name, ConnectorRun.settings(name, url, settings));
    return run;
  }

  /** Reads the topic on, and notes when it has all calls of the backlog. */
  void read(Set<String> backlog) {
    topic.read();
    if (backlogReadAt == null && topic.distinct().containsAll(backlog)) {
      backlogReadAt = System.currentTimeMillis();
    }
  }

  /** Whether the backlog has been read. */
  boolean hasBacklog() {
    return backlogReadAt != null;
  }

  /** How many records there are by now. */
  int records() {
    return topic.ids().size();
  }

  /** Compares all that is in the topic by now. */
  BackendComparison compare(Map<String, StoredCall> stored, BackendAccount account) {
    return BackendComparison.of(topic, stored, account);
  }

  /** Whether the connector or its task has failed, and why. */
  String failure() {
    for (var task : cluster.worker().rest().status(name).path("tasks")) {
      if (task.path("state").asText().equals("FAILED")) {
        return task.path("trace").asText().lines().findFirst().orElse("failed");
      }
    }
    return "";
  }

  /** A row of the table. */
  String row(BackendComparison result, List<AccessLogLine> accessLog) {
    Long readAt = backlogReadAt;
    long all = accessLog.stream().filter(this::isOwn).count();
    String requests =
        readAt == null
            ? "never"
            : Long.toString(
                accessLog.stream()
                    .filter(this::isOwn)
                    .filter(line -> line.millis() <= readAt)
                    .count());
    String seconds =
        readAt == null ? "never" : Long.toString(Duration.ofMillis(readAt - startedAt).toSeconds());
    return "| %s | %,d | %,d | %,d | %,d | %,d | %,d | %s | %s | %,d | %d | %s |"
        .formatted(
            name,
            result.calls(),
            result.records(),
            result.missing(),
            result.duplicates() + result.surplus(),
            result.wrongLabels(),
            result.wrongValues(),
            requests,
            seconds,
            all,
            warnings(),
            result.isEqual() ? "yes" : "no");
  }

  private long warnings() {
    return cluster.worker().ownLines().stream()
        .filter(line -> line.contains("[" + name + "|"))
        .filter(line -> line.contains(" WARN ") || line.contains(" ERROR "))
        .count();
  }

  private boolean isOwn(AccessLogLine line) {
    return line.port() == site.port() && line.path().startsWith(variant.path() + "/");
  }

  /** Deletes the connector. */
  @Override
  public void close() {
    try (topic) {
      cluster.worker().rest().delete(name);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
