package io.callrecords.cli.replay;

import io.callrecords.cli.CliException;
import io.callrecords.cli.Terminal;
import io.callrecords.cli.connect.ConnectApi;
import io.callrecords.cli.connect.ConnectorStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Stops a connector, has something changed, and lets it go on, whatever happens meanwhile. */
final class ReplayRun {
  private static final Duration STOPS_WITHIN = Duration.ofMinutes(3);
  private static final int POLL_MILLIS = 500;

  private final ConnectApi connect;
  private final String connector;
  private final Terminal terminal;
  private final AtomicBoolean isResumeOwed = new AtomicBoolean();

  ReplayRun(ConnectApi connect, String connector, Terminal terminal) {
    this.connect = connect;
    this.connector = connector;
    this.terminal = terminal;
  }

  /**
   * Changes something while the connector is stopped. Whatever fails, and if the process is told to
   * end, the connector is resumed, or it is said that it is not.
   *
   * @param change what is done to the stopped connector
   * @throws CliException when something has failed; says in which state the connector is
   */
  void whileStopped(Runnable change) throws InterruptedException {
    Thread ending = new Thread(this::resumeAtEnd, "resume");
    Runtime.getRuntime().addShutdownHook(ending);
    try {
      isResumeOwed.set(true);
      terminal.progress("Stopping " + connector + " …");
      connect.stop(connector);
      awaitStopped();
      terminal.progress("Changing offsets …");
      change.run();
    } catch (RuntimeException | InterruptedException e) {
      // It may have failed in the very stop, which the worker has taken all the same.
      String after = resumeOnce();
      if (e instanceof InterruptedException interrupted) {
        throw interrupted;
      }
      String problem = e instanceof CliException ? e.getMessage() : e.toString();
      throw CliException.unseen("Nothing is sent again: " + problem + ". " + after, e);
    }
    String problem = resume();
    forget(ending);
    if (problem != null) {
      throw CliException.unseen(
          "The offsets are changed, but the connector is not resumed: " + problem);
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

  private void resumeAtEnd() {
    if (isResumeOwed.get()) {
      String problem = resume();
      terminal.note(problem == null ? "The connector has been resumed." : problem);
    }
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending already: the hook has nothing left to do.
    }
  }
}
