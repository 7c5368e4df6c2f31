#!/usr/bin/env bash
# Apicurio's Avro converter 2.6.13.Final with as-confluent=true, made to write records that readers of Confluent's format
# take: it changes no byte while headers.enabled has its default.
#
# What it printed on JDK 17.0.15:
#
#   software:  io.apicurio:apicurio-registry-utils-converter and apicurio-registry-app 2.6.13.Final
#   guess:     as-confluent=true puts a zero and the schema's id, of four bytes, before each record
#   behaviour: it changes no byte: the id stays in headers, until headers.enabled=false is set as well
#     {}: 4 bytes, headers: apicurio.value.globalId apicurio.value.encoding
#     {as-confluent=true}: 4 bytes, headers: apicurio.value.globalId apicurio.value.encoding
#     {as-confluent=true, headers.enabled=false}: 9 bytes, headers: none
#   as stated
set -euo pipefail
APICURIO=2.6.13.Final
KAFKA=4.3.1
work=$(mktemp -d)
registry=
trap '[[ -z $registry ]] || kill "$registry" 2> /dev/null || true; rm -rf "$work"' EXIT

cat > "$work/pom.xml" <<XML
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>findings</groupId><artifactId>findings</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>io.apicurio</groupId><artifactId>apicurio-registry-utils-converter</artifactId><version>$APICURIO</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>connect-api</artifactId><version>$KAFKA</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
XML
timeout 300 mvn -q -B -f "$work/pom.xml" \
  org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy-dependencies -DoutputDirectory="$work/lib" \
  > "$work/mvn.log" 2>&1 || { cat "$work/mvn.log"; exit 1; }
timeout 300 mvn -q -B -f "$work/pom.xml" \
  org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy \
  -Dartifact="io.apicurio:apicurio-registry-app:$APICURIO:tar.gz:all" -DoutputDirectory="$work" \
  > "$work/mvn.log" 2>&1 || { cat "$work/mvn.log"; exit 1; }
mkdir "$work/app"
tar -xzf "$work/apicurio-registry-app-$APICURIO-all.tar.gz" -C "$work/app"

cat > "$work/FreePort.java" <<'JAVA'
class FreePort {
  public static void main(String[] args) throws Exception {
    try (java.net.ServerSocket socket = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      System.out.println(socket.getLocalPort());
    }
  }
}
JAVA
port=$(java "$work/FreePort.java")
mkdir "$work/tmp"
timeout 240 java -Xmx384m -Djava.io.tmpdir="$work/tmp" -Dquarkus.http.host=127.0.0.1 -Dquarkus.http.port="$port" \
  -jar "$(find "$work/app" -name '*-runner.jar')" > "$work/registry.log" 2>&1 &
registry=$!
touch "$work/registry.log"
for _ in $(seq 100); do
  grep -q "Listening on: " "$work/registry.log" && break
  kill -0 "$registry" || { cat "$work/registry.log"; exit 1; }
  sleep 1
done

cat > "$work/Bytes.java" <<'JAVA'
import io.apicurio.registry.utils.converter.AvroConverter;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;

class Bytes {
  public static void main(String[] args) {
    byte[] plain = write(args[0], Map.of());
    byte[] alone = write(args[0], Map.of("as-confluent", "true"));
    byte[] both = write(args[0], Map.of("as-confluent", "true", "headers.enabled", "false"));
    boolean hasId = both.length == plain.length + 5 && both[0] == 0 && ByteBuffer.wrap(both, 1, 4).getInt() > 0;
    System.exit(java.util.Arrays.equals(plain, alone) && hasId ? 0 : 1);
  }

  static byte[] write(String registry, Map<String, String> settings) {
    Map<String, Object> all = new HashMap<>();
    all.put("apicurio.registry.url", registry);
    all.put("apicurio.registry.auto-register", "true");
    settings.forEach((name, value) -> all.put("apicurio.registry." + name, value));
    AvroConverter<Object> converter = new AvroConverter<>();
    converter.configure(all, false);
    Schema schema = SchemaBuilder.struct().name("example.Row").field("text", Schema.STRING_SCHEMA).build();
    RecordHeaders headers = new RecordHeaders();
    byte[] bytes = converter.fromConnectData("rows", headers, schema, new Struct(schema).put("text", "abc"));
    StringBuilder names = new StringBuilder();
    headers.forEach(header -> names.append(' ').append(header.key()));
    System.out.println("  " + new java.util.TreeMap<>(settings) + ": " + bytes.length + " bytes, headers:" + (names.isEmpty() ? " none" : names));
    return bytes;
  }
}
JAVA

echo "software:  io.apicurio:apicurio-registry-utils-converter and apicurio-registry-app $APICURIO"
echo "guess:     as-confluent=true puts a zero and the schema's id, of four bytes, before each record"
echo "behaviour: it changes no byte: the id stays in headers, until headers.enabled=false is set as well"
code=0
timeout 120 java -cp "$work/lib/*" "$work/Bytes.java" "http://127.0.0.1:$port/apis/registry/v2" || code=1
if [[ $code == 0 ]]; then
  echo "as stated"
else
  echo "NOT as stated"
fi
exit "$code"
