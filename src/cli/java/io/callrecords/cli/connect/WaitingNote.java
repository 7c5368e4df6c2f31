package io.callrecords.cli.connect;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Says what is waited for, once it has lasted; not again before something has come in time. */
final class WaitingNote implements AutoCloseable {
  private final Duration silence;
  private final ScheduledExecutorService timer;
  private volatile Consumer<String> told = text -> {};
  private volatile boolean isTold;

  /** A wait. */
  interface OngoingWait {
    /** Something has come, or never will. */
    void end();
  }

  /** Creates a note that tells the time by a thread of its own. */
  WaitingNote(Duration silence) {
    this(
        silence,
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread made = new Thread(task, "waiting");
              made.setDaemon(true);
              return made;
            }));
  }

  /**
   * Creates a note.
   *
   * @param silence how long a wait lasts before it is told
   * @param timer knows when it has; closed with the note
   */
  WaitingNote(Duration silence, ScheduledExecutorService timer) {
    this.silence = silence;
    this.timer = timer;
  }

  /** Says it to somebody. */
  void tell(Consumer<String> listener) {
    told = listener;
  }

  /** Begins to wait for something. */
  OngoingWait begin(String text) {
    if (timer.isShutdown()) {
      return () -> {};
    }
    Future<?> due = timer.schedule(() -> say(text), silence.toMillis(), TimeUnit.MILLISECONDS);
    return () -> {
      if (due.cancel(false)) {
        isTold = false;
      }
    };
  }

  private void say(String text) {
    if (!isTold) {
      isTold = true;
      told.accept(text + " …");
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
