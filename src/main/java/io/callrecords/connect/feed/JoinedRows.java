package io.callrecords.connect.feed;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/**
 * What a backend does to records whose lists come from a join: it may count and page the joined
 * rows, of which there is one for each element of a list, and so split a record between two pages.
 */
public final class JoinedRows {
  private JoinedRows() {}

  /** What two rows of one id differ in. */
  private enum Difference {
    /** In nothing but signatures of addresses. */
    SAME,
    /** In the elements of their lists only, as the parts do that a join has split. */
    OTHER_LISTS,
    /** In more. */
    OTHER
  }

  /** How many joined rows a row is made of: as many as its lists have elements, one at least. */
  public static long count(Row row) {
    if (!(row instanceof FeedRecord record)) {
      return 1;
    }
    long count = 1;
    for (Field field : record.value().schema().fields()) {
      if (isList(field) && record.value().get(field) instanceof List<?> list && !list.isEmpty()) {
        count *= list.size();
      }
    }
    for (List<Integer> list : record.excludedLists().values()) {
      count *= Math.max(1, list.size());
    }
    return count;
  }

  /** How many joined rows some rows are made of together. */
  public static long count(Collection<? extends Row> rows) {
    return rows.stream().mapToLong(JoinedRows::count).sum();
  }

  /**
   * Whether a row has nothing that a whole one of its id lacks: it is the same, or a part of it.
   * Signatures of addresses do not count, since the API may sign them anew in each response.
   */
  public static boolean isPartOf(Row whole, Row row) {
    if (whole instanceof FeedRecord a && row instanceof FeedRecord b && a.time() == b.time()) {
      return switch (compare(a, b)) {
        case SAME -> true;
        case OTHER_LISTS -> union(whole, row).filter(whole::equals).isPresent();
        case OTHER -> false;
      };
    }
    boolean areMalformed = whole instanceof MalformedRecord && row instanceof MalformedRecord;
    return whole.equals(row) || (areMalformed && whole.id().equals(row.id()));
  }

  /**
   * Puts two rows of one id together that a join has split: they have other elements in their
   * lists, and are alike in all else.
   *
   * @return the record with all elements, in the order in which they came; empty when the rows are
   *     the same, or differ in more than their lists
   */
  public static Optional<Row> union(Row first, Row second) {
    if (first instanceof FeedRecord a
        && second instanceof FeedRecord b
        && a.time() == b.time()
        && compare(a, b) == Difference.OTHER_LISTS) {
      return Optional.of(
          new FeedRecord(
              a.id(),
              a.time(),
              union(a.value(), b.value()),
              union(a.excludedLists(), b.excludedLists())));
    }
    return Optional.empty();
  }

  private static Difference compare(FeedRecord first, FeedRecord second) {
    Struct a = first.value();
    Struct b = second.value();
    boolean haveSameLists = first.excludedLists().equals(second.excludedLists());
    for (Field field : a.schema().fields()) {
      if (!Fingerprint.areSame(a.get(field), b.get(field))) {
        if (!isList(field)) {
          return Difference.OTHER;
        }
        haveSameLists = false;
      }
    }
    return haveSameLists ? Difference.SAME : Difference.OTHER_LISTS;
  }

  private static Struct union(Struct a, Struct b) {
    Struct all = new Struct(a.schema());
    for (Field field : a.schema().fields()) {
      Object value = a.get(field);
      if (isList(field)) {
        Set<Object> elements = new LinkedHashSet<>();
        addAll(elements, value);
        addAll(elements, b.get(field));
        value = value == null && elements.isEmpty() ? null : new ArrayList<>(elements);
      }
      all.put(field, value);
    }
    return all;
  }

  private static Map<String, List<Integer>> union(
      Map<String, List<Integer>> a, Map<String, List<Integer>> b) {
    if (a.equals(b)) {
      return a;
    }
    Map<String, List<Integer>> all = new HashMap<>(a);
    b.forEach(
        (name, hashes) ->
            all.merge(
                name,
                hashes,
                (some, others) ->
                    Stream.concat(some.stream(), others.stream()).distinct().toList()));
    return Map.copyOf(all);
  }

  private static void addAll(Set<Object> elements, Object list) {
    if (list instanceof List<?> some) {
      elements.addAll(some);
    }
  }

  private static boolean isList(Field field) {
    return field.schema().type() == Schema.Type.ARRAY;
  }
}
