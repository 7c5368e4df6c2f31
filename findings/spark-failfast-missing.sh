#!/usr/bin/env bash
# Spark 4.2.0's from_json in the mode FAILFAST, meant to stop a query at records that do not have the schema that was
# declared: a field that no record has is null, and so is a whole record of another shape.
#
# What it printed on JDK 17.0.15:
#
#   software:  org.apache.spark:spark-sql_2.13 4.2.0
#   guess:     FAILFAST fails at a record in which a declared field is missing, as at one of another type
#   behaviour: it fails at a value of another type only; what is missing, up to all fields of the record, is null
#     declared: seconds INT: {"seconds": 12}: 12
#     of another type: {"seconds": "a"}: fails
#     of another name: {"duration": 12}: null
#     in an envelope: {"schema": {"type": "struct"}, "payload": {"seconds": 12}}: null
#   as stated
set -euo pipefail
SPARK=4.2.0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat > "$work/pom.xml" <<XML
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>findings</groupId><artifactId>findings</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.spark</groupId><artifactId>spark-sql_2.13</artifactId><version>$SPARK</version></dependency>
  </dependencies>
</project>
XML
timeout 500 mvn -q -B -f "$work/pom.xml" \
  org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy-dependencies -DoutputDirectory="$work/lib" \
  > "$work/mvn.log" 2>&1 || { cat "$work/mvn.log"; exit 1; }

cat > "$work/Missing.java" <<'JAVA'
import java.util.List;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;

class Missing {
  static SparkSession spark;

  public static void main(String[] args) {
    spark = SparkSession.builder().master("local[1]").config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1").getOrCreate();
    boolean asStated = read("declared: seconds INT", "{\"seconds\": 12}", "12")
        & read("of another type", "{\"seconds\": \"a\"}", "fails")
        & read("of another name", "{\"duration\": 12}", "null")
        & read("in an envelope", "{\"schema\": {\"type\": \"struct\"}, \"payload\": {\"seconds\": 12}}", "null");
    spark.stop();
    System.exit(asStated ? 0 : 1);
  }

  static boolean read(String name, String json, String expected) {
    String result;
    try {
      result = String.valueOf(spark.createDataset(List.of(json), Encoders.STRING()).toDF("value")
          .selectExpr("from_json(value, 'seconds INT', map('mode', 'FAILFAST')).seconds as seconds")
          .collectAsList().get(0).get(0));
    } catch (Exception e) {
      result = "fails";
    }
    System.out.println("  " + name + ": " + json + ": " + result);
    return result.equals(expected);
  }
}
JAVA

cat > "$work/log4j2.properties" <<'LOG'
rootLogger.level = off
LOG
opens=()
for package in java.lang java.lang.invoke java.lang.reflect java.io java.net java.nio java.util java.util.concurrent sun.nio.ch sun.nio.cs sun.security.action sun.util.calendar; do
  opens+=("--add-opens=java.base/$package=ALL-UNNAMED")
done

echo "software:  org.apache.spark:spark-sql_2.13 $SPARK"
echo "guess:     FAILFAST fails at a record in which a declared field is missing, as at one of another type"
echo "behaviour: it fails at a value of another type only; what is missing, up to all fields of the record, is null"
code=0
timeout 120 java "${opens[@]}" -Xmx1g -Dlog4j2.configurationFile="$work/log4j2.properties" -cp "$work/lib/*" "$work/Missing.java" \
  2> "$work/errors" || code=1
if [[ $code == 0 ]]; then
  echo "as stated"
else
  tail -5 "$work/errors"
  echo "NOT as stated"
fi
exit "$code"
