package io.callrecords.backend;

import com.baomidou.mybatisplus.core.metadata.IPage;
import com.baomidou.mybatisplus.extension.plugins.pagination.Page;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Answers queries; the address says in which of several ways the page is made. */
@RestController
class RecordQueryController {
  private static final Logger LOG = LoggerFactory.getLogger(RecordQueryController.class);
  private static final int MOST_ROWS = 100;
  private static final int MOST_DAYS = 31;
  private static final int KEPT_DAYS = 62;

  /** What the database's times mean. */
  private static final ZoneOffset ZONE = ZoneOffset.ofHours(8);

  private final Clock clock = Clock.systemUTC();
  private final CallMapper mapper;
  private final RequestSignature signature;

  RecordQueryController(
      CallMapper mapper,
      @Value("${backend.key}") String key,
      @Value("${backend.secret}") String secret) {
    this.mapper = mapper;
    this.signature = new RequestSignature(key, secret, clock);
  }

  /**
   * A query as the API's documents have it.
   *
   * @param current number of the page
   * @param size rows a page
   * @param params range and filters
   */
  record PageQuery(Integer current, Integer size, CallCondition.CallFilters params) {}

  /**
   * An answer as the API's documents have it.
   *
   * @param status 0, or why there is no page
   * @param reason the same in words
   * @param data the page, as MyBatis-Plus has it
   */
  record RecordQueryResponse(String status, String reason, Object data) {
    static RecordQueryResponse refused(RefusalStatus refusal) {
      return new RecordQueryResponse(refusal.status, refusal.reason, null);
    }
  }

  /** Why there is no page. */
  enum RefusalStatus {
    AUTHENTICATION("-1", "Authentication error"),
    TIMESTAMP("-16", "Timestamp expires"),
    PROGRAM("-18", "Port program unusual"),
    PARAMETER("-22", "Parameter exception"),
    RANGE("-25", "Out of time range");

    private final String status;
    private final String reason;

    RefusalStatus(String status, String reason) {
      this.status = status;
      this.reason = reason;
    }
  }

  /**
   * Answers a query.
   *
   * @param labels {@code join}, whose default count drops the join; {@code joinCounted}, whose
   *     total counts joined rows; or {@code nested}
   * @param order {@code time}, {@code timeAndId}, or {@code none}
   */
  @PostMapping("/{labels}/{order}/voice/ccRecordQuery")
  RecordQueryResponse query(
      @PathVariable("labels") String labels,
      @PathVariable("order") String order,
      @RequestHeader(name = "Api-Key", required = false) String key,
      @RequestHeader(name = "Timestamp", required = false) String timestamp,
      @RequestHeader(name = "Sign", required = false) String sign,
      @RequestBody PageQuery query) {
    if (!signature.isRight(key, timestamp, sign)) {
      return RecordQueryResponse.refused(RefusalStatus.AUTHENTICATION);
    }
    if (!signature.isRecent(timestamp)) {
      return RecordQueryResponse.refused(RefusalStatus.TIMESTAMP);
    }
    if (query.current() == null
        || query.current() < 1
        || query.size() == null
        || query.size() < 1
        || query.size() > MOST_ROWS
        || query.params() == null) {
      return RecordQueryResponse.refused(RefusalStatus.PARAMETER);
    }
    LocalDateTime from = time(query.params().strTime());
    LocalDateTime to = time(query.params().endTime());
    if (from == null || to == null || to.isBefore(from)) {
      return RecordQueryResponse.refused(RefusalStatus.PARAMETER);
    }
    LocalDateTime oldest = LocalDateTime.now(clock.withZone(ZONE)).minusDays(KEPT_DAYS);
    if (from.isBefore(oldest) || ChronoUnit.SECONDS.between(from, to) > MOST_DAYS * 86_400L) {
      return RecordQueryResponse.refused(RefusalStatus.RANGE);
    }
    Page<CallRow> page = new Page<>(query.current(), query.size());
    CallCondition condition = new CallCondition(key, from, to, query.params());
    return new RecordQueryResponse("0", "success", read(labels, page, condition, order));
  }

  private IPage<CallRow> read(
      String labels, Page<CallRow> page, CallCondition condition, String order) {
    return switch (labels) {
      case "join" -> mapper.joined(page, condition, order);
      case "joinCounted" -> mapper.joined(page.setOptimizeCountSql(false), condition, order);
      case "nested" -> mapper.nested(page, condition, order);
      default -> throw new IllegalArgumentException("No such way: " + labels);
    };
  }

  private static LocalDateTime time(String text) {
    if (text == null) {
      return null;
    }
    try {
      return OffsetDateTime.parse(text).withOffsetSameInstant(ZONE).toLocalDateTime();
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** What people write so that no stack trace leaves the house: HTTP 200 and a code. */
  @ExceptionHandler
  RecordQueryResponse failed(Exception e) {
    LOG.warn("A query failed: {}", e.toString());
    return RecordQueryResponse.refused(RefusalStatus.PROGRAM);
  }
}
