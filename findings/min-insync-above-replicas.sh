#!/usr/bin/env bash
# A topic with fewer replicas than its min.insync.replicas takes writes with acks=all.
#
# What it printed on JDK 17.0.15 (long lines cut):
#
#   software:  org.apache.kafka:kafka_2.13 4.3.1 and 3.6.2, one node, a topic with one replica and min.insync.replicas=2
#   guess:     a write with acks=all fails with NOT_ENOUGH_REPLICAS
#   behaviour: so it does with 3.6.2; with 4.3.1 it succeeds, with eligible.leader.replicas.version and without
#   3.6.2
#     eligible.leader.replicas.version: none; replicas: 1, in sync: 1; min.insync.replicas=2 (DYNAMIC_TOPIC_CONFIG)
#     acks=all: NotEnoughReplicasException
#   4.3.1
#     eligible.leader.replicas.version: none; replicas: 1, in sync: 1; min.insync.replicas=2 (DYNAMIC_TOPIC_CONFIG)
#     acks=all: written
#   4.3.1
#     eligible.leader.replicas.version: 1; replicas: 1, in sync: 1; min.insync.replicas=2 (DYNAMIC_TOPIC_CONFIG)
#     acks=all: written
#   as stated
set -euo pipefail
NEW=4.3.1
OLD=3.6.2
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

# Puts a Kafka release into a folder.
fetch() {
  mkdir "$work/$1"
  cat > "$work/$1/pom.xml" <<XML
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>findings</groupId><artifactId>findings</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>$1</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
XML
  timeout 300 mvn -q -B -f "$work/$1/pom.xml" \
    org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy-dependencies -DoutputDirectory="$work/$1/lib" \
    > "$work/mvn.log" 2>&1 || { cat "$work/mvn.log"; exit 1; }
}
fetch "$OLD"
fetch "$NEW"
JVM=(-Xmx300m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC "-Djava.io.tmpdir=$work")

cat > "$work/Write.java" <<'JAVA'
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringSerializer;

class Write {
  static final String MIN_ISR = "min.insync.replicas";

  public static void main(String[] args) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", args[0]));
        var producer = new KafkaProducer<>(
            Map.of("bootstrap.servers", args[0], "acks", "all", "retries", 5),
            new StringSerializer(), new StringSerializer())) {
      admin.createTopics(Set.of(new NewTopic("calls", 1, (short) 1).configs(Map.of(MIN_ISR, "2")))).all().get();
      var topic = new ConfigResource(ConfigResource.Type.TOPIC, "calls");
      var entry = admin.describeConfigs(Set.of(topic)).all().get().get(topic).get(MIN_ISR);
      var partition = admin.describeTopics(Set.of("calls")).allTopicNames().get().get("calls").partitions().get(0);
      var feature = admin.describeFeatures().featureMetadata().get().finalizedFeatures().get("eligible.leader.replicas.version");
      System.out.println("  eligible.leader.replicas.version: " + (feature == null ? "none" : feature.maxVersionLevel())
          + "; replicas: " + partition.replicas().size() + ", in sync: " + partition.isr().size()
          + "; " + MIN_ISR + "=" + entry.value() + " (" + entry.source() + ")");
      String result;
      try {
        producer.send(new ProducerRecord<>("calls", "key", "value")).get();
        result = "written";
      } catch (ExecutionException e) {
        result = e.getCause().getClass().getSimpleName();
      }
      System.out.println("  acks=all: " + result);
      System.exit(result.equals(args[1]) && entry.value().equals("2") && partition.replicas().size() == 1 ? 0 : 1);
    }
  }
}
JAVA

# Starts a broker of one node, writes to it, and stops it: release, what is expected, arguments of the format.
write() {
  local broker controller home=$work/$1-${*: -1} id result=0
  broker=$(free_port)
  controller=$(free_port)
  mkdir "$home"
  cat > "$home/broker.properties" <<PROPERTIES
process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://127.0.0.1:$broker,CONTROLLER://127.0.0.1:$controller
controller.listener.names=CONTROLLER
controller.quorum.voters=1@127.0.0.1:$controller
log.dirs=$home/data
PROPERTIES
  timeout 60 java "${JVM[@]}" -cp "$work/$1/lib/*" kafka.tools.StorageTool format --cluster-id 4L6g3nShT-eMCtK--X86sw \
    --config "$home/broker.properties" "${@:3}" > "$home/format.log" 2>&1
  timeout -k 10 240 java "${JVM[@]}" -cp "$work/$1/lib/*" kafka.Kafka "$home/broker.properties" > "$home/broker.log" 2>&1 &
  id=$!
  pids+=("$id")
  for _ in $(seq 120); do
    grep -q "Kafka Server started" "$home/broker.log" && break
    sleep 0.5
  done
  echo "$1"
  timeout 60 java "${JVM[@]}" -Dorg.slf4j.simpleLogger.defaultLogLevel=off -cp "$work/$1/lib/*" \
    "$work/Write.java" "127.0.0.1:$broker" "$2" || result=1
  kill "$id"
  wait "$id" || true
  pids=()
  return "$result"
}

echo "software:  org.apache.kafka:kafka_2.13 $NEW and $OLD, one node, a topic with one replica and min.insync.replicas=2"
echo "guess:     a write with acks=all fails with NOT_ENOUGH_REPLICAS"
echo "behaviour: so it does with $OLD; with $NEW it succeeds, with eligible.leader.replicas.version and without"
code=0
write "$OLD" NotEnoughReplicasException || code=1
write "$NEW" written --feature eligible.leader.replicas.version=0 || code=1
write "$NEW" written --feature eligible.leader.replicas.version=1 || code=1
if [[ $code == 0 ]]; then
  echo "as stated"
else
  echo "NOT as stated"
fi
exit "$code"
