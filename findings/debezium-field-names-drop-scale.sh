#!/usr/bin/env bash
# Debezium's FieldNameTransformation 3.3.1.Final, made to rename the columns of a JDBC sink, drops the parameters of
# each field's schema: a Decimal has no scale any more.
#
# What it printed on JDK 17.0.15:
#
#   software:  io.debezium:debezium-connector-jdbc 3.3.1.Final, org.apache.kafka:connect-transforms 4.1.0
#   guess:     a transform that renames fields changes their names
#   behaviour: FieldNameTransformation drops the parameters of each field's schema as well, and with them the scale of a
#              Decimal, of which a sink makes the column; Kafka's ReplaceField keeps them
#     FieldNameTransformation: total_cost, org.apache.kafka.connect.data.Decimal, parameters null, value 0.01200000
#     ReplaceField.Value: total_cost, org.apache.kafka.connect.data.Decimal, parameters {scale=8}, value 0.01200000
#   as stated
set -euo pipefail
DEBEZIUM=3.3.1.Final
KAFKA=4.1.0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat > "$work/pom.xml" <<XML
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>findings</groupId><artifactId>findings</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>io.debezium</groupId><artifactId>debezium-connector-jdbc</artifactId><version>$DEBEZIUM</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>connect-transforms</artifactId><version>$KAFKA</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
XML
timeout 300 mvn -q -B -f "$work/pom.xml" \
  org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy-dependencies -DoutputDirectory="$work/lib" \
  > "$work/mvn.log" 2>&1 || { cat "$work/mvn.log"; exit 1; }

cat > "$work/Renamed.java" <<'JAVA'
import io.debezium.connector.jdbc.transforms.FieldNameTransformation;
import java.math.BigDecimal;
import java.util.Map;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.transforms.ReplaceField;
import org.apache.kafka.connect.transforms.Transformation;

class Renamed {
  public static void main(String[] args) {
    Map<?, ?> debezium = parameters(new FieldNameTransformation<>(), Map.of("column.naming.style", "snake_case"));
    Map<?, ?> kafka = parameters(new ReplaceField.Value<>(), Map.of("renames", "totalCost:total_cost"));
    System.exit(debezium == null && Map.of("scale", "8").equals(kafka) ? 0 : 1);
  }

  static Map<?, ?> parameters(Transformation<SinkRecord> transform, Map<String, String> settings) {
    Schema schema = SchemaBuilder.struct().name("example.Row").field("totalCost", Decimal.schema(8)).build();
    Struct row = new Struct(schema).put("totalCost", new BigDecimal("0.01200000"));
    transform.configure(settings);
    Struct renamed =
        (Struct) transform.apply(new SinkRecord("rows", 0, null, null, schema, row, 0)).value();
    Field field = renamed.schema().fields().get(0);
    System.out.println(
        "  " + transform.getClass().getName().replaceAll(".*\\.", "").replace('$', '.') + ": " + field.name() + ", " + field.schema().name()
            + ", parameters " + field.schema().parameters() + ", value " + renamed.get(field));
    return field.schema().parameters();
  }
}
JAVA

echo "software:  io.debezium:debezium-connector-jdbc $DEBEZIUM, org.apache.kafka:connect-transforms $KAFKA"
echo "guess:     a transform that renames fields changes their names"
echo "behaviour: FieldNameTransformation drops the parameters of each field's schema as well, and with them the scale of a"
echo "           Decimal, of which a sink makes the column; Kafka's ReplaceField keeps them"
code=0
timeout 60 java -cp "$work/lib/*" "$work/Renamed.java" || code=1
if [[ $code == 0 ]]; then
  echo "as stated"
else
  echo "NOT as stated"
fi
exit "$code"
