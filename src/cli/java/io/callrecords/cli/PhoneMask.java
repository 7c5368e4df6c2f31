package io.callrecords.cli;

/** Hides texts that say who somebody is. */
public final class PhoneMask {
  private static final int SHOWN = 2;

  private PhoneMask() {}

  /** A number of which the last two digits are left, such as {@code ••••••••••78}. */
  public static String of(String number) {
    int hidden = Math.max(0, number.length() - SHOWN);
    return number.length() <= SHOWN
        ? "•".repeat(number.length())
        : "•".repeat(hidden) + number.substring(hidden);
  }
}
