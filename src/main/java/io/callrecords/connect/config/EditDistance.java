package io.callrecords.connect.config;

/** How many slips of the keyboard two texts are apart. */
final class EditDistance {
  /** What is longer is compared by its beginning: it comes from outside. */
  private static final int MAX_LENGTH = 100;

  private EditDistance() {}

  /**
   * The least number of characters to add, to drop, to replace, or to swap with their neighbour, to
   * get one text from another (optimal string alignment).
   */
  static int between(String one, String other) {
    String left = one.substring(0, Math.min(one.length(), MAX_LENGTH));
    String right = other.substring(0, Math.min(other.length(), MAX_LENGTH));
    int[][] distance = new int[left.length() + 1][right.length() + 1];
    for (int i = 0; i <= left.length(); i++) {
      for (int j = 0; j <= right.length(); j++) {
        if (i == 0 || j == 0) {
          distance[i][j] = i + j;
          continue;
        }
        int replaced = distance[i - 1][j - 1] + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
        int moved = Math.min(distance[i - 1][j], distance[i][j - 1]) + 1;
        distance[i][j] = Math.min(replaced, moved);
        if (i > 1
            && j > 1
            && left.charAt(i - 1) == right.charAt(j - 2)
            && left.charAt(i - 2) == right.charAt(j - 1)) {
          distance[i][j] = Math.min(distance[i][j], distance[i - 2][j - 2] + 1);
        }
      }
    }
    return distance[left.length()][right.length()];
  }
}
