package io.callrecords.cli.replay;

import io.callrecords.cli.CliException;
import io.callrecords.cli.Terminal;
import io.callrecords.cli.connect.ConnectApi;
import io.callrecords.cli.connect.ConnectorStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Stops a connector, has something changed, and lets it go on, whatever happens meanwhile. If the
 * process is told to end before this is closed, it says what has been changed and what has not.
 */
final class ReplayRun implements AutoCloseable {
  private static final Duration STOPS_WITHIN = Duration.ofMinutes(3);
  private static final int POLL_MILLIS = 500;

  /** So long the end of the process waits for a change that the worker has not answered. */
  private static final int CHANGES_WITHIN_SECONDS = 10;

  /** What has become of the offsets. */
  private enum OffsetChange {
    NONE("Nothing has been changed."),
    UNKNOWN("Whether the offsets are changed is not known."),
    MADE("The offsets are changed: the days are sent again once the connector is resumed."),
    SENDING("The offsets are changed: the days are being sent again.");

    private final String text;

    OffsetChange(String text) {
      this.text = text;
    }
  }

  private final ConnectApi connect;
  private final String connector;
  private final Terminal terminal;
  private final AtomicBoolean isResumeOwed = new AtomicBoolean();
  private final ReentrantLock changing = new ReentrantLock();
  private final Thread ending = new Thread(this::end, "resume");
  private volatile OffsetChange change = OffsetChange.NONE;
  private volatile boolean isEnding;

  ReplayRun(ConnectApi connect, String connector, Terminal terminal) {
    this.connect = connect;
    this.connector = connector;
    this.terminal = terminal;
    Runtime.getRuntime().addShutdownHook(ending);
  }

  /**
   * Changes something while the connector is stopped. Whatever fails, and if the process is told to
   * end, the connector is resumed, or it is said that it is not.
   *
   * @param check refuses what must not be done to the stopped connector
   * @param action what is done to it then
   * @throws CliException when something has failed; says in which state the connector is
   */
  void whileStopped(Runnable check, Runnable action) throws InterruptedException {
    try {
      isResumeOwed.set(true);
      terminal.progress("Stopping " + connector + " …");
      connect.stop(connector);
      awaitStopped();
      terminal.progress("Changing offsets …");
      change(check, action);
    } catch (RuntimeException | InterruptedException e) {
      // It may have failed in the very stop, which the worker has taken all the same.
      String after = resumeOnce();
      if (e instanceof InterruptedException interrupted) {
        throw interrupted;
      }
      String problem = e instanceof CliException ? e.getMessage() : e.toString();
      String sent =
          change == OffsetChange.NONE
              ? "Nothing is sent again: "
              : change.text + " " + look() + ": ";
      throw CliException.unseen(sent + problem + ". " + after, e);
    }
    String problem = resume();
    if (problem != null) {
      throw CliException.unseen(
          "The offsets are changed, but the connector is not resumed: " + problem);
    }
  }

  private String look() {
    return "Look with: " + statusCommand(connect, connector);
  }

  /** The command that shows how a connector is. */
  static String statusCommand(ConnectApi connect, String connector) {
    return "status " + connector + " --connect " + connect.address();
  }

  /** Changes something of a connector that is stopped, and stays so. */
  void change(Runnable check, Runnable action) {
    changing.lock();
    try {
      if (isEnding) {
        throw CliException.unseen("the command has been told to end");
      }
      check.run();
      // A worker that answers with an error, or not at all, may have made it all the same.
      change = OffsetChange.UNKNOWN;
      action.run();
      change = OffsetChange.MADE;
    } finally {
      changing.unlock();
    }
  }

  private void awaitStopped() throws InterruptedException {
    Instant deadline = Instant.now().plus(STOPS_WITHIN);
    while (true) {
      ConnectorStatus status = connect.status(connector);
      if (status.connector().state().equals("STOPPED") && status.tasks().isEmpty()) {
        return;
      }
      if (Instant.now().isAfter(deadline)) {
        throw CliException.unseen(
            "the connector has not stopped within "
                + STOPS_WITHIN.toMinutes()
                + " minutes: it is "
                + status.connector().state()
                + " with "
                + status.tasks().size()
                + " tasks");
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }

  private String resumeOnce() {
    String problem = resume();
    return problem == null ? "The connector has been resumed" : problem;
  }

  /** Resumes it if that is owed; returns what has failed. */
  private synchronized @Nullable String resume() {
    if (!isResumeOwed.getAndSet(false)) {
      return null;
    }
    try {
      connect.resume(connector);
      if (change == OffsetChange.MADE) {
        change = OffsetChange.SENDING;
      }
      return null;
    } catch (CliException e) {
      isResumeOwed.set(true);
      return "It may be STOPPED ("
          + e.getMessage()
          + "). Resume it: curl -X PUT "
          + connect.address()
          + "/connectors/"
          + connector
          + "/resume";
    }
  }

  /** The process ends: says how things are, and resumes the connector if that is owed. */
  void end() {
    isEnding = true;
    awaitChange();
    boolean isOwed = isResumeOwed.get();
    // Waits for one that is under way.
    String problem = resume();
    if (isOwed) {
      terminal.note(problem == null ? "The connector has been resumed." : problem);
    }
    terminal.note(change.text + (change == OffsetChange.NONE ? "" : " " + look()));
  }

  /** A change that is under way ends first, so that what is said of it is true. */
  private void awaitChange() {
    try {
      if (changing.tryLock(CHANGES_WITHIN_SECONDS, TimeUnit.SECONDS)) {
        changing.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What is to be said is said: the end of the process needs nothing more. */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(ending);
    } catch (IllegalStateException e) {
      // The process is ending already.
    }
  }
}
