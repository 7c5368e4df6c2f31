package io.callrecords.connect.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.callrecords.connect.bench.CallGrid.Shape;
import io.callrecords.simulator.SimulatedApi;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntUnaryOperator;

/**
 * The call-records API without quirks, in a process of its own, so fast that it is never what a
 * benchmark measures: which calls a page has is computed, and their records are copied.
 *
 * <p>It checks signatures, and is told what account it has with a {@code PUT}; it measures what it
 * is asked. It ends when its input does, as when the process that started it has gone.
 */
final class QuickApi {
  static final String KEY = "bDqJFiq9";
  static final String SECRET = "7bz1lzh9";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_REQUEST = 1 << 16;

  private final ApiMeter meter = new ApiMeter();
  private volatile Account account = Account.NONE;
  private volatile String signed = "";
  private volatile String date = "";
  private volatile long dateSecond;

  private QuickApi() {}

  /** The order of the calls of a range. */
  enum RowSequence {
    NEWEST_FIRST,
    OLDEST_FIRST
  }

  /**
   * What it answers with.
   *
   * @param calls which calls there are
   * @param press prints their records
   * @param latencyNanos how long each answer is held back
   * @param order which calls the first page has
   */
  private record Account(CallGrid calls, RecordPress press, long latencyNanos, RowSequence order) {
    static final Account NONE =
        new Account(
            CallGrid.of(Shape.EVEN, Instant.EPOCH, 1, 0, 0, 0, 0),
            new RecordPress(Instant.EPOCH),
            0,
            RowSequence.NEWEST_FIRST);
  }

  /** Prints its port, and serves until its input ends. */
  public static void main(String[] args) throws IOException {
    QuickApi api = new QuickApi();
    try (ServerSocket listener = new ServerSocket(0, 256, InetAddress.getLoopbackAddress())) {
      Thread thread = new Thread(() -> api.accept(listener), "quick-api");
      thread.setDaemon(true);
      thread.start();
      System.out.println(listener.getLocalPort());
      while (System.in.read() >= 0) {
        // Whoever started it is still there.
      }
    }
  }

  private void accept(ServerSocket listener) {
    try {
      while (true) {
        Socket socket = listener.accept();
        Thread thread = new Thread(() -> serve(socket), "quick-api-connection");
        thread.setDaemon(true);
        thread.start();
      }
    } catch (IOException e) {
      // It ends.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      new Connection(socket.getInputStream(), socket.getOutputStream()).serve();
    } catch (IOException e) {
      // The client left.
    }
  }

  /** One client's connection. */
  private final class Connection {
    private final InputStream in;
    private final OutputStream out;
    private final byte[] input = new byte[MAX_REQUEST];
    private final PagePrinter printer = new PagePrinter();
    private int filled;
    private int rows;

    Connection(InputStream in, OutputStream out) {
      this.in = in;
      this.out = out;
    }

    void serve() throws IOException {
      while (true) {
        int head = head();
        if (head < 0) {
          return;
        }
        String[] lines = new String(input, 0, head, ISO_8859_1).split("\r\n", -1);
        Map<String, String> headers = new HashMap<>();
        for (int i = 1; i < lines.length; i++) {
          int colon = lines[i].indexOf(':');
          headers.put(
              lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
              lines[i].substring(colon + 1).trim());
        }
        byte[] body = body(head + 4, headers);
        if (lines[0].startsWith("POST ")) {
          page(headers, body);
        } else {
          send(told(lines[0], body));
        }
      }
    }

    private int head() throws IOException {
      for (int searched = 0; ; ) {
        for (int i = searched; i + 3 < filled; i++) {
          if (input[i] == '\r' && input[i + 1] == '\n' && input[i + 2] == '\r') {
            return i;
          }
        }
        searched = Math.max(0, filled - 3);
        if (!fill()) {
          return -1;
        }
      }
    }

    private byte[] body(int from, Map<String, String> headers) throws IOException {
      int to = from + Integer.parseInt(headers.getOrDefault("content-length", "0"));
      while (filled < to) {
        if (!fill()) {
          throw new EOFException("Half a request");
        }
      }
      byte[] body = Arrays.copyOfRange(input, from, to);
      System.arraycopy(input, to, input, 0, filled - to);
      filled -= to;
      return body;
    }

    private boolean fill() throws IOException {
      int read = in.read(input, filled, input.length - filled);
      filled += Math.max(read, 0);
      return read > 0;
    }

    private void page(Map<String, String> headers, byte[] question) throws IOException {
      long begun = System.nanoTime();
      Account asked = account;
      int request = meter.begin(begun);
      rows = 0;
      try {
        int length;
        if (isSigned(headers)) {
          length = answer(asked, JSON.readTree(question));
        } else {
          length =
              printer.print(
                  "{\"status\":\"-1\",\"reason\":\"Authentication error\",\"data\":null}");
        }
        long until = begun + asked.latencyNanos;
        for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
        send(length);
      } finally {
        meter.end(request, System.nanoTime(), rows);
      }
    }

    private int answer(Account asked, JsonNode question) {
      PageQuestion page = PageQuestion.of(question);
      // A call appears when the longest would be over.
      long present = Instant.now().getEpochSecond() - asked.press.longest();
      int low = asked.calls.before(page.from());
      int total = Math.max(0, asked.calls.before(Math.min(page.to(), present) + 1) - low);
      IntUnaryOperator callAt =
          place -> asked.order == RowSequence.OLDEST_FIRST ? low + place : low + total - 1 - place;
      rows = page.rows(total);
      return printer.print(page, total, callAt, asked.calls, asked.press);
    }

    private void send(int length) throws IOException {
      byte[] head =
          ("HTTP/1.1 200 OK\r\nContent-Type: application/json;charset=UTF-8\r\nDate: "
                  + date()
                  + "\r\nContent-Length: "
                  + length
                  + "\r\n\r\n")
              .getBytes(ISO_8859_1);
      byte[] all = new byte[head.length + length];
      System.arraycopy(head, 0, all, 0, head.length);
      System.arraycopy(printer.bytes(), 0, all, head.length, length);
      out.write(all);
    }

    private void send(String text) throws IOException {
      send(printer.print(text));
    }
  }

  private String date() {
    long now = System.currentTimeMillis() / 1000;
    if (now != dateSecond) {
      date = SimulatedApi.httpDate(Instant.ofEpochSecond(now));
      dateSecond = now;
    }
    return date;
  }

  private boolean isSigned(Map<String, String> headers) {
    String key = headers.getOrDefault("api-key", "");
    String time = headers.getOrDefault("timestamp", "0");
    String sign = headers.getOrDefault("sign", "").toLowerCase(Locale.ROOT);
    String asked = key + ' ' + time + ' ' + sign;
    if (asked.equals(signed)) {
      return true;
    }
    boolean fresh = Math.abs(Long.parseLong(time) - System.currentTimeMillis() / 1000) <= 300;
    if (fresh && key.equals(KEY) && sign.equals(RecordPress.md5(KEY + SECRET + time))) {
      signed = asked;
      return true;
    }
    return false;
  }

  /** What it does on behalf of the benchmark. */
  private String told(String request, byte[] body) throws IOException {
    JsonNode told = body.length == 0 ? JSON.createObjectNode() : JSON.readTree(body);
    if (request.startsWith("PUT /account")) {
      Instant from = Instant.parse(told.path("from").asText());
      account =
          new Account(
              CallGrid.of(
                  Shape.valueOf(told.path("shape").asText()),
                  from,
                  told.path("days").asInt(),
                  told.path("calls").asInt(),
                  told.path("restMinutes").asInt(),
                  told.path("liveMinutes").asInt(),
                  told.path("perMinute").asInt()),
              new RecordPress(from),
              TimeUnit.MILLISECONDS.toNanos(told.path("latency").asLong()),
              RowSequence.valueOf(told.path("order").asText()));
      meter.clear();
      return "{}";
    }
    return JSON.writeValueAsString(
        meter.between(told.path("fromNanos").asLong(), told.path("toNanos").asLong()));
  }
}
