package io.callrecords.connect.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;

/**
 * The folder of a server that refuses to run as root: where this JVM does, the folder and the
 * server belong to the user that the server's package brings.
 *
 * @param path the folder
 * @param user that user
 */
record ServerFolder(Path path, String user) {
  /** Makes the folder in the home of a process. */
  static ServerFolder create(ProcessHome home, String user) throws IOException {
    ServerFolder folder =
        new ServerFolder(Files.createDirectory(home.folder().resolve("server")), user);
    if (isRoot()) {
      // The server's user has to get through to its own folder.
      Files.setPosixFilePermissions(home.folder(), PosixFilePermissions.fromString("rwx--x--x"));
      folder.handOver(folder.path);
    }
    return folder;
  }

  private void handOver(Path file) throws IOException {
    UserPrincipal owner =
        file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user);
    Files.setOwner(file, owner);
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  /** Writes a file that the server reads. */
  Path write(String name, String content) {
    try {
      Path file = Files.writeString(path.resolve(name), content);
      if (isRoot()) {
        handOver(file);
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException("Could not write " + name, e);
    }
  }

  /** A command that runs as that user. */
  List<String> command(String... words) {
    List<String> all = new ArrayList<>();
    if (isRoot()) {
      all.addAll(List.of("setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups", "--"));
    }
    all.addAll(List.of(words));
    return all;
  }
}
