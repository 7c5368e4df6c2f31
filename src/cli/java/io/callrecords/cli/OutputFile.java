package io.callrecords.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Files that a command writes. */
public final class OutputFile {
  private OutputFile() {}

  /**
   * Refuses a file that cannot be written, before a command has done what it should be written of.
   *
   * @param option the option that names it
   * @param file the file; null for none
   * @throws CliException when it cannot be written
   */
  public static void check(String option, @Nullable Path file) {
    if (file == null) {
      return;
    }
    Path folder = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file) || folder == null) {
      throw CliException.usage(option + " " + file + " is a folder. Name a file");
    }
    if (!Files.isDirectory(folder)) {
      throw CliException.usage(
          option + " " + file + " cannot be written: there is no folder " + folder);
    }
    if (!Files.isWritable(Files.exists(file) ? file : folder)) {
      throw CliException.usage(
          option + " " + file + " cannot be written: this user has no right to write there");
    }
  }

  /**
   * Writes a text.
   *
   * @throws CliException when it cannot be written
   */
  public static void write(Path file, String text) {
    try {
      Files.writeString(file, text, UTF_8);
    } catch (IOException e) {
      throw CliException.usage(
          file + " cannot be written. Check whether its folder can be written to and has room", e);
    }
  }
}
