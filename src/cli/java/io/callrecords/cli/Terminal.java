package io.callrecords.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Where a command writes: what was asked for on standard output, progress and warnings on standard
 * error.
 *
 * @param out standard output
 * @param err standard error
 * @param isInteractive whether a person looks at standard error, so that progress can be drawn
 */
public record Terminal(PrintWriter out, PrintWriter err, boolean isInteractive) {
  private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

  /** Controls but for line breaks and tabs, and what turns the direction of writing round. */
  static final Pattern CONTROLS =
      Pattern.compile("[\\p{Cc}\\u202a-\\u202e\\u2066-\\u2069&&[^\\r\\n\\t]]|\\r(?!\\n)");

  /** Whether standard error of this process is a terminal. */
  static boolean isErrorInteractive() {
    try {
      Path target = Files.readSymbolicLink(STANDARD_ERROR);
      return target.startsWith("/dev/pts") || target.toString().startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      // Not Linux, or a pipe: nothing is drawn.
      return false;
    }
  }

  /** A text without what would steer a terminal, such as what an API or a worker may send. */
  static String plain(String text) {
    return CONTROLS.matcher(text).replaceAll("\ufffd");
  }

  /** Writes a line of what was asked for. */
  public void line(String text) {
    out.println(plain(text));
  }

  /** Writes a line for whoever watches. */
  public void note(String text) {
    clearProgress();
    err.println(plain(text));
    err.flush();
  }

  /** Shows how far a command is, in place of what was shown before; nothing without a terminal. */
  public void progress(String text) {
    if (isInteractive) {
      err.print("\r\u001b[K" + plain(text));
      err.flush();
    }
  }

  /** Takes away what {@link #progress} has shown. */
  public void clearProgress() {
    if (isInteractive) {
      err.print("\r\u001b[K");
      err.flush();
    }
  }
}
