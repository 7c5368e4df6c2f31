package io.callrecords.cli.reconcile;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.callrecords.cli.CliException;
import io.callrecords.cli.JsonDocument;
import io.callrecords.cli.OutputFile;
import io.callrecords.cli.reconcile.SummarySignature.KeyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the summary for an auditor goes, and what signs it. */
final class SummaryOptions {
  @Option(
      names = "--summary",
      paramLabel = "FILE",
      description = "Write the summary for an auditor to this file, with what was found.")
  private @Nullable Path file;

  @Option(
      names = "--sign-key",
      paramLabel = "FILE",
      description =
          "Sign the summary with the key in this file: a private Ed25519 key as openssl genpkey"
              + " writes it, or a secret of 32 bytes or more for an HMAC.")
  private @Nullable Path signKey;

  /** The file; null for none. */
  @Nullable Path file() {
    return file;
  }

  /**
   * What signs; null for nothing.
   *
   * @throws CliException when the key cannot
   */
  @Nullable SummarySignature signature() {
    Path key = signKey;
    if (key == null) {
      return null;
    }
    if (file == null) {
      throw CliException.usage(
          "--sign-key signs the summary, and none is written. Give --summary FILE as well, or leave"
              + " --sign-key out");
    }
    try {
      SummarySignature signature = SummarySignature.of(key);
      if (!signature.canSign()) {
        throw CliException.usage(
            "--sign-key " + key + " is a public key. Name the private one; verify takes this one");
      }
      return signature;
    } catch (KeyException e) {
      throw CliException.usage("--sign-key: " + e.getMessage(), e);
    }
  }

  /**
   * Writes the summary, where a file is named.
   *
   * @throws CliException when it cannot be written
   */
  void write(ObjectNode document) {
    Path target = file;
    if (target != null) {
      write(target, document);
    }
  }

  /** Writes a file that only its owner may read; a link is replaced, and not followed. */
  static void write(Path target, ObjectNode document) {
    Path temporary = null;
    try {
      // By itself, only its owner may read it.
      temporary = Files.createTempFile(folder(target), ".summary-", ".tmp");
      Files.writeString(temporary, JsonDocument.pretty(document) + "\n", UTF_8);
      Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      delete(temporary);
      throw CliException.usage("--summary " + target + " cannot be written: " + e.getMessage(), e);
    }
  }

  private static void delete(@Nullable Path temporary) {
    try {
      if (temporary != null) {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      // It is its owner's, and what matters is why it could not be moved.
    }
  }

  private static Path folder(Path target) {
    return Objects.requireNonNullElse(target.toAbsolutePath().getParent(), target);
  }

  /**
   * Checks that the summary can be written, before anything is read for it.
   *
   * @throws CliException when it cannot
   */
  void check() {
    OutputFile.checkReplaced("--summary", file);
  }
}
