#!/usr/bin/env bash
# The JMX exporter's agent and Strimzi's metrics reporter share a registry in one JVM.
#
# What it printed on JDK 17.0.15 (long lines cut):
#
#   software:  io.prometheus.jmx:jmx_prometheus_javaagent 1.0.1, io.strimzi:client-metrics-reporter 0.3.0,
#              org.apache.kafka:kafka-clients 4.3.1
#   guess:     two exporters with a port and a choice of metrics each: two sets of series
#   behaviour: each of the two endpoints has the other's series as well
#   the agent's endpoint: series asked of the agent: 1, of the reporter: 89
#   the reporter's endpoint: series asked of the agent: 1, of the reporter: 89
#   as stated
set -euo pipefail
CLIENTS=4.3.1
REPORTER=0.3.0
AGENT=1.0.1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

free_port() {
  local port
  while port=$((20000 + RANDOM % 10000)); (: > "/dev/tcp/127.0.0.1/$port") 2> /dev/null; do :; done
  echo "$port"
}

cat > "$work/pom.xml" <<XML
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>findings</groupId><artifactId>findings</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-clients</artifactId><version>$CLIENTS</version></dependency>
    <dependency><groupId>io.strimzi</groupId><artifactId>client-metrics-reporter</artifactId><version>$REPORTER</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
XML
fetch() {
  timeout 300 mvn -q -B -f "$work/pom.xml" "org.apache.maven.plugins:maven-dependency-plugin:3.11.0:$1" "${@:2}" \
    > "$work/mvn.log" 2>&1 || { cat "$work/mvn.log"; exit 1; }
}
fetch copy-dependencies -DoutputDirectory="$work/lib"
fetch copy -Dartifact="io.prometheus.jmx:jmx_prometheus_javaagent:$AGENT" -DoutputDirectory="$work/agent"

# The agent is to export one series, of the JVM.
cat > "$work/agent.yml" <<'YAML'
includeObjectNames: ["java.lang:type=ClassLoading"]
rules:
  - pattern: 'java.lang<type=ClassLoading><>LoadedClassCount'
    name: only_asked_of_the_agent
    type: GAUGE
YAML

cat > "$work/Endpoints.java" <<'JAVA'
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.StringSerializer;

class Endpoints {
  public static void main(String[] args) throws Exception {
    String agentPort = args[0];
    String reporterPort = args[1];
    // The reporter is to export a producer's metrics. These are there without a broker.
    Map<String, Object> settings = Map.of(
        "bootstrap.servers", "127.0.0.1:" + args[2],
        "metric.reporters", "io.strimzi.kafka.metrics.prometheus.ClientMetricsReporter",
        "prometheus.metrics.reporter.listener", "http://127.0.0.1:" + reporterPort,
        "prometheus.metrics.reporter.allowlist", "kafka_producer_.*");
    try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      boolean mixed = mixed("the agent's endpoint", agentPort) & mixed("the reporter's endpoint", reporterPort);
      System.exit(mixed ? 0 : 1);
    }
  }

  static boolean mixed(String name, String port) throws Exception {
    URI address = URI.create("http://127.0.0.1:" + port + "/metrics");
    String body = HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString()).body();
    long agents = body.lines().filter(line -> line.startsWith("only_asked_of_the_agent ")).count();
    long reporters = body.lines().filter(line -> line.startsWith("kafka_producer_")).count();
    System.out.println(name + ": series asked of the agent: " + agents + ", of the reporter: " + reporters);
    return agents > 0 && reporters > 0;
  }
}
JAVA

echo "software:  io.prometheus.jmx:jmx_prometheus_javaagent $AGENT, io.strimzi:client-metrics-reporter $REPORTER,"
echo "           org.apache.kafka:kafka-clients $CLIENTS"
echo "guess:     two exporters with a port and a choice of metrics each: two sets of series"
echo "behaviour: each of the two endpoints has the other's series as well"
agent_port=$(free_port)
if timeout 60 java "-javaagent:$work/agent/jmx_prometheus_javaagent-$AGENT.jar=127.0.0.1:$agent_port:$work/agent.yml" \
  -cp "$work/lib/*" "$work/Endpoints.java" "$agent_port" "$(free_port)" "$(free_port)"; then
  echo "as stated"
else
  echo "NOT as stated"
  exit 1
fi
