package io.callrecords.simulator;

import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * Every choice that the API's documents leave open, or that differs by brand.
 *
 * @param filteredTime which time of a call the range filters
 * @param bounds which ends belong to the range
 * @param rangeUse what the API makes of the range
 * @param order the order of the records
 * @param insertion calls that enter between two page reads, or null
 * @param minLag the least time from a call's end until it appears
 * @param maxLag the longest time from a call's end until it appears
 * @param editedShare the share of loaded calls that somebody edits later
 * @param editedWithin how long after they appear the edited ones change
 * @param zone the zone of the naive times
 * @param maxRangeDays the longest range, in days
 * @param fullRangeAllowed whether a range of exactly that length is allowed
 * @param tooLong the answer to a longer range
 * @param retentionDays how far back the API answers, in days
 * @param tooOld the answer to an older range
 * @param emptyResult the form of a result without records
 * @param duplicateEvery one call in how many comes twice in an answer; 0 for none
 * @param nullStyle the form of a value that a record does not have
 * @param durationAsText whether callDuration is text, else a number
 * @param callTypeAsText whether callType is text, else a number
 * @param statusAsText whether the status is text, else a number
 * @param agentAccounts whether records have agentAccount
 * @param costs whether records have baseCost and cost
 * @param unknownFields whether records have fields that no document names
 * @param unknownPageKeys whether searchCount, orders and the like stand beside records
 * @param recordsLast whether records follow the counters, and the status follows the data
 * @param timestampTolerance how far a timestamp may be off, either way
 * @param rateLimit how many requests are taken, or null for all
 * @param dateHeader whether answers have a Date header
 * @param clockOffset how far the server's clock is ahead of the machine's
 * @param addressAllowed whether the client's address may ask
 * @param pagination how the result is counted and cut into pages
 * @param dateOffset how far the Date header is ahead of the time that timestamps are checked by
 * @param numberForm how whole numbers are written
 * @param timeForm how times are written
 * @param malformedEvery one call in how many has a duration that is no number; 0 for none
 */
public record Quirks(
    FilteredTime filteredTime,
    Bounds bounds,
    RangeUse rangeUse,
    Order order,
    @Nullable Insertion insertion,
    Duration minLag,
    Duration maxLag,
    double editedShare,
    Duration editedWithin,
    ZoneId zone,
    int maxRangeDays,
    boolean fullRangeAllowed,
    OutOfRange tooLong,
    int retentionDays,
    OutOfRange tooOld,
    EmptyResult emptyResult,
    int duplicateEvery,
    NullStyle nullStyle,
    boolean durationAsText,
    boolean callTypeAsText,
    boolean statusAsText,
    boolean agentAccounts,
    boolean costs,
    boolean unknownFields,
    boolean unknownPageKeys,
    boolean recordsLast,
    Duration timestampTolerance,
    @Nullable RateLimit rateLimit,
    boolean dateHeader,
    Duration clockOffset,
    boolean addressAllowed,
    Pagination pagination,
    Duration dateOffset,
    NumberForm numberForm,
    TimeForm timeForm,
    int malformedEvery) {

  /** The choices that come first in the documents, or are the likeliest. */
  public static Quirks defaults() {
    return newBuilder().build();
  }

  public static QuirksBuilder newBuilder() {
    return new QuirksBuilder();
  }

  /** Collects choices; what is not set keeps its default. */
  public static final class QuirksBuilder {
    private FilteredTime filteredTime = FilteredTime.CALL_START;
    private Bounds bounds = Bounds.CLOSED;
    private RangeUse rangeUse = RangeUse.HONOURED;
    private Order order = Order.NEWEST_FIRST;
    private @Nullable Insertion insertion = null;
    private Duration minLag = Duration.ZERO;
    private Duration maxLag = Duration.ZERO;
    private double editedShare = 0;
    private Duration editedWithin = Duration.ofHours(1);
    private ZoneId zone = ZoneOffset.ofHours(8);
    private int maxRangeDays = 31;
    private boolean fullRangeAllowed = true;
    private OutOfRange tooLong = OutOfRange.TIME_RANGE_STATUS;
    private int retentionDays = 60;
    private OutOfRange tooOld = OutOfRange.TIME_RANGE_STATUS;
    private EmptyResult emptyResult = EmptyResult.EMPTY_RECORDS;
    private int duplicateEvery = 0;
    private NullStyle nullStyle = NullStyle.NULL;
    private boolean durationAsText = true;
    private boolean callTypeAsText = false;
    private boolean statusAsText = true;
    private boolean agentAccounts = true;
    private boolean costs = true;
    private boolean unknownFields = false;
    private boolean unknownPageKeys = true;
    private boolean recordsLast = false;
    private Duration timestampTolerance = Duration.ofMinutes(5);
    private @Nullable RateLimit rateLimit = null;
    private boolean dateHeader = true;
    private Duration clockOffset = Duration.ZERO;
    private boolean addressAllowed = true;
    private Pagination pagination = Pagination.HONEST;
    private Duration dateOffset = Duration.ZERO;
    private NumberForm numberForm = NumberForm.WHOLE;
    private TimeForm timeForm = TimeForm.PLAIN;
    private int malformedEvery = 0;

    private QuirksBuilder() {}

    public QuirksBuilder filteredTime(FilteredTime filteredTime) {
      this.filteredTime = filteredTime;
      return this;
    }

    public QuirksBuilder bounds(Bounds bounds) {
      this.bounds = bounds;
      return this;
    }

    public QuirksBuilder rangeUse(RangeUse rangeUse) {
      this.rangeUse = rangeUse;
      return this;
    }

    public QuirksBuilder order(Order order) {
      this.order = order;
      return this;
    }

    public QuirksBuilder insertion(@Nullable Insertion insertion) {
      this.insertion = insertion;
      return this;
    }

    public QuirksBuilder editedShare(double editedShare) {
      this.editedShare = editedShare;
      return this;
    }

    public QuirksBuilder editedWithin(Duration editedWithin) {
      this.editedWithin = editedWithin;
      return this;
    }

    public QuirksBuilder zone(ZoneId zone) {
      this.zone = zone;
      return this;
    }

    public QuirksBuilder maxRangeDays(int maxRangeDays) {
      this.maxRangeDays = maxRangeDays;
      return this;
    }

    public QuirksBuilder fullRangeAllowed(boolean fullRangeAllowed) {
      this.fullRangeAllowed = fullRangeAllowed;
      return this;
    }

    public QuirksBuilder tooLong(OutOfRange tooLong) {
      this.tooLong = tooLong;
      return this;
    }

    public QuirksBuilder retentionDays(int retentionDays) {
      this.retentionDays = retentionDays;
      return this;
    }

    public QuirksBuilder tooOld(OutOfRange tooOld) {
      this.tooOld = tooOld;
      return this;
    }

    public QuirksBuilder emptyResult(EmptyResult emptyResult) {
      this.emptyResult = emptyResult;
      return this;
    }

    public QuirksBuilder duplicateEvery(int duplicateEvery) {
      this.duplicateEvery = duplicateEvery;
      return this;
    }

    public QuirksBuilder nullStyle(NullStyle nullStyle) {
      this.nullStyle = nullStyle;
      return this;
    }

    public QuirksBuilder durationAsText(boolean durationAsText) {
      this.durationAsText = durationAsText;
      return this;
    }

    public QuirksBuilder callTypeAsText(boolean callTypeAsText) {
      this.callTypeAsText = callTypeAsText;
      return this;
    }

    public QuirksBuilder statusAsText(boolean statusAsText) {
      this.statusAsText = statusAsText;
      return this;
    }

    public QuirksBuilder agentAccounts(boolean agentAccounts) {
      this.agentAccounts = agentAccounts;
      return this;
    }

    public QuirksBuilder costs(boolean costs) {
      this.costs = costs;
      return this;
    }

    public QuirksBuilder unknownFields(boolean unknownFields) {
      this.unknownFields = unknownFields;
      return this;
    }

    public QuirksBuilder unknownPageKeys(boolean unknownPageKeys) {
      this.unknownPageKeys = unknownPageKeys;
      return this;
    }

    public QuirksBuilder recordsLast(boolean recordsLast) {
      this.recordsLast = recordsLast;
      return this;
    }

    public QuirksBuilder timestampTolerance(Duration timestampTolerance) {
      this.timestampTolerance = timestampTolerance;
      return this;
    }

    public QuirksBuilder rateLimit(@Nullable RateLimit rateLimit) {
      this.rateLimit = rateLimit;
      return this;
    }

    public QuirksBuilder dateHeader(boolean dateHeader) {
      this.dateHeader = dateHeader;
      return this;
    }

    public QuirksBuilder clockOffset(Duration clockOffset) {
      this.clockOffset = clockOffset;
      return this;
    }

    public QuirksBuilder addressAllowed(boolean addressAllowed) {
      this.addressAllowed = addressAllowed;
      return this;
    }

    public QuirksBuilder pagination(Pagination pagination) {
      this.pagination = pagination;
      return this;
    }

    public QuirksBuilder dateOffset(Duration dateOffset) {
      this.dateOffset = dateOffset;
      return this;
    }

    public QuirksBuilder numberForm(NumberForm numberForm) {
      this.numberForm = numberForm;
      return this;
    }

    public QuirksBuilder timeForm(TimeForm timeForm) {
      this.timeForm = timeForm;
      return this;
    }

    public QuirksBuilder malformedEvery(int malformedEvery) {
      this.malformedEvery = malformedEvery;
      return this;
    }

    /** Calls appear this long after their end. */
    public QuirksBuilder lag(Duration lag) {
      return lag(lag, lag);
    }

    /** Calls appear at an even spread of times after their end. */
    public QuirksBuilder lag(Duration min, Duration max) {
      minLag = min;
      maxLag = max;
      return this;
    }

    public Quirks build() {
      return new Quirks(
          filteredTime,
          bounds,
          rangeUse,
          order,
          insertion,
          minLag,
          maxLag,
          editedShare,
          editedWithin,
          zone,
          maxRangeDays,
          fullRangeAllowed,
          tooLong,
          retentionDays,
          tooOld,
          emptyResult,
          duplicateEvery,
          nullStyle,
          durationAsText,
          callTypeAsText,
          statusAsText,
          agentAccounts,
          costs,
          unknownFields,
          unknownPageKeys,
          recordsLast,
          timestampTolerance,
          rateLimit,
          dateHeader,
          clockOffset,
          addressAllowed,
          pagination,
          dateOffset,
          numberForm,
          timeForm,
          malformedEvery);
    }
  }
}
