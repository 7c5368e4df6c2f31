package io.callrecords.connect.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.callrecords.connect.client.Transport;
import io.callrecords.connect.loop.VirtualLoop;
import io.callrecords.simulator.SimulatedApi;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * The calls of a grid behind an API in made-up time, the newest first: a call appears when the
 * longest would be over, and each hundredth up to twenty hours after that.
 *
 * <p>No call is kept: which there are at a moment is computed, however many they are.
 */
final class GridAccount {
  private static final int LATE_EVERY = 100;
  private static final int LONGEST_LATENESS = 20 * 3600;
  private static final Duration HALF_WAY = Duration.ofMillis(25);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final CallGrid calls;
  private final RecordPress press;
  private final VirtualLoop loop;
  private final PagePrinter printer = new PagePrinter();
  private int end = Integer.MAX_VALUE;

  /**
   * Creates an account.
   *
   * @param calls those that there are in the end, and when they start
   */
  GridAccount(CallGrid calls, RecordPress press, VirtualLoop loop) {
    this.calls = calls;
    this.press = press;
    this.loop = loop;
  }

  /** The time after which no call appears that started before. */
  Duration longestLateness() {
    return Duration.ofSeconds(press.longest() + (long) LONGEST_LATENESS);
  }

  /**
   * No call starts from now on.
   *
   * @return how many there are
   */
  int close() {
    end = calls.before(loop.wallClock().getEpochSecond());
    return end;
  }

  /** How a task reaches it. */
  Transport transport() {
    return new VirtualTransport();
  }

  private byte[] answer(byte[] body) throws IOException {
    JsonNode question = JSON.readTree(body);
    PageQuestion page = PageQuestion.of(question);
    long now = loop.wallClock().getEpochSecond();
    int low = Math.min(end, calls.before(page.from()));
    int high = Math.min(end, calls.before(Math.min(page.to(), now - press.longest()) + 1));
    int[] hidden = hidden(low, high, now);
    int total = Math.max(0, high - low - hidden.length);
    int length = printer.print(page, total, place -> newest(high, place, hidden), calls, press);
    return Arrays.copyOf(printer.bytes(), length);
  }

  /** The late ones of some calls that have not appeared yet, in order. */
  private int[] hidden(int low, int high, long now) {
    int oldest = Math.max(low, calls.before(now - longestLateness().toSeconds()));
    int first = (oldest + LATE_EVERY - 1) / LATE_EVERY * LATE_EVERY;
    return IntStream.iterate(first, call -> call < high, call -> call + LATE_EVERY)
        .filter(call -> calls.second(call) + press.longest() + lateness(call) > now)
        .toArray();
  }

  private static int lateness(int call) {
    return 1 + new SplittableRandom(call).nextInt(LONGEST_LATENESS);
  }

  /** The call at a place, counted from the newest, without those that are hidden. */
  private static int newest(int high, int place, int[] hidden) {
    int call = high - 1 - place;
    for (int i = hidden.length - 1; i >= 0 && hidden[i] >= call; i--) {
      call--;
    }
    return call;
  }

  /** A connection to it, which ends with its task. */
  private final class VirtualTransport implements Transport {
    private boolean isClosed;

    @Override
    public <T> CompletableFuture<T> post(
        URI url, Map<String, String> headers, byte[] body, ResponseHandler<T> handler) {
      CompletableFuture<T> result = new CompletableFuture<>();
      loop.schedule(
          HALF_WAY,
          () -> {
            if (!isClosed) {
              receive(body, handler, result);
            }
          });
      return result;
    }

    private <T> void receive(byte[] body, ResponseHandler<T> handler, CompletableFuture<T> result) {
      String date = SimulatedApi.httpDate(Instant.ofEpochSecond(loop.wallClock().getEpochSecond()));
      try {
        byte[] answer = answer(body);
        loop.schedule(HALF_WAY, () -> deliver(answer, date, handler, result));
      } catch (IOException e) {
        result.completeExceptionally(e);
      }
    }

    private <T> void deliver(
        byte[] answer, String date, ResponseHandler<T> handler, CompletableFuture<T> result) {
      if (isClosed) {
        return;
      }
      try {
        result.complete(
            handler.handle(
                200,
                name ->
                    switch (name.toLowerCase(Locale.ROOT)) {
                      case "date" -> date;
                      case "content-type" -> "application/json";
                      default -> null;
                    },
                new ByteArrayInputStream(answer)));
      } catch (IOException | RuntimeException e) {
        result.completeExceptionally(e);
      }
    }

    @Override
    public void close() {
      isClosed = true;
    }
  }
}
