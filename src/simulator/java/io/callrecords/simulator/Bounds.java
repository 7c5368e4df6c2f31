package io.callrecords.simulator;

/** Whether the two ends of a query's range belong to it. */
public enum Bounds {
  CLOSED("[]", true, true),
  CLOSED_OPEN("[)", true, false),
  OPEN_CLOSED("(]", false, true),
  OPEN("()", false, false);

  private final String symbol;
  private final boolean fromBelongs;
  private final boolean toBelongs;

  Bounds(String symbol, boolean fromBelongs, boolean toBelongs) {
    this.symbol = symbol;
    this.fromBelongs = fromBelongs;
    this.toBelongs = toBelongs;
  }

  /** The bounds written as in mathematics. */
  public static Bounds of(String symbol) {
    for (Bounds bounds : values()) {
      if (bounds.symbol.equals(symbol)) {
        return bounds;
      }
    }
    throw new IllegalArgumentException("Bounds are one of [] [) (] (), not " + symbol);
  }

  public String symbol() {
    return symbol;
  }

  /** The first whole second inside a range that begins at {@code from}, in epoch seconds. */
  long first(long from) {
    return fromBelongs ? from : from + 1;
  }

  /** The last whole second inside a range that ends at {@code to}, in epoch seconds. */
  long last(long to) {
    return toBelongs ? to : to - 1;
  }
}
