package io.callrecords.connect.scenario;

import io.callrecords.connect.loop.EventLoop;
import java.time.Duration;

/** How many requests are under way, as a mean over time. */
public final class Traffic {
  private final EventLoop loop;
  private int underWay;
  private Duration at;
  private Duration since;
  private double requestSeconds;

  public Traffic(EventLoop loop) {
    this.loop = loop;
    this.at = loop.uptime();
    this.since = at;
  }

  public void begun() {
    goOn();
    underWay++;
  }

  public void ended() {
    goOn();
    underWay--;
  }

  private void goOn() {
    Duration now = loop.uptime();
    requestSeconds += underWay * seconds(now.minus(at));
    at = now;
  }

  /** Counts from now on. */
  public void countAnew() {
    goOn();
    requestSeconds = 0;
    since = at;
  }

  /** How many were under way at a time, since it was counted anew. */
  public double mean() {
    goOn();
    return requestSeconds / seconds(at.minus(since));
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
