package io.callrecords.connect.feed;

import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * Estimates how much of the heap a row takes, in bytes: rather too much than too little. What a row
 * is made of decides, not how long its JSON is: a list of short texts takes ten times its JSON.
 */
public final class RowWeight {
  /** A row, its id, and its value with the places of all fields. */
  static final int ROW = 480;

  /** A value that has one size. */
  static final int VALUE = 24;

  /** A text and its array, without the characters. */
  private static final int TEXT = 48;

  /** An entry of a map. */
  private static final int ENTRY = 48;

  /** The place of an item in a list that has grown. */
  private static final int ITEM = 8;

  private RowWeight() {}

  /** The weight of rows together. */
  public static long sum(List<Row> rows) {
    long sum = 0;
    for (Row row : rows) {
      sum += row.weight();
    }
    return sum;
  }

  /** The average weight of rows; 0 where there are none. */
  public static long average(List<Row> rows) {
    return rows.isEmpty() ? 0 : sum(rows) / rows.size();
  }

  /** The weight of a record with that value. */
  static long ofRecord(Struct value) {
    long weight = ROW;
    for (Field field : value.schema().fields()) {
      weight += value.get(field) == null ? 0 : of(value, field);
    }
    return weight;
  }

  private static long of(Struct value, Field field) {
    return switch (field.schema().type()) {
      case STRING -> ofText(value.getString(field.name()));
      case ARRAY -> ofTexts(value.<String>getArray(field.name()));
      case MAP -> ofTexts(value.<String, String>getMap(field.name()));
      default -> VALUE;
    };
  }

  // Each value of each record is weighed: to ask for its type would take a third of the parsing.

  /** The weight of a text; 0 where there is none. */
  static long ofText(@Nullable String text) {
    // Any character may take two bytes.
    return text == null ? 0 : TEXT + 2L * text.length();
  }

  /** The weight of texts in a list. */
  static long ofTexts(List<String> texts) {
    long weight = VALUE;
    for (String text : texts) {
      weight += ITEM + ofText(text);
    }
    return weight;
  }

  /** The weight of texts by name. */
  static long ofTexts(Map<String, String> texts) {
    long weight = VALUE;
    for (Map.Entry<String, String> entry : texts.entrySet()) {
      weight += ENTRY + ofText(entry.getKey()) + ofText(entry.getValue());
    }
    return weight;
  }

  /** The weight of numbers in a list. */
  static long ofNumbers(List<Integer> numbers) {
    return VALUE + (long) (ITEM + VALUE) * numbers.size();
  }
}
