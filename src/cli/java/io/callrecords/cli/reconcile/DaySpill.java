package io.callrecords.cli.reconcile;

import io.callrecords.cli.reconcile.CallDigests.IdDigest;
import io.callrecords.cli.topic.TopicPlace;
import io.callrecords.connect.split.Split;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Cipher;
import javax.crypto.CipherInputStream;
import javax.crypto.CipherOutputStream;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What one pass over the topic leaves of each day: a temporary file with an entry of fixed length
 * for each record, so that the records of a range of days never have to be in memory together.
 *
 * <p>An entry has digests of the id and of the content, and where the record stands; nothing of the
 * record itself. Since a digest of something that can be guessed is no secret, the files are
 * encrypted as well, with a key that only this process has, and they are deleted when it ends.
 */
final class DaySpill implements AutoCloseable {
  private static final String CIPHER = "AES/CTR/NoPadding";
  private static final int BLOCK = 16;
  private static final int BUFFER = 1 << 16;

  private final Path folder;
  private final SecretKeySpec key;
  private final Map<Split, SpillFile> files = new TreeMap<>();
  private final Thread cleaner = new Thread(this::delete, "spill-cleaner");

  /** Makes a folder for the files that nobody else may read. */
  DaySpill() {
    byte[] bytes = new byte[BLOCK];
    new SecureRandom().nextBytes(bytes);
    key = new SecretKeySpec(bytes, "AES");
    try {
      folder = Files.createTempDirectory("call-records-reconcile-");
    } catch (IOException e) {
      throw new UncheckedIOException(
          "No temporary folder can be made; -Djava.io.tmpdir=FOLDER names another place", e);
    }
    Runtime.getRuntime().addShutdownHook(cleaner);
  }

  /** Notes a record of a day. */
  void add(Split day, TopicEntry entry) {
    try {
      SpillFile file = files.get(day);
      if (file == null) {
        file = new SpillFile(day);
        files.put(day, file);
      }
      file.add(entry);
    } catch (IOException e) {
      throw new UncheckedIOException("The temporary file of " + day + " cannot be written", e);
    }
  }

  /** What the topic has of a day; its file is deleted. */
  DigestTable take(Split day) {
    SpillFile file = files.remove(day);
    try {
      return file == null ? new DigestTable(0) : file.read();
    } catch (IOException e) {
      throw new UncheckedIOException("The temporary file of " + day + " cannot be read", e);
    }
  }

  /** Where the files are. */
  Path folder() {
    return folder;
  }

  @Override
  public void close() {
    delete();
    try {
      Runtime.getRuntime().removeShutdownHook(cleaner);
    } catch (IllegalStateException e) {
      // The process is ending, and deletes them itself.
    }
  }

  private synchronized void delete() {
    files.values().forEach(SpillFile::discard);
    files.clear();
    folder.toFile().delete();
  }

  private Cipher cipher(int mode, byte[] start) {
    try {
      Cipher cipher = Cipher.getInstance(CIPHER);
      cipher.init(mode, key, new IvParameterSpec(start));
      return cipher;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The file of one day. */
  private final class SpillFile {
    private final Path path;
    private final byte[] start = new byte[BLOCK];
    private @Nullable DataOutputStream out;
    private int entries;

    SpillFile(Split day) throws IOException {
      path = folder.resolve(day + ".digests");
      new SecureRandom().nextBytes(start);
      out =
          new DataOutputStream(
              new BufferedOutputStream(
                  new CipherOutputStream(
                      Files.newOutputStream(path), cipher(Cipher.ENCRYPT_MODE, start)),
                  BUFFER));
    }

    void add(TopicEntry entry) throws IOException {
      DataOutputStream file = out;
      if (file == null) {
        throw new IOException("The file is complete");
      }
      file.writeLong(entry.id().high());
      file.writeLong(entry.id().low());
      file.writeLong(entry.digest().first());
      file.writeLong(entry.digest().second());
      file.writeLong(entry.digest().third());
      file.writeLong(entry.digest().fourth());
      file.writeInt(entry.place().partition());
      file.writeLong(entry.place().offset());
      file.writeLong(entry.place().timestamp());
      file.writeInt(entry.secondOfDay());
      file.writeBoolean(entry.isReplayed());
      entries++;
    }

    DigestTable read() throws IOException {
      closeOutput();
      DigestTable table = new DigestTable(entries);
      try (DataInputStream in =
          new DataInputStream(
              new BufferedInputStream(
                  new CipherInputStream(
                      Files.newInputStream(path), cipher(Cipher.DECRYPT_MODE, start)),
                  BUFFER))) {
        for (int i = 0; i < entries; i++) {
          IdDigest id = new IdDigest(in.readLong(), in.readLong());
          CallDigest digest =
              new CallDigest(in.readLong(), in.readLong(), in.readLong(), in.readLong());
          TopicPlace place = new TopicPlace(in.readInt(), in.readLong(), in.readLong());
          table.add(new TopicEntry(id, digest, place, in.readInt(), in.readBoolean()));
        }
      } finally {
        Files.deleteIfExists(path);
      }
      return table;
    }

    private void closeOutput() throws IOException {
      DataOutputStream file = out;
      if (file != null) {
        out = null;
        file.close();
      }
    }

    void discard() {
      try {
        closeOutput();
        Files.deleteIfExists(path);
      } catch (IOException e) {
        path.toFile().deleteOnExit();
      }
    }
  }
}
