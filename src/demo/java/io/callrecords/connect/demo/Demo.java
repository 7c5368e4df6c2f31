package io.callrecords.connect.demo;

import io.callrecords.connect.demo.Screen.Style;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Shows the connector at work without anything to install: Kafka, a Connect worker and a simulated
 * API run in this process, and the terminal shows how the calls arrive.
 */
public final class Demo {
  private static final Path LOG = Path.of("target", "demo.log");
  private static final int SECONDS_TO_END = 15;

  private Demo() {}

  /** Runs until Ctrl-C, or as long as {@code --for} says. */
  public static void main(String[] args) {
    Screen screen = Screen.ofProcess();
    DemoOptions options;
    try {
      options = DemoOptions.parse(Arrays.asList(args));
    } catch (IllegalArgumentException e) {
      screen.line(e.getMessage());
      screen.line();
      DemoOptions.USAGE.lines().forEach(screen::line);
      System.exit(2);
      return;
    }
    if (options.help()) {
      DemoOptions.USAGE.lines().forEach(screen::line);
      return;
    }
    System.exit(run(screen, options));
  }

  private static int run(Screen screen, DemoOptions options) {
    CountDownLatch over = new CountDownLatch(1);
    Story told = new Story(screen, options, LOG);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  told.end();
                  await(over);
                  told.sweep();
                },
                "demo-end"));
    int code = 1;
    try {
      LogFile.use(LOG);
      sendRestToLog();
      code = told.tell();
    } catch (IOException | RuntimeException e) {
      screen.status("");
      screen.line(screen.styled(Style.BAD, "The demo has failed: " + e));
      screen.line("More is in " + LOG);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      over.countDown();
    }
    return code;
  }

  /** What Kafka prints past its logger would run through the picture. */
  private static void sendRestToLog() throws IOException {
    PrintStream rest =
        new PrintStream(new FileOutputStream(LOG.toFile(), true), true, StandardCharsets.UTF_8);
    System.setOut(rest);
    System.setErr(rest);
  }

  private static void await(CountDownLatch over) {
    try {
      if (!over.await(SECONDS_TO_END, TimeUnit.SECONDS)) {
        Runtime.getRuntime().halt(1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
