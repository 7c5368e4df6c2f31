package io.callrecords.connect.process;

import io.callrecords.connect.docs.PictureStyle;
import io.callrecords.connect.process.MonitoringFiles.Panel;
import io.callrecords.connect.process.MonitoringFiles.PanelQuery;
import io.callrecords.connect.process.PrometheusProcess.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** Draws the panels of the dashboard with what Prometheus holds for them. */
final class DashboardChart {
  private static final int COLUMNS = 3;
  private static final int WIDTH = 400;
  private static final int HEIGHT = 210;
  private static final int GAP = 10;
  private static final int HEADER = 34;
  private static final int LEFT = 52;
  private static final int RIGHT = 14;
  private static final int TOP = 34;
  private static final int BOTTOM = 46;

  /** What a gap between two points may be before the line is broken. */
  private static final Duration HOLE = Duration.ofSeconds(3);

  private static final List<String> COLOURS =
      List.of("#2b6cb0", "#dd6b20", "#2f855a", "#c53030", "#6b46c1", "#b7791f");

  private final String connector;
  private final List<Band> bands;
  private final StringBuilder svg = new StringBuilder();
  private Instant from = Instant.MAX;
  private Instant to = Instant.MIN;

  /**
   * A stretch of time in which something goes wrong.
   *
   * @param name says what
   */
  record Band(String name, Instant from, Instant to) {}

  private record DashboardLine(String legend, Map<Instant, Double> points) {}

  private record Drawn(Panel panel, List<DashboardLine> lines) {}

  private DashboardChart(String connector, List<Band> bands) {
    this.connector = connector;
    this.bands = bands;
  }

  /**
   * The picture as SVG.
   *
   * @param panels what is drawn, in order
   * @param data gives the series of a query
   * @param bands are shaded
   * @param connector whose data it is; legends leave it out
   */
  static String of(
      List<Panel> panels,
      Function<PanelQuery, List<Series>> data,
      List<Band> bands,
      String connector) {
    DashboardChart chart = new DashboardChart(connector, bands);
    List<Drawn> drawn = new ArrayList<>();
    for (Panel panel : panels) {
      List<DashboardLine> lines = new ArrayList<>();
      for (PanelQuery query : panel.queries()) {
        for (Series series : data.apply(query)) {
          chart.see(series);
          lines.add(new DashboardLine(chart.legend(query, series), series.points()));
        }
      }
      drawn.add(new Drawn(panel, lines));
    }
    return chart.draw(drawn);
  }

  private void see(Series series) {
    for (Instant at : series.points().keySet()) {
      from = at.isBefore(from) ? at : from;
      to = at.isAfter(to) ? at : to;
    }
  }

  private String legend(PanelQuery query, Series series) {
    String legend = query.legend();
    for (Map.Entry<String, String> label : series.labels().entrySet()) {
      String value = label.getValue().equals(connector) ? "" : label.getValue();
      legend = legend.replace("{{" + label.getKey() + "}}", value);
    }
    return legend.strip();
  }

  private String draw(List<Drawn> panels) {
    int rows = (panels.size() + COLUMNS - 1) / COLUMNS;
    int width = COLUMNS * (WIDTH + GAP) + GAP;
    int height = HEADER + rows * (HEIGHT + GAP);
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
            + " font-family=\"sans-serif\" font-size=\"12\" fill=\"#2d3748\">",
        width, height);
    add(PictureStyle.FOLLOWS_COLOUR_SCHEME);
    add("<rect width=\"%d\" height=\"%d\" fill=\"#edf2f7\"/>", width, height);
    header();
    for (int i = 0; i < panels.size(); i++) {
      int x = GAP + i % COLUMNS * (WIDTH + GAP);
      int y = HEADER + i / COLUMNS * (HEIGHT + GAP);
      panel(panels.get(i), x, y);
    }
    add("</svg>");
    return svg.toString();
  }

  private void header() {
    add(
        "<text x=\"%d\" y=\"23\" font-size=\"16\" font-weight=\"bold\">Call records source:"
            + " %s</text>",
        GAP + 2, escape(connector));
    int x = GAP + WIDTH;
    add("<text x=\"%d\" y=\"22\" fill=\"#4a5568\">what goes wrong:</text>", x);
    x += 112;
    for (int i = 0; i < bands.size(); i++) {
      String name = bands.get(i).name();
      add("<rect x=\"%d\" y=\"11\" width=\"22\" height=\"14\" fill=\"%s\"/>", x, shade(i));
      add("<text x=\"%d\" y=\"22\">%s</text>", x + 28, escape(name));
      x += 50 + 7 * name.length();
    }
  }

  private static String shade(int band) {
    return List.of("#fbd5d5", "#fde8c8", "#e4dbf7").get(band % 3);
  }

  private void panel(Drawn drawn, int x, int y) {
    add(
        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"3\" fill=\"#fff\""
            + " stroke=\"#cbd5e0\"/>",
        x, y, WIDTH, HEIGHT);
    add(
        "<text x=\"%d\" y=\"%d\" font-size=\"13\" font-weight=\"bold\">%s</text>",
        x + 12, y + 20, escape(drawn.panel().title()));
    Scale scale = Scale.of(drawn.lines(), drawn.panel().unit());
    int left = x + LEFT;
    int right = x + WIDTH - RIGHT;
    int top = y + TOP;
    int bottom = y + HEIGHT - BOTTOM;
    for (int i = 0; i < bands.size(); i++) {
      Band band = bands.get(i);
      double begin = across(band.from(), left, right);
      double end = across(band.to(), left, right);
      add(
          "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>",
          begin, top, Math.max(1, end - begin), bottom - top, shade(i));
    }
    for (double value = scale.low(); value <= scale.high() * 1.0001; value += scale.step()) {
      double at = bottom - scale.share(value) * (bottom - top);
      add("<path d=\"M%d %.1fH%d\" stroke=\"#e2e8f0\"/>", left, at, right);
      add(
          "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\" font-size=\"11\" fill=\"#4a5568\">%s</text>",
          left - 6, at + 4, scale.show(value));
    }
    for (int minute = 0; !from.plusSeconds(60L * minute).isAfter(to); minute++) {
      add(
          "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" font-size=\"11\" fill=\"#4a5568\">%s"
              + "</text>",
          across(from.plusSeconds(60L * minute), left, right),
          bottom + 15,
          minute == 0 ? "0" : minute + " min");
    }
    int legend = left;
    int baseline = bottom + 29;
    for (int i = 0; i < drawn.lines().size(); i++) {
      DashboardLine line = drawn.lines().get(i);
      String colour = COLOURS.get(i % COLOURS.size());
      line(line, colour, scale, left, right, top, bottom);
      if (!line.legend().isEmpty()) {
        int length = 26 + (int) (5.9 * line.legend().length());
        if (legend + length > right + RIGHT) {
          legend = left;
          baseline += 13;
        }
        add(
            "<path d=\"M%d %dh12\" stroke=\"%s\" stroke-width=\"3\"/>",
            legend, baseline - 4, colour);
        add(
            "<text x=\"%d\" y=\"%d\" font-size=\"11\">%s</text>",
            legend + 16, baseline, escape(line.legend()));
        legend += length;
      }
    }
  }

  private void line(
      DashboardLine line, String colour, Scale scale, int left, int right, int top, int bottom) {
    StringBuilder path = new StringBuilder();
    Instant last = Instant.MIN;
    for (Map.Entry<Instant, Double> point : line.points().entrySet()) {
      boolean isFirst = last.equals(Instant.MIN);
      boolean isCut = isFirst || Duration.between(last, point.getKey()).compareTo(HOLE) > 0;
      path.append(
          String.format(
              Locale.ROOT,
              "%s%.1f %.1f",
              isCut ? "M" : "L",
              across(point.getKey(), left, right),
              bottom - scale.share(point.getValue()) * (bottom - top)));
      last = point.getKey();
    }
    add("<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.6\"/>", path, colour);
  }

  private double across(Instant at, int left, int right) {
    double share =
        (double) Duration.between(from, at).toMillis() / Duration.between(from, to).toMillis();
    return left + Math.max(0, Math.min(1, share)) * (right - left);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  /** The values of a panel, and how they are shown: a few round ones from the least to the most. */
  private record Scale(double low, double high, double step, String unit) {
    static Scale of(List<DashboardLine> lines, String unit) {
      double most = 0;
      double least = 0;
      for (DashboardLine line : lines) {
        for (double value : line.points().values()) {
          most = Math.max(most, value);
          least = Math.min(least, value);
        }
      }
      double step = step(Math.max(most - least, unit.equals("s") ? .01 : .1) / 3, unit);
      double high = Math.max(step, Math.ceil(most / step - 1e-9) * step);
      return new Scale(Math.floor(least / step) * step, high, step, unit);
    }

    /** The next round number. */
    private static double step(double least, String unit) {
      if (unit.equals("s") && least > 10) {
        for (double step : new double[] {15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600}) {
          if (step >= least) {
            return step;
          }
        }
        return Math.ceil(least / 86_400) * 86_400;
      }
      double ten = Math.pow(10, Math.floor(Math.log10(least)));
      for (double factor : new double[] {1, 2, 5}) {
        if (factor * ten >= least * .9999) {
          return factor * ten;
        }
      }
      return 10 * ten;
    }

    double share(double value) {
      return (value - low) / (high - low);
    }

    String show(double value) {
      if (Math.abs(value) < step / 1000) {
        return "0";
      }
      if (unit.equals("percentunit")) {
        return number(value * 100, step * 100) + " %";
      }
      if (!unit.equals("s")) {
        return number(value, step);
      }
      if (high < 1 && low > -1) {
        return number(value * 1000, step * 1000) + " ms";
      }
      if (high <= 120) {
        return number(value, step) + " s";
      }
      if (high <= 7200) {
        return number(value / 60, step / 60) + " min";
      }
      return high <= 172_800
          ? number(value / 3600, step / 3600) + " h"
          : number(value / 86_400, step / 86_400) + " d";
    }

    private static String number(double value, double step) {
      int digits = step % 1 == 0 ? 0 : Math.max(1, (int) Math.ceil(-Math.log10(step) - 1e-9));
      return String.format(Locale.ROOT, "%,." + digits + "f", value);
    }
  }
}
