package io.callrecords.connect.demo;

import io.callrecords.connect.demo.Screen.Style;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** What the demo does and shows, from the first line to the last. */
final class Story {
  private static final String NAME = "call-records";
  private static final int BAR_WIDTH = 30;
  private static final Duration TICK = Duration.ofMillis(200);
  private static final Duration STEP = Duration.ofSeconds(2);
  private static final Duration START_PATIENCE = Duration.ofSeconds(60);
  private static final Duration BACKLOG_PATIENCE = Duration.ofMinutes(5);
  private static final Duration CATCH_UP = Duration.ofSeconds(4);

  private final Screen screen;
  private final Notes notes;
  private final DemoOptions options;
  private final Path log;
  private final ZoneId zone = ZoneId.systemDefault();
  private final Set<String> shown = new HashSet<>();
  private final Queue<Runnable> leftovers = new ConcurrentLinkedQueue<>();
  private volatile boolean ending;

  Story(Screen screen, DemoOptions options, Path log) {
    this.screen = screen;
    this.notes = new Notes(screen);
    this.options = options;
    this.log = log;
  }

  /** Ends the story soon; any thread may call it. */
  void end() {
    ending = true;
  }

  /** Removes what a start that was broken off has left behind. */
  void sweep() {
    leftovers.forEach(Runnable::run);
  }

  /**
   * Tells it.
   *
   * @return 0 when the topic holds each call once at the end, else 1
   */
  int tell() throws IOException, InterruptedException {
    notes.headline();
    try (DemoApi api = DemoApi.start(options.calls(), options.seed())) {
      LocalConnect connect = startConnect();
      if (connect == null) {
        return 1;
      }
      try (connect) {
        connect.createTopic(NAME);
        notes.whatRuns(api.url(), options.calls(), connect, NAME, log);
        try (TopicView topic = new TopicView(connect.consumer(), NAME)) {
          return tell(api, connect, topic);
        } finally {
          screen.status("");
        }
      }
    }
  }

  private int tell(DemoApi api, LocalConnect connect, TopicView topic)
      throws IOException, InterruptedException {
    WorkerApi rest = new WorkerApi(connect.url());
    create(rest, api.settings(NAME));
    boolean loaded = watchBacklog(api, rest, topic);
    if (loaded) {
      screen.line();
      notes.howItIs(rest.status(NAME));
      notes.howToLookFurther(rest, connect, NAME, NAME);
      follow(api, rest, topic);
    }
    return sayTotals(api, topic, loaded);
  }

  private @Nullable LocalConnect startConnect() throws InterruptedException {
    CompletableFuture<LocalConnect> starting =
        CompletableFuture.supplyAsync(() -> LocalConnect.start(leftovers::add));
    String doing = "Starting Kafka and a Connect worker…";
    if (!screen.isInteractive()) {
      screen.line(doing);
      screen.line();
    }
    long begun = System.nanoTime();
    while (!starting.isDone()) {
      if (ending) {
        return null;
      }
      screen.status(doing + " " + since(begun).toSeconds() + " s");
      Thread.sleep(TICK.toMillis());
    }
    screen.status("");
    try {
      return starting.join();
    } catch (CompletionException e) {
      throw new IllegalStateException("Kafka or Connect does not start", e.getCause());
    }
  }

  private static Duration since(long nanoTime) {
    return Duration.ofNanos(System.nanoTime() - nanoTime);
  }

  private void create(WorkerApi rest, Map<String, String> settings)
      throws IOException, InterruptedException {
    notes.howItIsCreated(rest.curl(NAME, settings));
    long begun = System.nanoTime();
    rest.configure(NAME, settings);
    WorkerApi.Status state = rest.status(NAME);
    while (!state.isRunning() && !ending && since(begun).compareTo(START_PATIENCE) < 0) {
      screen.status(state.toString());
      failIfFailed(state);
      Thread.sleep(TICK.toMillis());
      state = rest.status(NAME);
    }
    screen.status("");
    notes.howItIs(state);
  }

  private static void failIfFailed(WorkerApi.Status state) {
    if (state.isFailed()) {
      throw new IllegalStateException(state + ": " + state.trace());
    }
  }

  /** Shows the backlog as it fills; returns whether all of it is in the topic. */
  private boolean watchBacklog(DemoApi api, WorkerApi rest, TopicView topic)
      throws IOException, InterruptedException {
    Set<String> missing = api.visible();
    int size = missing.size();
    long begun = System.nanoTime();
    long lastStep = begun;
    api.beginLiveCalls();
    screen.line(screen.styled(Style.DIM, Arrival.HEADER));
    while (!missing.isEmpty()) {
      if (ending || (options.follow() != null && since(begun).compareTo(BACKLOG_PATIENCE) > 0)) {
        return false;
      }
      for (Arrival arrival : topic.read()) {
        if (!missing.remove(arrival.id())) {
          show(arrival);
        }
      }
      String progress = progress(size - missing.size(), size, begun);
      screen.status(progress);
      if (since(lastStep).compareTo(STEP) > 0) {
        lastStep = System.nanoTime();
        failIfFailed(rest.status(NAME));
        if (!screen.isInteractive()) {
          screen.line(progress);
        }
      }
    }
    screen.status("");
    screen.line(progress(size, size, begun));
    return true;
  }

  private String progress(int loaded, int size, long begun) {
    double share = size == 0 ? 1 : (double) loaded / size;
    return String.format(
        Locale.ROOT,
        "Backlog  %s %3d%%  %,d of %,d calls  %d s",
        screen.bar(share, BAR_WIDTH),
        (int) (share * 100),
        loaded,
        size,
        since(begun).toSeconds());
  }

  private void show(Arrival arrival) {
    if (shown.add(arrival.id())) {
      screen.line(arrival.line(zone));
    }
  }

  /** Shows calls as they arrive, until somebody ends it or the time is over. */
  private void follow(DemoApi api, WorkerApi rest, TopicView topic)
      throws IOException, InterruptedException {
    screen.line(screen.styled(Style.DIM, Arrival.HEADER));
    long begun = System.nanoTime();
    long lastStep = begun;
    WorkerApi.Status state = rest.status(NAME);
    Duration limit = options.follow();
    while (!ending && (limit == null || since(begun).compareTo(limit) < 0)) {
      topic.read().forEach(this::show);
      if (since(lastStep).compareTo(STEP) > 0) {
        lastStep = System.nanoTime();
        state = rest.status(NAME);
      }
      String counts =
          String.format(
              Locale.ROOT,
              "%s, %d tasks · %,d calls in the API · %,d records in the topic",
              state.connector(),
              state.tasks().size(),
              api.visible().size(),
              topic.records());
      screen.status(screen.styled(Style.DIM, counts));
    }
  }

  /** Lets the topic catch up with the API for a moment, and compares the two. */
  private int sayTotals(DemoApi api, TopicView topic, boolean loaded) throws IOException {
    api.endLiveCalls();
    Set<String> promised = api.visible();
    long begun = System.nanoTime();
    while (loaded && !topic.ids().equals(api.visible()) && since(begun).compareTo(CATCH_UP) < 0) {
      topic.read().forEach(this::show);
    }
    promised.removeAll(topic.ids());
    boolean complete = promised.isEmpty() && topic.duplicates() == 0;
    screen.status("");
    screen.line();
    notes.mark(
        complete,
        String.format(
            Locale.ROOT,
            "%,d calls in the API, %,d records in the topic, %,d duplicates%s",
            api.visible().size(),
            topic.records(),
            topic.duplicates(),
            loaded ? "" : ": ended before the backlog was read"));
    return complete ? 0 : 1;
  }
}
