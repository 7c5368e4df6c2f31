package io.callrecords.connect.bench;

import io.callrecords.connect.docs.PictureStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Draws lines over two axes that begin at zero. */
final class LineChart {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 320;
  private static final int LEFT = 64;
  private static final int RIGHT = 16;
  private static final int TOP = 60;
  private static final int BOTTOM = 44;
  private static final int STEPS = 5;
  private static final int LETTER = 7;
  private static final List<String> COLOURS = List.of("#2b6cb0", "#dd6b20", "#2f855a", "#6b46c1");

  private final String title;
  private final String across;
  private final List<ChartLine> lines = new ArrayList<>();
  private final StringBuilder svg = new StringBuilder();

  /** Where a line passes. */
  record Point(double x, double y) {}

  private record ChartLine(String name, List<Point> points, String colour, boolean dashed) {}

  /**
   * Begins a chart.
   *
   * @param title says what is drawn upwards
   * @param across says what is drawn to the right
   */
  LineChart(String title, String across) {
    this.title = title;
    this.across = across;
  }

  /** Adds what was measured. */
  LineChart line(String name, List<Point> points) {
    lines.add(new ChartLine(name, points, COLOURS.get(measured() % COLOURS.size()), false));
    return this;
  }

  /** Adds what the last line could have been at best. */
  LineChart bound(String name, List<Point> points) {
    String colour = COLOURS.get(Math.floorMod(measured() - 1, COLOURS.size()));
    lines.add(new ChartLine(name, points, colour, true));
    return this;
  }

  private int measured() {
    return (int) lines.stream().filter(line -> !line.dashed).count();
  }

  /** The picture as SVG. */
  String draw() {
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
            + " font-family=\"sans-serif\" font-size=\"12\">",
        WIDTH, HEIGHT);
    add(PictureStyle.FOLLOWS_COLOUR_SCHEME);
    add("<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>", WIDTH, HEIGHT);
    add("<text x=\"%d\" y=\"20\" font-size=\"14\">%s</text>", LEFT, title);
    double mostX = nice(most(Point::x));
    double mostY = nice(most(Point::y));
    axes(mostX, mostY);
    int legend = LEFT;
    for (ChartLine line : lines) {
      String dash = line.dashed ? " stroke-dasharray=\"5 4\"" : "";
      String points =
          line.points.stream()
              .map(point -> at(point, mostX, mostY))
              .collect(Collectors.joining(" "));
      add(
          "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.8\"%s points=\"%s\"/>",
          line.colour, dash, points);
      add(
          "<path d=\"M%d 38h22\" stroke=\"%s\" stroke-width=\"1.8\"%s/>",
          legend, line.colour, dash);
      add("<text x=\"%d\" y=\"42\">%s</text>", legend + 26, line.name);
      legend += 44 + line.name.length() * LETTER;
    }
    add("</svg>");
    return svg.toString();
  }

  private double most(ToDoubleFunction<Point> value) {
    return lines.stream().flatMap(line -> line.points.stream()).mapToDouble(value).max().orElse(1);
  }

  /** A number above that is easily divided by the steps. */
  private static double nice(double most) {
    double unit = Math.pow(10, Math.floor(Math.log10(Math.max(most, 1e-9) / STEPS)));
    for (double factor : new double[] {1, 2, 2.5, 5, 10}) {
      if (unit * factor * STEPS >= most) {
        return unit * factor * STEPS;
      }
    }
    return most;
  }

  private void axes(double mostX, double mostY) {
    int bottom = HEIGHT - BOTTOM;
    for (int step = 0; step <= STEPS; step++) {
      double y = bottom - step * (double) (bottom - TOP) / STEPS;
      add("<path d=\"M%d %.1fH%d\" stroke=\"#ddd\"/>", LEFT, y, WIDTH - RIGHT);
      add(
          "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\" fill=\"#555\">%s</text>",
          LEFT - 6, y + 4, label(mostY * step / STEPS));
      double x = LEFT + step * (double) (WIDTH - RIGHT - LEFT) / STEPS;
      add(
          "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#555\">%s</text>",
          x, bottom + 16, label(mostX * step / STEPS));
    }
    add(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"end\" fill=\"#555\">%s</text>",
        WIDTH - RIGHT, HEIGHT - 8, across);
  }

  private static String label(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%,.0f", value)
        : String.format(Locale.ROOT, "%.1f", value);
  }

  private static String at(Point point, double mostX, double mostY) {
    return String.format(
        Locale.ROOT,
        "%.1f,%.1f",
        LEFT + point.x / mostX * (WIDTH - RIGHT - LEFT),
        HEIGHT - BOTTOM - point.y / mostY * (HEIGHT - BOTTOM - TOP));
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
