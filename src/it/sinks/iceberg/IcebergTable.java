import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.catalog.ViewCatalog;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.view.SQLViewRepresentation;
import org.apache.iceberg.view.View;

/**
 * Reads a table with Iceberg's own API, apart from whoever has written it, and writes all that it
 * finds into a file, as JSON: columns, partitions, snapshots and rows. With the sink's jars on its
 * class path, Java runs it from this source.
 */
final class IcebergTable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private IcebergTable() {}

  /**
   * Reads a table, or makes a view and reads it back.
   *
   * @param args a file of the catalog's properties, the name of the table and the file to write;
   *     for a view also its name, and a file of its SQL for each dialect: {@code spark=view.sql}
   */
  public static void main(String[] args) throws IOException {
    Map<String, String> properties = properties(Path.of(args[0]));
    Catalog catalog =
        CatalogUtil.buildIcebergCatalog(
            properties.remove("catalog"), properties, new Configuration());
    TableIdentifier name = TableIdentifier.parse(args[1]);
    ObjectNode found = JSON.createObjectNode();
    if (args.length > 3) {
      found.set(
          "view",
          view(
              (ViewCatalog) catalog,
              TableIdentifier.parse(args[3]),
              catalog.loadTable(name),
              List.of(args).subList(4, args.length)));
    } else if (catalog.tableExists(name)) {
      describe(catalog.loadTable(name), found);
    }
    JSON.writeValue(Path.of(args[2]).toFile(), found);
  }

  private static Map<String, String> properties(Path file) throws IOException {
    Properties read = new Properties();
    try (InputStream in = Files.newInputStream(file)) {
      read.load(in);
    }
    Map<String, String> properties = new HashMap<>();
    read.stringPropertyNames().forEach(key -> properties.put(key, read.getProperty(key)));
    return properties;
  }

  private static void describe(Table table, ObjectNode found) throws IOException {
    ArrayNode columns = found.putArray("columns");
    for (Types.NestedField field : table.schema().columns()) {
      columns
          .addObject()
          .put("name", field.name())
          .put("type", field.type().toString())
          .put("required", field.isRequired());
    }
    found.put("partitions", table.spec().toString());
    ArrayNode snapshots = found.putArray("snapshots");
    for (Snapshot snapshot : table.snapshots()) {
      snapshots
          .addObject()
          .put("operation", snapshot.operation())
          .set("summary", JSON.valueToTree(snapshot.summary()));
    }
    ArrayNode rows = found.putArray("rows");
    try (CloseableIterable<Record> records = IcebergGenerics.read(table).build()) {
      for (Record record : records) {
        ObjectNode row = rows.addObject();
        for (Types.NestedField field : record.struct().fields()) {
          row.set(field.name(), JSON.valueToTree(plain(record.getField(field.name()))));
        }
      }
    }
  }

  /** A value as JSON has it: a time, which has a zone, in UTC. */
  private static Object plain(Object value) {
    if (value instanceof OffsetDateTime time) {
      return time.toInstant().toString();
    }
    if (value instanceof Record record) {
      Map<String, Object> fields = new HashMap<>();
      record
          .struct()
          .fields()
          .forEach(field -> fields.put(field.name(), plain(record.getField(field.name()))));
      return fields;
    }
    return value;
  }

  /** A view of all columns, and {@code nth}: which of a call's versions a row is. */
  private static ObjectNode view(
      ViewCatalog catalog, TableIdentifier name, Table table, List<String> dialects)
      throws IOException {
    List<Types.NestedField> columns = new ArrayList<>(table.schema().columns());
    columns.add(
        Types.NestedField.optional(
            table.schema().highestFieldId() + 1, "nth", Types.LongType.get()));
    var builder =
        catalog
            .buildView(name)
            .withSchema(new Schema(columns))
            .withDefaultNamespace(Namespace.of(name.namespace().levels()));
    for (String dialect : dialects) {
      String[] parts = dialect.split("=", 2);
      builder = builder.withQuery(parts[0], Files.readString(Path.of(parts[1])));
    }
    builder.createOrReplace();
    View view = catalog.loadView(name);
    ObjectNode found = JSON.createObjectNode();
    view.currentVersion().representations().stream()
        .map(SQLViewRepresentation.class::cast)
        .forEach(representation -> found.put(representation.dialect(), representation.sql()));
    return found;
  }
}
