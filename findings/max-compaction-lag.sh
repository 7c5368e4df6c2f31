#!/usr/bin/env bash
# max.compaction.lag.ms takes effect only with a further record in the partition.
#
# What it printed on JDK 17.0.15 (long lines cut):
#
#   software:  org.apache.kafka:kafka_2.13 4.3.1, a topic with cleanup.policy=compact and max.compaction.lag.ms=2000;
#              the log cleaner looks twice a second
#   guess:     soon after the lag only the tombstone is there
#   behaviour: the old value stays until a further record arrives in that partition
#   20 s after the tombstone, ten times the lag: [one=old value, one=null]
#   0 s after a further record: [one=null, another=value]
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
log.cleaner.backoff.ms=500
log.cleaner.dedupe.buffer.size=4194304
PROPERTIES
timeout 60 java "${JVM[@]}" -cp "$work/lib/*" kafka.tools.StorageTool format \
  --cluster-id 4L6g3nShT-eMCtK--X86sw --config "$work/broker.properties" > "$work/format.log" 2>&1
timeout -k 10 240 java "${JVM[@]}" -cp "$work/lib/*" kafka.Kafka "$work/broker.properties" > "$work/broker.log" 2>&1 &
pids+=($!)
for _ in $(seq 120); do
  grep -q "Kafka Server started" "$work/broker.log" && break
  sleep 0.5
done

cat > "$work/Lag.java" <<'JAVA'
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

class Lag {
  static final TopicPartition PARTITION = new TopicPartition("calls", 0);
  static final int LAG_SECONDS = 2;

  public static void main(String[] args) throws Exception {
    Map<String, Object> broker = Map.of("bootstrap.servers", args[0]);
    try (Admin admin = Admin.create(broker);
        var producer = new KafkaProducer<>(broker, new StringSerializer(), new StringSerializer());
        var consumer = new KafkaConsumer<>(broker, new StringDeserializer(), new StringDeserializer())) {
      admin.createTopics(Set.of(new NewTopic("calls", 1, (short) 1).configs(Map.of(
          "cleanup.policy", "compact",
          "min.cleanable.dirty.ratio", "0.01",
          "max.compaction.lag.ms", Integer.toString(LAG_SECONDS * 1000))))).all().get();
      producer.send(new ProducerRecord<>("calls", "one", "old value")).get();
      producer.send(new ProducerRecord<>("calls", "one", null)).get();

      Thread.sleep(10 * LAG_SECONDS * 1000);
      List<String> before = read(consumer);
      System.out.println(10 * LAG_SECONDS + " s after the tombstone, ten times the lag: " + before);

      producer.send(new ProducerRecord<>("calls", "another", "value")).get();
      long start = System.nanoTime();
      List<String> after = read(consumer);
      while (after.contains("one=old value") && System.nanoTime() - start < 60_000_000_000L) {
        Thread.sleep(500);
        after = read(consumer);
      }
      System.out.println((System.nanoTime() - start) / 1_000_000_000L + " s after a further record: " + after);
      boolean asStated = before.equals(List.of("one=old value", "one=null")) && !after.contains("one=old value");
      System.exit(asStated ? 0 : 1);
    }
  }

  static List<String> read(KafkaConsumer<String, String> consumer) {
    List<String> records = new java.util.ArrayList<>();
    consumer.assign(Set.of(PARTITION));
    consumer.seekToBeginning(Set.of(PARTITION));
    long end = consumer.endOffsets(Set.of(PARTITION)).get(PARTITION);
    while (consumer.position(PARTITION) < end) {
      consumer.poll(Duration.ofMillis(200)).forEach(record -> records.add(record.key() + "=" + record.value()));
    }
    return records;
  }
}
JAVA

echo "software:  org.apache.kafka:kafka_2.13 $VERSION, a topic with cleanup.policy=compact and max.compaction.lag.ms=2000;"
echo "           the log cleaner looks twice a second"
echo "guess:     soon after the lag only the tombstone is there"
echo "behaviour: the old value stays until a further record arrives in that partition"
if timeout 120 java "${JVM[@]}" -Dorg.slf4j.simpleLogger.defaultLogLevel=error -cp "$work/lib/*" \
  "$work/Lag.java" "127.0.0.1:$broker"; then
  echo "as stated"
else
  echo "NOT as stated"
  exit 1
fi
