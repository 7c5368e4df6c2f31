package io.callrecords.connect.fetch;

/**
 * The pages of a window take more of the heap than a window may: its first page has not shown how
 * heavy its records are. It is cut, and its pieces are read instead.
 */
final class WindowTooHeavyException extends RuntimeException {
  private static final long serialVersionUID = 1;

  WindowTooHeavyException() {
    super("The records of a window take more memory than expected", null, false, false);
  }
}
