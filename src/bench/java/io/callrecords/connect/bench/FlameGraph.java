package io.callrecords.connect.bench;

import io.callrecords.connect.bench.Profile.Frame;
import io.callrecords.connect.docs.PictureStyle;
import java.util.Locale;

/**
 * Draws a profile: each method is as wide as its share of the samples, above the one that called
 * it. The connector's own code is told from what the worker does by its colour.
 */
final class FlameGraph {
  private static final int WIDTH = 1200;
  private static final int ROW = 15;
  private static final int LETTER = 6;
  private static final int TOP = 46;
  private static final double NARROWEST = .0015;
  private static final int SHORTEST_LABEL = 4;

  private final long all;
  private final int depth;
  private final StringBuilder svg = new StringBuilder();

  private FlameGraph(Frame root) {
    all = Math.max(1, root.samples());
    depth = depth(root);
  }

  /** The picture as SVG. */
  static String of(Profile profile, String title) {
    return new FlameGraph(profile.root()).draw(profile.root(), title);
  }

  private String draw(Frame root, String title) {
    int height = TOP + (depth + 1) * ROW;
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
            + " font-family=\"monospace\" font-size=\"10\">",
        WIDTH, height);
    add(PictureStyle.FOLLOWS_COLOUR_SCHEME);
    add("<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>", WIDTH, height);
    add(
        "<text x=\"4\" y=\"16\" font-size=\"13\" font-family=\"sans-serif\">%s: %d samples</text>",
        escape(title), all);
    legend();
    frame(root, 0, height - ROW, false);
    add("</svg>");
    return svg.toString();
  }

  private void legend() {
    int x = 4;
    for (FrameKind kind : FrameKind.values()) {
      add("<rect x=\"%d\" y=\"24\" width=\"10\" height=\"10\" fill=\"%s\"/>", x, kind.colour);
      add(
          "<text x=\"%d\" y=\"33\" font-family=\"sans-serif\" font-size=\"11\">%s</text>",
          x + 14, kind.title);
      x += 30 + kind.title.length() * LETTER;
    }
  }

  /** Whose code a method is. */
  private enum FrameKind {
    OWN("the connector", "#f4a261"),
    BROUGHT("Jackson and OkHttp, called by it", "#f6d6a8"),
    WORKER("the worker, its converter and producer", "#a8c7e8"),
    OTHER("threads and the JDK", "#ddd");

    private final String title;
    private final String colour;

    FrameKind(String title, String colour) {
      this.title = title;
      this.colour = colour;
    }

    static FrameKind of(Frame frame, boolean below) {
      String type = frame.type();
      if (type.startsWith("io.callrecords.")) {
        return OWN;
      }
      if (type.startsWith("org.apache.kafka.")) {
        return WORKER;
      }
      boolean library =
          type.startsWith("com.fasterxml.")
              || type.startsWith("okhttp3.")
              || type.startsWith("okio.");
      if (library) {
        return below || !type.startsWith("com.fasterxml.") ? BROUGHT : WORKER;
      }
      return OTHER;
    }
  }

  private void frame(Frame frame, long from, int y, boolean below) {
    double share = frame.samples() / (double) all;
    if (share < NARROWEST) {
      return;
    }
    double x = from * (double) WIDTH / all;
    double width = share * WIDTH;
    FrameKind kind = FrameKind.of(frame, below);
    add(
        "<g><title>%s, %.1f %%</title><rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\""
            + " fill=\"%s\" stroke=\"#fff\" stroke-width=\".5\"/>",
        escape(frame.name()), share * 100, x, y, width, ROW, kind.colour);
    int letters = (int) (width / LETTER) - 1;
    if (letters >= SHORTEST_LABEL) {
      String label = frame.name();
      add(
          "<text x=\"%.1f\" y=\"%d\">%s</text>",
          x + 2,
          y + ROW - 4,
          escape(label.length() > letters ? label.substring(0, letters) : label));
    }
    add("</g>");
    long at = from;
    for (Frame called : frame.called()) {
      frame(called, at, y - ROW, below || kind == FrameKind.OWN);
      at += called.samples();
    }
  }

  private int depth(Frame frame) {
    if (frame.samples() / (double) all < NARROWEST) {
      return 0;
    }
    return 1 + frame.called().stream().mapToInt(this::depth).max().orElse(0);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
