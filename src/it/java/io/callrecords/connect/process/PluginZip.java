package io.callrecords.connect.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** The packaged plugin as users download it. */
final class PluginZip {
  private static final String NAME = "kafka-connect-call-records-";

  private final Path zip;

  private PluginZip(Path zip) {
    this.zip = zip;
  }

  /** Finds it: the system property {@code plugin.zip} names it, or else it lies in target. */
  static PluginZip find() {
    String named = System.getProperty("plugin.zip");
    Path zip = named == null ? inTarget() : Path.of(named);
    if (!Files.isRegularFile(zip)) {
      throw new IllegalStateException("There is no " + zip + ": run mvn package first");
    }
    return new PluginZip(zip);
  }

  private static Path inTarget() {
    try (Stream<Path> files = Files.list(Path.of("target"))) {
      List<Path> found =
          files
              .filter(
                  file ->
                      file.getFileName().toString().startsWith(NAME)
                          && file.toString().endsWith(".zip"))
              .toList();
      if (found.size() != 1) {
        throw new IllegalStateException("Not one plugin in target, but " + found);
      }
      return found.get(0);
    } catch (IOException e) {
      throw new UncheckedIOException("No target folder: run mvn package first", e);
    }
  }

  /** The version in its name. */
  String version() {
    String file = zip.getFileName().toString();
    return file.substring(NAME.length(), file.length() - ".zip".length());
  }

  /** Unpacks it into a folder, as the installation says. */
  void unpackInto(Path folder) {
    try (InputStream in = Files.newInputStream(zip);
        ZipInputStream entries = new ZipInputStream(in)) {
      for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
        Path target = folder.resolve(entry.getName()).normalize();
        if (!target.startsWith(folder)) {
          throw new IOException("It leaves its folder: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else {
          Files.createDirectories(target.getParent());
          Files.copy(entries, target);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Could not unpack " + zip, e);
    }
  }
}
