package io.callrecords.connect.feed;

import io.callrecords.connect.config.FilterOptions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.connect.data.Schema;

/**
 * Describes one kind of record: where the API serves it, how a record becomes a value, and which of
 * its fields the connector uses.
 *
 * @param name name of the feed in source partitions; it never changes
 * @param path path of the query below the base address
 * @param schema schema of the values; a field that it lacks goes to {@code extraField}
 * @param idField field with the record's unique id, which becomes the key
 * @param startField field with the record's start time
 * @param endField field with the record's end time
 * @param extraField field for fields that the schema lacks, name to JSON text
 * @param decimalFields fields whose texts are decimal numbers
 * @param filters the request parameters that express the configured filters
 * @param codedFilters the request parameters by which a query can be cut into smaller ones
 */
public record Feed(
    String name,
    String path,
    Schema schema,
    String idField,
    String startField,
    String endField,
    String extraField,
    Set<String> decimalFields,
    Function<FilterOptions, Map<String, Object>> filters,
    List<CodedFilter> codedFilters) {}
