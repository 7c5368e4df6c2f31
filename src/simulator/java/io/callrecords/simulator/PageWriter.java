package io.callrecords.simulator;

import java.util.List;

/** Writes the API's answers, in the forms that the quirks choose. */
final class PageWriter {
  private static final int RECORD_BYTES = 900;

  private final Quirks quirks;
  private final RecordWriter records;

  PageWriter(Quirks quirks) {
    this.quirks = quirks;
    records = new RecordWriter(quirks);
  }

  /** The answer that refuses a request. */
  byte[] status(int status) {
    return envelope(status, reason(status), new JsonBuffer(128).raw("null"));
  }

  /** A page of a successful answer. */
  byte[] page(Selection.Found page) {
    List<Call> rows = page.rows();
    JsonBuffer data = new JsonBuffer(512 + rows.size() * RECORD_BYTES);
    if (page.total() == 0 && rows.isEmpty() && quirks.emptyResult() == EmptyResult.NULL_DATA) {
      return envelope(0, reason(0), data.raw("null"));
    }
    data.raw('{');
    if (quirks.recordsLast()) {
      counters(data, page);
      records(data.raw(','), rows);
    } else {
      records(data, rows);
      counters(data.raw(','), page);
    }
    return envelope(0, reason(0), data.raw('}'));
  }

  private void records(JsonBuffer data, List<Call> rows) {
    data.raw("\"records\":[");
    for (Call row : rows) {
      records.write(row, data);
      data.raw(',');
    }
    if (!rows.isEmpty()) {
      data.dropLast();
    }
    data.raw(']');
  }

  private void counters(JsonBuffer data, Selection.Found page) {
    data.raw("\"total\":").number(page.total());
    data.raw(",\"size\":").number(page.size());
    data.raw(",\"current\":").number(page.current());
    if (quirks.unknownPageKeys()) {
      data.raw(",\"orders\":[],\"optimizeCountSql\":true,\"hitCount\":false,\"countId\":null");
      data.raw(",\"maxLimit\":null,\"searchCount\":true");
    }
    data.raw(",\"pages\":").number(page.pages());
  }

  private byte[] envelope(int status, String reason, JsonBuffer data) {
    String code = quirks.statusAsText() ? "\"" + status + "\"" : Integer.toString(status);
    String verdict = "\"status\":" + code + ",\"reason\":\"" + reason + "\"";
    return quirks.recordsLast()
        ? data.wrapped("{\"data\":", "," + verdict + "}")
        : data.wrapped("{" + verdict + ",\"data\":", "}");
  }

  private static String reason(int status) {
    return switch (status) {
      case 0 -> "success";
      case -1 -> "Authentication error";
      case -2, -31 -> "Restricted IP access";
      case -15 -> "Queried too often";
      case -16 -> "Timestamp expires";
      case -12, -18 -> "Port program unusual";
      case -11, -14, -21, -22 -> "Parameter exception";
      case -25 -> "Out of time range";
      default -> "Error " + status;
    };
  }
}
