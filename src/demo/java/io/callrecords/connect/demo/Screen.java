package io.callrecords.connect.demo;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The terminal: lines that scroll, and below them one line that is written over while something
 * goes on. Where nobody looks at a terminal, the latter is left out. Thread-safe.
 */
final class Screen {
  private static final String CLEAR_LINE = "\r\u001B[2K";
  private static final String RESET = "\u001B[0m";

  private final PrintStream out;
  private final boolean interactive;
  private final boolean colours;
  private final boolean unicode;
  private String status = "";

  Screen(PrintStream out, boolean interactive, boolean colours, boolean unicode) {
    this.out = out;
    this.interactive = interactive;
    this.colours = colours;
    this.unicode = unicode;
  }

  /** How a text stands out. */
  enum Style {
    PLAIN(""),
    BOLD("\u001B[1m"),
    DIM("\u001B[2m"),
    GOOD("\u001B[32m"),
    BAD("\u001B[31m");

    private final String code;

    Style(String code) {
      this.code = code;
    }
  }

  /** The terminal of this process. */
  static Screen ofProcess() {
    Map<String, String> env = System.getenv();
    boolean terminal = isTerminal() && !env.getOrDefault("TERM", "dumb").equals("dumb");
    String locale =
        Stream.of("LC_ALL", "LC_CTYPE", "LANG")
            .map(name -> env.getOrDefault(name, ""))
            .filter(value -> !value.isEmpty())
            .findFirst()
            .orElse("");
    boolean unicode = locale.toLowerCase(Locale.ROOT).replace("-", "").contains("utf8");
    PrintStream out =
        new PrintStream(
            new FileOutputStream(FileDescriptor.out),
            true,
            unicode ? StandardCharsets.UTF_8 : StandardCharsets.US_ASCII);
    return new Screen(out, terminal, terminal && !env.containsKey("NO_COLOR"), unicode);
  }

  /** From Java 22 on there is a console even where there is no terminal; it says so. */
  @SuppressWarnings("SystemConsoleNull")
  private static boolean isTerminal() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }

  /** Whether a line that is written over is seen. */
  boolean isInteractive() {
    return interactive;
  }

  /** A text with its style, where the terminal shows styles. */
  String styled(Style style, String text) {
    return colours && style != Style.PLAIN ? style.code + text + RESET : text;
  }

  /** Prints an empty line. */
  void line() {
    line("");
  }

  /** Prints a line that stays. */
  synchronized void line(String text) {
    clearStatus();
    out.println(plain(text));
    drawStatus();
    out.flush();
  }

  /** Changes the line at the bottom; an empty text takes it away. */
  synchronized void status(String text) {
    if (interactive && !text.equals(status)) {
      clearStatus();
      status = text;
      drawStatus();
      out.flush();
    }
  }

  private void clearStatus() {
    if (!status.isEmpty()) {
      out.print(CLEAR_LINE);
    }
  }

  private void drawStatus() {
    out.print(plain(status));
  }

  /** A bar that is filled to a share. */
  String bar(double share, int width) {
    int filled = (int) (Math.max(0, Math.min(1, share)) * width);
    return "█".repeat(filled) + "░".repeat(width - filled);
  }

  /** What a terminal without Unicode can show of a text. */
  private String plain(String text) {
    return unicode
        ? text
        : text.replace("→", "->")
            .replace('█', '#')
            .replace('░', '.')
            .replace('·', '-')
            .replace('✓', '+')
            .replace('─', '-')
            .replace('…', ' ');
  }
}
