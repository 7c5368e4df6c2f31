package io.callrecords.connect.process;

import io.callrecords.connect.docs.PictureStyle;
import io.callrecords.connect.process.SoakSample.Level;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Draws what a soak has measured: a line for each level, and where the worker was restarted. */
final class SoakChart {
  private static final int WIDTH = 760;
  private static final int LEFT = 40;
  private static final int TOP = 24;
  private static final int HEIGHT = 90;
  private static final int GAP = 44;

  private final List<SoakSample> samples;
  private final int heapLimit;
  private final double millis;
  private final StringBuilder svg = new StringBuilder();

  private SoakChart(List<SoakSample> samples, int heapLimit) {
    this.samples = samples;
    this.heapLimit = heapLimit;
    this.millis = samples.get(samples.size() - 1).at().toMillis();
  }

  /**
   * The picture as SVG.
   *
   * @param heapLimit how large the heap may be, in MiB
   */
  static String of(List<SoakSample> samples, int heapLimit) {
    return new SoakChart(samples, heapLimit).draw();
  }

  private String draw() {
    int height = Level.values().length * (HEIGHT + GAP);
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
            + " font-family=\"sans-serif\" font-size=\"12\">",
        WIDTH, height);
    add(PictureStyle.FOLLOWS_COLOUR_SCHEME);
    add("<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>", WIDTH, height);
    int top = TOP;
    for (Level level : Level.values()) {
      panel(level, top);
      top += HEIGHT + GAP;
    }
    add("</svg>");
    return svg.toString();
  }

  private void panel(Level level, int top) {
    int limit = level == Level.HEAP ? heapLimit : 0;
    double most = 1.1 * Math.max(limit, samples.stream().mapToDouble(level::of).max().orElse(1));
    int bottom = top + HEIGHT;
    if (limit > 0) {
      limit(limit, bottom - limit / most * HEIGHT);
    }
    add("<text x=\"%d\" y=\"%d\">%s</text>", LEFT, top - 6, level.heading());
    for (double share : new double[] {0, .5, 1}) {
      double y = bottom - share * HEIGHT;
      add("<path d=\"M%d %.1fH%d\" stroke=\"#ddd\"/>", LEFT, y, WIDTH - 10);
      add(
          "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\" fill=\"#555\">%.0f</text>",
          LEFT - 5, y + 4, share * most);
    }
    for (int minute = 0; minute * 60_000 <= millis; minute += 2) {
      add(
          "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#555\">%d min</text>",
          x(Duration.ofMinutes(minute)), bottom + 15, minute);
    }
    for (int i = 1; i < samples.size(); i++) {
      if (samples.get(i).life() != samples.get(i - 1).life()) {
        double x = (x(samples.get(i).at()) + x(samples.get(i - 1).at())) / 2;
        add("<path d=\"M%.1f %dV%d\" stroke=\"#c33\" stroke-dasharray=\"3\"/>", x, top, bottom);
      }
    }
    String points =
        samples.stream()
            .map(
                sample ->
                    String.format(
                        Locale.ROOT,
                        "%.1f,%.1f",
                        x(sample.at()),
                        bottom - level.of(sample) / most * HEIGHT))
            .collect(Collectors.joining(" "));
    add("<polyline fill=\"none\" stroke=\"#27c\" stroke-width=\"1.5\" points=\"%s\"/>", points);
  }

  private void limit(int limit, double y) {
    add("<path d=\"M%d %.1fH%d\" stroke=\"#27c\" stroke-dasharray=\"5 4\"/>", LEFT, y, WIDTH - 10);
    add(
        "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\" fill=\"#27c\">-Xmx%dm</text>",
        WIDTH - 10, y + 14, limit);
  }

  private double x(Duration at) {
    return LEFT + at.toMillis() / millis * (WIDTH - 10 - LEFT);
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
