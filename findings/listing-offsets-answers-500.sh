#!/usr/bin/env bash
# While offsets of a connector appear or disappear, Connect's REST interface answers who lists them by 500.
#
# What it printed on JDK 17.0.15:
#
#   software:  org.apache.kafka:connect-runtime 4.3.1, ConnectDistributed, one worker, a broker of the same version
#   guess:     offsets of a connector that are listed while some are stored or forgotten are the old or the new ones
#   behaviour: now and then GET of the offsets is answered by 500, and the worker's log has a ConcurrentModificationException
#   GET was answered: {"error_code":500,"message":"Failed to retrieve offsets for source connector idle"}
#   GET 200: 75 times
#   GET 500: 1 times
#   PATCH 200: 50 times
#   as stated
set -euo pipefail
VERSION=4.3.1
work=$(mktemp -d)
pids=()
cleanup() {
  # The worker first, which needs the broker to stop.
  for ((i = ${#pids[@]} - 1; i >= 0; i--)); do
    kill "${pids[i]}" 2>> "$work/kill.log" || true
    wait "${pids[i]}" || true
  done
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

# A plugin of one connector, which does nothing.
mkdir "$work/source" "$work/plugins" "$work/plugins/example"
cat > "$work/source/Idle.java" <<'JAVA'
package example;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;

public class Idle extends SourceConnector {
  @Override public void start(Map<String, String> settings) {}
  @Override public void stop() {}
  @Override public Class<? extends Task> taskClass() { return IdleTask.class; }
  @Override public List<Map<String, String>> taskConfigs(int max) { return List.of(Map.of()); }
  @Override public ConfigDef config() { return new ConfigDef(); }
  @Override public String version() { return "1"; }

  public static class IdleTask extends SourceTask {
    @Override public void start(Map<String, String> settings) {}
    @Override public void stop() {}
    @Override public String version() { return "1"; }
    @Override public List<SourceRecord> poll() throws InterruptedException {
      Thread.sleep(100);
      return null;
    }
  }
}
JAVA
# Lists the offsets of a stopped connector as fast as it can, while further ones are stored and forgotten.
cat > "$work/source/Listing.java" <<'JAVA'
package example;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

public class Listing {
  private static final int PARTITIONS = 1000;
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Map<String, Integer> ANSWERS = new ConcurrentSkipListMap<>();

  public static void main(String[] args) throws Exception {
    String connectors = args[0] + "/connectors";
    send("POST", connectors,
        "{\"name\": \"idle\", \"initial_state\": \"STOPPED\","
            + " \"config\": {\"connector.class\": \"example.Idle\", \"tasks.max\": \"1\"}}");
    String offsets = connectors + "/idle/offsets";
    long end = System.nanoTime() + 60_000_000_000L;
    while (send("GET", offsets, null).statusCode() != 200
        || send("PATCH", offsets, patch(0, "{\"at\": 0}")).statusCode() != 200) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("The connector does not stop");
      }
      Thread.sleep(200);
    }
    boolean[] done = {false};
    Thread listing = new Thread(() -> {
      while (!done[0]) {
        try {
          note("GET", send("GET", offsets, null));
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
      }
    });
    listing.start();
    for (int round = 1; round < 200 && System.nanoTime() < end && !ANSWERS.containsKey("GET 500"); round++) {
      note("PATCH", send("PATCH", offsets, patch(round, "{\"at\": 1}")));
      note("PATCH", send("PATCH", offsets, patch(round, "null")));
    }
    done[0] = true;
    listing.join();
    ANSWERS.forEach((answer, count) -> System.out.println(answer + ": " + count + " times"));
  }

  private static String patch(int round, String offset) {
    return IntStream.range(0, PARTITIONS)
        .mapToObj(i -> "{\"partition\": {\"part\": \"" + round + "-" + i + "\"}, \"offset\": " + offset + "}")
        .collect(Collectors.joining(", ", "{\"offsets\": [", "]}"));
  }

  private static void note(String what, HttpResponse<String> answer) {
    if (ANSWERS.merge(what + " " + answer.statusCode(), 1, Integer::sum) == 1 && answer.statusCode() >= 400) {
      System.out.println(what + " was answered: " + answer.body());
    }
  }

  private static HttpResponse<String> send(String method, String address, String body) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create(address))
            .header("Content-Type", "application/json")
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }
}
JAVA
javac -cp "$work/lib/*" -d "$work/classes" "$work"/source/*.java
jar --create --file "$work/plugins/example/example.jar" -C "$work/classes" example/Idle.class -C "$work/classes" 'example/Idle$IdleTask.class'

rest=$(free_port)
cat > "$work/worker.properties" <<PROPERTIES
bootstrap.servers=127.0.0.1:$broker
listeners=http://127.0.0.1:$rest
group.id=listing
config.storage.topic=listing-config
offset.storage.topic=listing-offsets
status.storage.topic=listing-status
config.storage.replication.factor=1
offset.storage.replication.factor=1
status.storage.replication.factor=1
offset.storage.partitions=1
status.storage.partitions=1
key.converter=org.apache.kafka.connect.storage.StringConverter
value.converter=org.apache.kafka.connect.storage.StringConverter
plugin.path=$work/plugins
plugin.discovery=only_scan
PROPERTIES
timeout -k 10 180 java "${JVM[@]}" -cp "$work/lib/*" org.apache.kafka.connect.cli.ConnectDistributed \
  "$work/worker.properties" > "$work/worker.log" 2>&1 &
pids+=($!)
for _ in $(seq 240); do
  grep -q "Finished starting connectors and tasks" "$work/worker.log" && break
  sleep 0.5
done

echo "software:  org.apache.kafka:connect-runtime $VERSION, ConnectDistributed, one worker, a broker of the same version"
echo "guess:     offsets of a connector that are listed while some are stored or forgotten are the old or the new ones"
echo "behaviour: now and then GET of the offsets is answered by 500, and the worker's log has a ConcurrentModificationException"
timeout 120 java "${JVM[@]}" -cp "$work/classes" example.Listing "http://127.0.0.1:$rest" > "$work/asked.log" 2>&1 || true
cat "$work/asked.log"
if grep -q '^GET 500: ' "$work/asked.log" && grep -q '^GET was answered: .*Failed to retrieve offsets' "$work/asked.log" \
  && grep -q 'ConcurrentModificationException' "$work/worker.log" && ! grep -q '^PATCH [45]' "$work/asked.log"; then
  echo "as stated"
else
  echo "NOT as stated"
  tail -20 "$work/worker.log"
  exit 1
fi
