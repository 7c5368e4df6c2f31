#!/usr/bin/env bash
# A connector whose start() throws ends a standalone worker with all its connectors.
#
# What it printed on JDK 17.0.15 (long lines cut):
#
#   software:  org.apache.kafka:connect-runtime 4.3.1, ConnectStandalone, a broker of the same version
#   guess:     the connector whose start() throws is FAILED, the other one goes on
#   behaviour: the worker ends with exit code 3, and with it the healthy connector
#   healthy alone:      exit code 124 (124: it ran until it was ended), polls: 183
#   healthy and broken: exit code 3, polls: 1
#   org.apache.kafka.connect.errors.ConnectException: This one does not start
#   [main] ERROR org.apache.kafka.connect.cli.ConnectStandalone - Stopping after connector error
#   Caused by: org.apache.kafka.connect.errors.ConnectException: This one does not start
#   as stated
set -euo pipefail
VERSION=4.3.1
work=$(mktemp -d)
pids=()
cleanup() {
  for pid in "${pids[@]}"; do kill "$pid" 2>> "$work/kill.log" || true; done
  for pid in "${pids[@]}"; do wait "$pid" || true; done
  rm -rf "$work"
}
trap cleanup EXIT

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
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>$VERSION</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>connect-runtime</artifactId><version>$VERSION</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>connect-json</artifactId><version>$VERSION</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
XML
timeout 300 mvn -q -B -f "$work/pom.xml" \
  org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy-dependencies -DoutputDirectory="$work/lib" \
  > "$work/mvn.log" 2>&1 || { cat "$work/mvn.log"; exit 1; }
JVM=(-Xmx300m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC "-Djava.io.tmpdir=$work")

# A broker of one node.
broker=$(free_port)
controller=$(free_port)
cat > "$work/broker.properties" <<PROPERTIES
process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://127.0.0.1:$broker,CONTROLLER://127.0.0.1:$controller
controller.listener.names=CONTROLLER
controller.quorum.voters=1@127.0.0.1:$controller
log.dirs=$work/data
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
PROPERTIES
timeout 60 java "${JVM[@]}" -cp "$work/lib/*" kafka.tools.StorageTool format \
  --cluster-id 4L6g3nShT-eMCtK--X86sw --config "$work/broker.properties" > "$work/format.log" 2>&1
timeout -k 10 240 java "${JVM[@]}" -cp "$work/lib/*" kafka.Kafka "$work/broker.properties" > "$work/broker.log" 2>&1 &
pids+=($!)
for _ in $(seq 120); do
  grep -q "Kafka Server started" "$work/broker.log" && break
  sleep 0.5
done

# A plugin of two connectors: one starts, the other does not.
mkdir "$work/source" "$work/plugins" "$work/plugins/example"
cat > "$work/source/Healthy.java" <<'JAVA'
package example;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;

public class Healthy extends SourceConnector {
  @Override public void start(Map<String, String> settings) {}
  @Override public void stop() {}
  @Override public Class<? extends Task> taskClass() { return Ticks.class; }
  @Override public List<Map<String, String>> taskConfigs(int max) { return List.of(Map.of()); }
  @Override public ConfigDef config() { return new ConfigDef(); }
  @Override public String version() { return "1"; }

  public static class Ticks extends SourceTask {
    @Override public void start(Map<String, String> settings) {}
    @Override public void stop() {}
    @Override public String version() { return "1"; }
    @Override public List<SourceRecord> poll() throws InterruptedException {
      Thread.sleep(100);
      System.out.println("The healthy connector's task was polled");
      return List.of(new SourceRecord(Map.of(), Map.of(), "ticks", Schema.STRING_SCHEMA, "tick"));
    }
  }
}
JAVA
cat > "$work/source/Broken.java" <<'JAVA'
package example;

import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;

public class Broken extends Healthy {
  @Override public void start(Map<String, String> settings) {
    throw new ConnectException("This one does not start");
  }
}
JAVA
javac -cp "$work/lib/*" -d "$work/classes" "$work"/source/*.java
jar --create --file "$work/plugins/example/example.jar" -C "$work/classes" .

cat > "$work/worker.properties" <<PROPERTIES
bootstrap.servers=127.0.0.1:$broker
listeners=http://127.0.0.1:0
key.converter=org.apache.kafka.connect.storage.StringConverter
value.converter=org.apache.kafka.connect.storage.StringConverter
offset.storage.file.filename=$work/offsets
plugin.path=$work/plugins
plugin.discovery=only_scan
PROPERTIES
printf '%s\n' name=healthy connector.class=example.Healthy tasks.max=1 > "$work/healthy.properties"
printf '%s\n' name=broken connector.class=example.Broken tasks.max=1 > "$work/broken.properties"

# Runs the worker with some connectors; it is ended after 25 seconds if it has not ended by itself.
worker() {
  local log=$1 code=0
  shift
  timeout 25 java "${JVM[@]}" -cp "$work/lib/*" org.apache.kafka.connect.cli.ConnectStandalone \
    "$work/worker.properties" "$@" > "$work/$log" 2>&1 || code=$?
  echo "$code"
}

echo "software:  org.apache.kafka:connect-runtime $VERSION, ConnectStandalone, a broker of the same version"
echo "guess:     the connector whose start() throws is FAILED, the other one goes on"
echo "behaviour: the worker ends with exit code 3, and with it the healthy connector"
alone=$(worker alone.log "$work/healthy.properties")
both=$(worker both.log "$work/healthy.properties" "$work/broken.properties")
polled=$(grep -c "task was polled" "$work/alone.log" || true)
echo "healthy alone:      exit code $alone (124: it ran until it was ended), polls: $polled"
echo "healthy and broken: exit code $both, polls: $(grep -c "task was polled" "$work/both.log" || true)"
grep -h -m 3 -E "Stopping after connector error|This one does not start|Kafka Connect stopped" "$work/both.log" | cut -c 1-200 || true
if [[ $alone == 124 && $both == 3 && $polled -gt 0 ]]; then
  echo "as stated"
else
  echo "NOT as stated"
  tail -20 "$work/both.log"
  exit 1
fi
