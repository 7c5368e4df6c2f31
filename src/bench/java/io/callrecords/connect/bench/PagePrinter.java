package io.callrecords.connect.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.function.IntUnaryOperator;

/** Prints answers of the call-records API, each in place of the one before. */
final class PagePrinter {
  private static final int ENVELOPE = 1024;

  private byte[] output = new byte[1 << 17];

  /** The bytes printed last, and more behind them. */
  byte[] bytes() {
    return output;
  }

  /**
   * Prints a text.
   *
   * @return how many bytes it has
   */
  int print(String text) {
    makeRoom(text.length());
    return put(text, 0);
  }

  /**
   * Prints a page.
   *
   * @param total how many rows the range has
   * @param callAt which call stands at a place among them, from 0
   * @return how many bytes it has
   */
  int print(
      PageQuestion page, int total, IntUnaryOperator callAt, CallGrid calls, RecordPress press) {
    int rows = page.rows(total);
    int skipped = page.skipped(total);
    makeRoom(ENVELOPE + rows * (press.largest() + 1));
    int at = put("{\"status\":\"0\",\"reason\":\"success\",\"data\":{\"records\":[", 0);
    for (int row = 0; row < rows; row++) {
      int call = callAt.applyAsInt(skipped + row);
      if (row > 0) {
        output[at++] = ',';
      }
      at = press.print(call, calls.second(call), output, at);
    }
    int pages = (int) ((total + page.size() - 1L) / page.size());
    at = put("],\"total\":" + total + ",\"size\":" + page.size(), at);
    at = put(",\"current\":" + page.current() + ",\"orders\":[]", at);
    at = put(",\"optimizeCountSql\":true,\"hitCount\":false,\"countId\":null", at);
    return put(",\"maxLimit\":null,\"searchCount\":true,\"pages\":" + pages + "}}", at);
  }

  private int put(String text, int at) {
    byte[] bytes = text.getBytes(ISO_8859_1);
    System.arraycopy(bytes, 0, output, at, bytes.length);
    return at + bytes.length;
  }

  private void makeRoom(int size) {
    if (output.length < size) {
      output = new byte[size * 2];
    }
  }
}
