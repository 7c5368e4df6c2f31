package io.callrecords.cli.check;

import io.callrecords.simulator.Bounds;
import io.callrecords.simulator.EmptyResult;
import io.callrecords.simulator.FilteredTime;
import io.callrecords.simulator.NullStyle;
import io.callrecords.simulator.NumberForm;
import io.callrecords.simulator.Order;
import io.callrecords.simulator.OutOfRange;
import io.callrecords.simulator.PageRows;
import io.callrecords.simulator.Pagination;
import io.callrecords.simulator.PastEnd;
import io.callrecords.simulator.Quirks;
import io.callrecords.simulator.RangeUse;
import io.callrecords.simulator.RateLimit;
import io.callrecords.simulator.Ties;
import io.callrecords.simulator.TotalCount;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a check should say of an account with these quirks. */
final class QuirkFacts {
  private final Quirks quirks;
  private final Map<String, ExpectedFact> expected = new LinkedHashMap<>();

  /**
   * What one fact should be.
   *
   * @param quirk the quirk's own name for it
   * @param value the values that are right; null where nothing can tell
   */
  record ExpectedFact(String quirk, @Nullable Pattern value) {}

  private QuirkFacts(Quirks quirks) {
    this.quirks = quirks;
  }

  /** The facts by name. */
  static Map<String, ExpectedFact> of(Quirks quirks) {
    QuirkFacts facts = new QuirkFacts(quirks);
    facts.times();
    facts.pages();
    facts.limits();
    facts.forms();
    return facts.expected;
  }

  private void add(String fact, String quirk, @Nullable String... values) {
    String any =
        values.length == 0
            ? Pattern.quote(quirk)
            : values[0] == null ? null : String.join("|", values);
    expected.put(fact, new ExpectedFact(quirk, any == null ? null : Pattern.compile(any)));
  }

  private void unknown(String fact, String quirk) {
    expected.put(fact, new ExpectedFact(quirk, null));
  }

  private boolean isHonoured() {
    return quirks.rangeUse() == RangeUse.HONOURED || isDropped();
  }

  private boolean isDropped() {
    return quirks.rangeUse() == RangeUse.OFFSET_DROPPED;
  }

  private void times() {
    RangeUse use = quirks.rangeUse();
    add("range.use", isDropped() ? "honoured" : name(use));
    if (!isHonoured()) {
      String reason = "any, and ranges that are not honoured";
      for (String fact :
          new String[] {
            "time.filtered",
            "time.zone",
            "time.offset",
            "range.bounds",
            "rows.ties",
            "total.counts",
            "paging.rows",
            "paging.past-end"
          }) {
        unknown(fact, reason);
      }
      return;
    }
    boolean isCreation = quirks.filteredTime() == FilteredTime.CREATION;
    add("time.filtered", isCreation ? "other" : name(quirks.filteredTime()));
    add("time.offset", isDropped() ? "dropped" : "honoured");
    ZoneOffset zone = (ZoneOffset) quirks.zone();
    String id = zone.equals(ZoneOffset.UTC) ? "+00:00" : zone.getId();
    if (isDropped()) {
      unknown("time.zone", id + ", and the offset dropped");
    } else {
      add("time.zone", id);
    }
    Bounds bounds = quirks.bounds();
    if (isCreation && (bounds == Bounds.OPEN_CLOSED || bounds == Bounds.CLOSED_OPEN)) {
      unknown("range.bounds", bounds.symbol() + " of the creation");
    } else {
      add("range.bounds", bounds.symbol());
    }
    if (isCreation || quirks.order() == Order.RANDOM) {
      expected.remove("rows.ties");
    } else {
      add("rows.ties", quirks.pagination().ties() == Ties.STABLE ? "stable" : "by-page");
    }
  }

  private void pages() {
    add("rows.order", quirks.order() == Order.RANDOM ? "none" : name(quirks.order()));
    add("rows.twice", quirks.duplicateEvery() > 0 ? "some" : "none");
    Pagination pagination = quirks.pagination();
    boolean isCapped = pagination.cap() > 0;
    add(
        "paging.cap",
        isCapped ? pagination.cap() + (pagination.capTold() ? ", said" : ", not said") : "none");
    if (!isHonoured()) {
      return;
    }
    add("paging.rows", name(pagination.rows()));
    if (pagination.percent() != 100) {
      add("total.counts", pagination.percent() < 100 ? "fewer" : "more");
    } else if (pagination.total() == TotalCount.ROWS && quirks.duplicateEvery() > 0) {
      add("total.counts", "rows");
    } else {
      add(
          "total.counts",
          switch (pagination.total()) {
            case ROWS -> "calls";
            case JOINED_ROWS -> "joined-rows";
            case ZERO -> "zero";
            case DRIFTING -> "other-each-time";
          });
    }
    PastEnd past = pagination.pastEnd();
    // Rows of a join that the total leaves out lie past the pages that it announces.
    boolean isPastAnnounced =
        pagination.rows() != PageRows.CALLS
            && pagination.total() == TotalCount.ROWS
            && pagination.percent() <= 100;
    switch (past) {
      case QUERIED -> addPastEnd(past, isPastAnnounced, "rows-past-announced");
      case NOT_QUERIED -> addPastEnd(past, isPastAnnounced, "nothing-past-announced");
      case FIRST_PAGE -> add("paging.past-end", name(past), "first-page");
    }
  }

  private void addPastEnd(PastEnd past, boolean isPastAnnounced, String value) {
    if (isPastAnnounced) {
      add("paging.past-end", name(past) + ", rows past those announced", value);
    } else {
      add("paging.past-end", name(past), "empty", value);
    }
  }

  private void limits() {
    String longer = status(quirks.tooLong());
    add(
        "range.widest",
        (quirks.fullRangeAllowed() ? "31 days, " : "under 31 days, ")
            + (longer == null ? "empty" : longer));
    String older = status(quirks.tooOld());
    if (older == null) {
      add("range.oldest", "empty beyond", "no refusal, oldest call .*");
    } else {
      add("range.oldest", quirks.retentionDays() + " days, " + older);
    }
    if (isHonoured()) {
      boolean saysNothing = quirks.emptyResult() == EmptyResult.NULL_DATA;
      add("answer.empty", saysNothing ? "data null" : "records empty");
    }
    long seconds = quirks.timestampTolerance().toSeconds();
    add("timestamp.validity", seconds + " s", "[0-9]+ to [0-9]+ s ago, [0-9]+ to [0-9]+ s ahead");
    RateLimit limit = quirks.rateLimit();
    if (limit == null) {
      unknown("rate.limit", "no limit");
    } else {
      add(
          "rate.limit",
          name(limit.refusal()),
          switch (limit.refusal()) {
            case STATUS -> "status -15";
            case HTTP_503 -> "HTTP 503";
            default -> "HTTP 429";
          });
    }
    long ahead = quirks.dateOffset().plus(quirks.clockOffset()).toSeconds();
    if (quirks.dateHeader()) {
      add(
          "clock.offset",
          ahead == 0 ? "0" : ahead + " s ahead",
          ahead == 0 ? "0" : (ahead - 1) + "|" + ahead + "|" + (ahead + 1));
    } else {
      unknown("clock.offset", "no Date header");
    }
  }

  private void forms() {
    add("status.form", quirks.statusAsText() ? "text" : "number");
    add(
        "paging.other-keys",
        quirks.unknownPageKeys() ? "others" : "none",
        quirks.unknownPageKeys() ? ".*searchCount.*" : "none");
    add(
        "field.other",
        quirks.unknownFields() ? "others" : "none",
        quirks.unknownFields() ? "flags, score, sipTrunk, transferTime" : "none");
    String missing =
        (quirks.agentAccounts() ? "" : "agentAccount")
            + (quirks.agentAccounts() || quirks.costs() ? "" : ", ")
            + (quirks.costs() ? "" : "baseCost, cost");
    add("field.missing", missing.isEmpty() ? "none" : missing);
    add(
        "field.nulls",
        quirks.nullStyle() == NullStyle.EMPTY_TEXT ? "empty text" : name(quirks.nullStyle()));
    add(
        "field.times",
        switch (quirks.timeForm()) {
          case PLAIN -> "dddd-dd-dd dd:dd:dd";
          case TENTHS -> "dddd-dd-dd dd:dd:dd.d";
          case ISO_MILLIS -> "dddd-dd-ddTdd:dd:dd.ddd";
          case ISO_OFFSET ->
              "dddd-dd-ddTdd:dd:dd.ddd"
                  + (quirks.zone().equals(ZoneOffset.ofHours(-3)) ? "-" : "+")
                  + "dddd";
        });
    add("field.numbers", quirks.numberForm() == NumberForm.WHOLE ? "whole" : "fraction");
    boolean isMalformed = quirks.malformedEvery() > 0;
    add("rows.malformed", isMalformed ? "some" : "none");
    boolean isText = quirks.durationAsText() || isMalformed;
    add(
        "field.texts",
        isText || quirks.callTypeAsText()
            ? (isText ? "callDuration" : "")
                + (isText && quirks.callTypeAsText() ? ", " : "")
                + (quirks.callTypeAsText() ? "callType" : "")
            : "none");
  }

  private static @Nullable String status(OutOfRange reaction) {
    return switch (reaction) {
      case TIME_RANGE_STATUS -> "status -25";
      case PARAMETER_STATUS -> "status -22";
      case EMPTY -> null;
    };
  }

  private static String name(Enum<?> quirk) {
    return quirk.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
