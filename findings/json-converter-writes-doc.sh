#!/usr/bin/env bash
# JsonConverter writes the documentation of a schema's fields into every record.
#
# What it printed on JDK 17.0.15 (long lines cut):
#
#   software:  org.apache.kafka:connect-json 4.3.1, schemas.enable=true
#   guess:     a schema's docs are for people: they are dropped, or written once
#   behaviour: the doc of every field is written into every record
#   second record without docs: 1409 bytes; starts {"schema":{"type":"struct","fields":[{"type":"string","optional":fal …
#   second record with docs: 3249 bytes; starts {"schema":{"type":"struct","fields":[{"type":"string","optional":false, …
#   more with docs: 1840 bytes a record, of which text of docs 1660
#   as stated
set -euo pipefail
VERSION=4.3.1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat > "$work/pom.xml" <<XML
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>findings</groupId><artifactId>findings</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>connect-json</artifactId><version>$VERSION</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
XML
timeout 300 mvn -q -B -f "$work/pom.xml" \
  org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy-dependencies -DoutputDirectory="$work/lib" \
  > "$work/mvn.log" 2>&1 || { cat "$work/mvn.log"; exit 1; }

cat > "$work/Docs.java" <<'JAVA'
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.json.JsonConverter;

class Docs {
  static final String DOC = "A sentence of documentation, such as a good schema has for every one of its fields.";
  static final int FIELDS = 20;

  public static void main(String[] args) {
    int plain = size("without docs", false);
    int documented = size("with docs", true);
    int docs = FIELDS * DOC.length();
    System.out.println("more with docs: " + (documented - plain) + " bytes a record, of which text of docs " + docs);
    System.exit(documented - plain >= docs ? 0 : 1);
  }

  static int size(String name, boolean docs) {
    SchemaBuilder builder = SchemaBuilder.struct().name("example.Row");
    for (int i = 0; i < FIELDS; i++) {
      SchemaBuilder field = SchemaBuilder.string();
      builder.field("field" + i, docs ? field.doc(DOC).build() : field.build());
    }
    Schema schema = builder.build();
    Struct row = new Struct(schema);
    schema.fields().forEach(field -> row.put(field, "x"));
    try (JsonConverter converter = new JsonConverter()) {
      converter.configure(Map.of("schemas.enable", "true"), false);
      converter.fromConnectData("topic", schema, row);
      byte[] second = converter.fromConnectData("topic", schema, row);
      String text = new String(second, StandardCharsets.UTF_8);
      System.out.println("second record " + name + ": " + second.length + " bytes; starts " + text.substring(0, 150) + " …");
      return second.length;
    }
  }
}
JAVA

echo "software:  org.apache.kafka:connect-json $VERSION, schemas.enable=true"
echo "guess:     a schema's docs are for people: they are dropped, or written once"
echo "behaviour: the doc of every field is written into every record"
if timeout 60 java -cp "$work/lib/*" "$work/Docs.java"; then
  echo "as stated"
else
  echo "NOT as stated"
  exit 1
fi
