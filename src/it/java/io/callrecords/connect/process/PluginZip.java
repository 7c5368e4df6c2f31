package io.callrecords.connect.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

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

  /** Copies it with its checksum into a folder, as the build leaves both in target. */
  void copyInto(Path folder) {
    try {
      Files.createDirectories(folder);
      for (String end : List.of("", ".sha256")) {
        Path file = zip.resolveSibling(zip.getFileName() + end);
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Could not copy " + zip, e);
    }
  }

  /** The version in its name. */
  String version() {
    String file = zip.getFileName().toString();
    return file.substring(NAME.length(), file.length() - ".zip".length());
  }

  /**
   * Makes a ZIP of the same plugin under another version, as one that comes later would be.
   *
   * @param other the version
   * @param folder takes the ZIP
   */
  PluginZip withVersion(String other, Path folder) {
    Path target = folder.resolve(NAME + other + ".zip");
    try (ZipInputStream from = new ZipInputStream(Files.newInputStream(zip));
        ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(target))) {
      copy(from, to, other);
    } catch (IOException e) {
      throw new UncheckedIOException("Could not copy " + zip, e);
    }
    return new PluginZip(target);
  }

  private void copy(ZipInputStream from, ZipOutputStream to, String other) throws IOException {
    for (ZipEntry entry = from.getNextEntry(); entry != null; entry = from.getNextEntry()) {
      String name = entry.getName();
      to.putNextEntry(new ZipEntry(name.replace(NAME + version(), NAME + other)));
      if (name.endsWith("/version.properties")) {
        to.write(("version=" + other + "\n").getBytes(ISO_8859_1));
      } else if (name.contains("/lib/" + NAME)) {
        ByteArrayOutputStream jar = new ByteArrayOutputStream();
        ZipOutputStream inner = new ZipOutputStream(jar);
        copy(new ZipInputStream(from), inner, other);
        inner.finish();
        jar.writeTo(to);
      } else {
        from.transferTo(to);
      }
      to.closeEntry();
    }
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
