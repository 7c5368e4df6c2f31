#!/usr/bin/env bash
# Apicurio's Avro converter 2.6.8.Final takes one schema of a name for another of that name: two topics
# that a transform has given one schema name, or a schema that gets a field while the task runs.
#
# What it printed on JDK 17.0.15 (long lines cut):
#
#   software:  io.apicurio:apicurio-registry-utils-converter 2.6.8.Final and 2.6.13.Final, org.apache.kafka:connect-tra …
#   guess:     two schemas of one name in one task, or two versions of a schema: the converter knows them both,
#              or raises an error that names the schema
#   behaviour: 2.6.8.Final takes the first schema for the second, and raises a NullPointerException; 2.6.13.Final has t …
#   2.6.8.Final
#     two names: to calls {"id": "x"}
#     two names: to errors {"reason": "x"}
#     SetSchemaMetadata: to calls {"id": "x"}
#     SetSchemaMetadata: java.lang.NullPointerException: Cannot invoke "org.apache.avro.Schema$Field.schema()" because  …
#     HoistField: to calls {"row": {"id": "x"}}
#     HoistField: java.lang.NullPointerException: Cannot invoke "org.apache.avro.Schema$Field.schema()" because "theFie …
#     one field more: to calls {"id": "x"}
#     one field more: java.lang.NullPointerException: Cannot invoke "org.apache.avro.Schema$Field.schema()" because "th …
#   2.6.13.Final
#     two names: to calls {"id": "x"}
#     two names: to errors {"reason": "x"}
#     SetSchemaMetadata: to calls {"id": "x"}
#     SetSchemaMetadata: to errors {"reason": "x"}
#     HoistField: to calls {"row": {"id": "x"}}
#     HoistField: to errors {"row": {"reason": "x"}}
#     one field more: to calls {"id": "x"}
#     one field more: to calls {"id": "x", "note": "x"}
#   as stated
set -euo pipefail
OLD=2.6.8.Final
NEW=2.6.13.Final
KAFKA=3.9.0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Puts the converter with all it depends on into a folder, and the transforms of the Kafka release that it depends on.
fetch() {
  mkdir "$work/$1"
  cat > "$work/$1/pom.xml" <<XML
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>findings</groupId><artifactId>findings</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>io.apicurio</groupId><artifactId>apicurio-registry-utils-converter</artifactId><version>$1</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>connect-transforms</artifactId><version>$KAFKA</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
XML
  timeout 300 mvn -q -B -f "$work/$1/pom.xml" \
    org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy-dependencies -DoutputDirectory="$work/$1/lib" \
    > "$work/mvn.log" 2>&1 || { cat "$work/mvn.log"; exit 1; }
}
fetch "$OLD"
fetch "$NEW"

cat > "$work/Names.java" <<'JAVA'
import io.apicurio.registry.utils.converter.avro.AvroData;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.transforms.HoistField;
import org.apache.kafka.connect.transforms.SetSchemaMetadata;
import org.apache.kafka.connect.transforms.Transformation;

class Names {
  public static void main(String[] args) {
    boolean fails = args[0].equals("fails");
    SourceRecord call = record("calls", schema("example.Call", 1, "id"));
    List<SourceRecord> two = List.of(call, record("errors", schema("example.Error", 1, "reason")));
    List<SourceRecord> versions = List.of(call, record("calls", schema("example.Call", 2, "id", "note")));
    boolean asStated = run("two names", null, Map.of(), two, false)
        & run("SetSchemaMetadata", new SetSchemaMetadata.Value<>(), Map.of("schema.name", "example.Row"), two, fails)
        & run("HoistField", new HoistField.Value<>(), Map.of("field", "row"), two, fails)
        & run("one field more", null, Map.of(), versions, fails);
    System.exit(asStated ? 0 : 1);
  }

  static boolean run(String name, Transformation<SourceRecord> transform, Map<String, String> settings,
      List<SourceRecord> records, boolean fails) {
    if (transform != null) {
      transform.configure(settings);
    }
    // A worker makes one converter for a connector's task: it gets the records of all its topics.
    AvroData converter = new AvroData(100);
    try {
      for (SourceRecord record : records) {
        SourceRecord passed = transform == null ? record : transform.apply(record);
        Object avro = converter.fromConnectData(passed.valueSchema(), passed.value());
        System.out.println("  " + name + ": to " + passed.topic() + " " + avro);
      }
      return !fails;
    } catch (NullPointerException e) {
      System.out.println("  " + name + ": " + e);
      return fails;
    }
  }

  static Schema schema(String name, int version, String... fields) {
    SchemaBuilder builder = SchemaBuilder.struct().name(name).version(version);
    for (String field : fields) {
      builder.field(field, Schema.OPTIONAL_STRING_SCHEMA);
    }
    return builder.build();
  }

  static SourceRecord record(String topic, Schema schema) {
    Struct row = new Struct(schema);
    schema.fields().forEach(field -> row.put(field, "x"));
    return new SourceRecord(Map.of(), Map.of(), topic, schema, row);
  }
}
JAVA

echo "software:  io.apicurio:apicurio-registry-utils-converter $OLD and $NEW, org.apache.kafka:connect-transforms $KAFKA"
echo "guess:     two schemas of one name in one task, or two versions of a schema: the converter knows them both,
           or raises an error that names the schema"
echo "behaviour: $OLD takes the first schema for the second, and raises a NullPointerException; $NEW has them both"
code=0
echo "$OLD"
timeout 60 java -cp "$work/$OLD/lib/*" "$work/Names.java" fails || code=1
echo "$NEW"
timeout 60 java -cp "$work/$NEW/lib/*" "$work/Names.java" passes || code=1
if [[ $code == 0 ]]; then
  echo "as stated"
else
  echo "NOT as stated"
fi
exit "$code"
