package io.callrecords.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
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
    if (file != null) {
      Path folder = folder(option, file);
      ensureWritable(option, file, Files.exists(file) ? file : folder);
    }
  }

  /**
   * The same for a file in whose place another one is moved: only its folder has to be writable.
   *
   * @param option the option that names it
   * @param file the file; null for none
   * @throws CliException when it cannot be replaced
   */
  public static void checkReplaced(String option, @Nullable Path file) {
    if (file != null) {
      ensureWritable(option, file, folder(option, file, LinkOption.NOFOLLOW_LINKS));
    }
  }

  private static Path folder(String option, Path file, LinkOption... links) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || Files.isDirectory(file, links)) {
      throw CliException.usage(option + " " + file + " is a folder. Name a file");
    }
    if (!Files.isDirectory(folder)) {
      throw CliException.usage(
          option
              + " "
              + file
              + " is in a folder that does not exist: there is no folder "
              + folder
              + ". Make it, or name another");
    }
    return folder;
  }

  private static void ensureWritable(String option, Path file, Path written) {
    if (!Files.isWritable(written)) {
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
