package io.callrecords.connect;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Texts of {@code src/test/resources} that pin what others rely on. */
public final class GoldenFile {
  private GoldenFile() {}

  /**
   * Reads one.
   *
   * @param path path below the resources, such as {@code offsets/v1.json}
   */
  public static String text(String path) {
    try (InputStream in = GoldenFile.class.getResourceAsStream("/" + path)) {
      if (in == null) {
        throw new IllegalArgumentException("src/test/resources has no " + path);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
