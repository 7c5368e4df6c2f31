package io.callrecords.connect.process;

import io.callrecords.connect.process.BackendVariant.LabelQuery;
import io.callrecords.connect.process.BackendVariant.SqlOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the command {@code check} should say of a variant, by how the backend is written. */
final class BackendFacts {
  private final Map<String, KnownFact> facts = new LinkedHashMap<>();

  /**
   * What is known of the backend.
   *
   * @param does what it does, for people
   * @param values what may be said of it; null where nothing can tell
   */
  record KnownFact(String does, @Nullable Pattern values) {
    /** Whether a check may say so. */
    boolean allows(String value) {
      return values != null && values.matcher(value).matches();
    }
  }

  private BackendFacts() {}

  /** The facts by the names that they have in a report. */
  static Map<String, KnownFact> of(BackendVariant variant) {
    BackendFacts facts = new BackendFacts();
    facts.ranges();
    facts.order(variant.order());
    facts.pages(variant);
    facts.forms();
    return facts.facts;
  }

  /** The same behind a limit that refuses what is too much. */
  static Map<String, KnownFact> of(BackendVariant variant, String refusal) {
    Map<String, KnownFact> facts = of(variant);
    facts.put("rate.limit", new KnownFact(refusal, Pattern.compile(refusal)));
    return facts;
  }

  private void is(String name, String value) {
    is(name, value, Pattern.quote(value));
  }

  private void is(String name, String does, @Nullable String values) {
    facts.put(name, new KnownFact(does, values == null ? null : Pattern.compile(values)));
  }

  private void ranges() {
    is("range.use", "honoured");
    is("time.filtered", "call-start");
    is("time.zone", "+08:00");
    is("time.offset", "honoured");
    is("range.bounds", "[]");
    is("range.widest", "31 days, status -25");
    is("range.oldest", "62 days, status -25");
  }

  private void order(SqlOrder order) {
    switch (order) {
      case TIME -> {
        is("rows.order", "newest-first");
        is("rows.ties", "no order within a second", "by-page");
      }
      case TIME_AND_ID -> {
        is("rows.order", "newest-first");
        is("rows.ties", "stable");
      }
      case NONE ->
          // As the server likes: by the index, or as they lie in the table.
          is("rows.order", "no order by", "none|oldest-first");
    }
  }

  private void pages(BackendVariant variant) {
    boolean isJoined = variant.labels() != LabelQuery.NESTED;
    is("paging.rows", isJoined ? "joined" : "calls");
    is("total.counts", variant.labels() == LabelQuery.JOIN_COUNTED ? "joined-rows" : "calls");
    // The application lets nobody ask for more.
    is("paging.cap", "none");
    if (variant.overflow()) {
      is("paging.past-end", "first-page");
    } else if (variant.labels() == LabelQuery.JOIN) {
      is("paging.past-end", "nothing-past-announced");
    } else {
      is("paging.past-end", "empty");
    }
    is("rows.twice", "none");
    is("rows.malformed", "none");
    is("answer.empty", "records empty");
  }

  private void forms() {
    is("status.form", "text");
    is("paging.other-keys", "none");
    is("field.other", "none");
    is("field.missing", "agentAccount, baseCost, cost");
    is("field.nulls", "null");
    is("field.times", "dddd-dd-dd dd:dd:dd");
    is("field.numbers", "whole");
    is("field.texts", "none");
    is("clock.offset", "0");
    is("timestamp.validity", "300 s", "290 to 310 s ago, 290 to 310 s ahead");
    is("rate.limit", "no limit", null);
  }
}
