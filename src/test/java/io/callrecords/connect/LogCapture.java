package io.callrecords.connect;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;

/** Keeps what a class logs, from its creation until it is closed. */
public final class LogCapture implements AutoCloseable {
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Logger logger;
  private final AbstractAppender appender;

  /** Captures all that a class logs, down to TRACE. */
  public LogCapture(Class<?> type) {
    this(type.getName());
  }

  /** Captures all that a class logs, down to TRACE; for one that is not public. */
  public LogCapture(String type) {
    LoggerContext context = (LoggerContext) LogManager.getContext(false);
    logger = context.getLogger(type);
    appender =
        new AbstractAppender("capture", null, null, false, Property.EMPTY_ARRAY) {
          @Override
          public void append(LogEvent event) {
            String failure = event.getThrown() == null ? "" : " " + event.getThrown();
            lines.add(event.getLevel() + " " + event.getMessage().getFormattedMessage() + failure);
          }
        };
    appender.start();
    // In this order: a first appender of its own gives a logger the level of its parent.
    logger.addAppender(appender);
    logger.setLevel(Level.TRACE);
  }

  /** What was logged so far: level, message, and the exception if there was one. */
  public List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  public void close() {
    logger.removeAppender(appender);
    // What the appender has configured has a level of its own: with it, the logger would not follow
    // its parent's from now on.
    logger.getContext().getConfiguration().removeLogger(logger.getName());
    logger.getContext().updateLoggers();
    appender.stop();
  }
}
