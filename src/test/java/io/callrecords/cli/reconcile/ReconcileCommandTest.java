package io.callrecords.cli.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.callrecords.cli.CallRecordsCli;
import io.callrecords.connect.TestSettings;
import io.callrecords.simulator.Quirks;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves what the commands say before anything is read, and of what they have signed. */
class ReconcileCommandTest {
  private final Instant midnight = Instant.now().truncatedTo(ChronoUnit.DAYS);

  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path config;

  @BeforeEach
  void writeConfig() throws Exception {
    Map<String, String> settings = new HashMap<>(TestSettings.minimal());
    settings.put("name", "calls");
    List<String> lines = new ArrayList<>();
    settings.forEach((name, value) -> lines.add(name + "=" + value));
    config = Files.write(folder.resolve("calls.properties"), lines);
  }

  private int run(String... further) {
    List<String> args = new ArrayList<>(List.of("reconcile"));
    args.addAll(Arrays.asList(further));
    return CallRecordsCli.run(
        new PrintWriter(out), new PrintWriter(err), args.toArray(String[]::new));
  }

  private int reconcile(String name, String... further) {
    List<String> args =
        new ArrayList<>(
            List.of(
                name,
                "--config",
                config.toString(),
                "--bootstrap-server",
                "localhost:1",
                "--timeout",
                "1"));
    args.addAll(Arrays.asList(further));
    return run(args.toArray(String[]::new));
  }

  @Test
  void refusesTheConfigurationOfAnotherConnector() {
    assertThat(reconcile("other", "--from", midnight.minus(9, ChronoUnit.DAYS).toString()))
        .isEqualTo(2);
    assertThat(err.toString()).contains("calls.properties", "calls", "other");
  }

  @Test
  void namesTheCauseOfARangeWithoutAnything() {
    String today = midnight.toString().substring(0, 10);
    String before = midnight.minus(3, ChronoUnit.DAYS).toString().substring(0, 10);

    assertThat(reconcile("calls", "--from", today, "--to", before)).isEqualTo(2);
    assertThat(err.toString()).contains("--from", "is not before --to");
    err.getBuffer().setLength(0);
    assertThat(reconcile("calls", "--from", Instant.now().toString())).isEqualTo(2);
    assertThat(err.toString()).contains("late.arrival.ms", "earlier --from", "give --to");
  }

  @Test
  void refusesASummaryInNoFolderBeforeItReads() {
    Path nowhere = folder.resolve("none/summary.json");

    assertThat(
            reconcile(
                "calls",
                "--from",
                midnight.minus(9, ChronoUnit.DAYS).toString(),
                "--summary",
                nowhere.toString()))
        .isEqualTo(2);
    assertThat(err.toString()).contains("no folder " + folder.resolve("none"));
    assertThat(err.toString()).doesNotContain("Asking the API", "Exception");
  }

  @Test
  void refusesAKeyThatSignsNothing() throws Exception {
    Path key = Files.writeString(folder.resolve("secret"), "0123456789abcdef0123456789abcdef");
    String from = midnight.minus(9, ChronoUnit.DAYS).toString();

    assertThat(reconcile("calls", "--from", from, "--sign-key", key.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("--sign-key", "--summary");
    assertThat(err.toString()).doesNotContain("Asking the API", "Exception");
  }

  @Test
  void saysThatAFileIsNotThere() throws Exception {
    Path none = folder.resolve("none.json");
    Path key = folder.resolve("none.pem");

    assertThat(run("verify", none.toString(), "--key", key.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("There is no file " + none).doesNotContain("JSON");
    err.getBuffer().setLength(0);
    Path summary = Files.writeString(folder.resolve("summary.json"), "{}");
    assertThat(run("verify", summary.toString(), "--key", key.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("--key", "here is no file " + key);
    err.getBuffer().setLength(0);
    assertThat(run("verify", folder.toString(), "--key", key.toString())).isEqualTo(2);
    assertThat(err.toString()).contains(folder + " is a folder");
  }

  @Test
  void aSummaryIsItsOwnersAndReplacesALink() throws Exception {
    Path target = Files.writeString(folder.resolve("target"), "kept");
    Path link = Files.createSymbolicLink(folder.resolve("summary.json"), target);
    ObjectNode document = summary(Set.of());

    SummaryOptions.write(link, document);

    assertThat(target).hasContent("kept");
    assertThat(link).isRegularFile();
    assertThat(Files.isSymbolicLink(link)).isFalse();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(link)))
        .isEqualTo("rw-------");
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(3);
    }
  }

  private ObjectNode summary(Set<String> ignored) throws Exception {
    Path key = Files.writeString(folder.resolve("secret"), "0123456789abcdef0123456789abcdef");
    Map<String, String> settings = Map.of("filter.call.types", "incoming");
    try (ReconciledAccount account =
        new ReconciledAccount(1, 20, 1, 1, Quirks.defaults(), settings)) {
      account.fill();
      ReconcileResult result = account.reconcile(JsonDecoder::new, ignored);
      out.append(String.join("\n", ReconcileReport.lines(result, false, null, null)));
      ObjectNode document = SummaryDocument.of(result, "test", false, SummarySignature.of(key));
      Files.delete(key);
      return document;
    }
  }

  @Test
  void saysWhatWasLeftOut() throws Exception {
    Path file = folder.resolve("summary.json");
    Files.writeString(file, summary(Set.of("labels", "remark")).toString());
    assertThat(out.toString()).contains("Not compared: labels, remark", "filter.call.types");
    out.getBuffer().setLength(0);
    Path key = Files.writeString(folder.resolve("secret"), "0123456789abcdef0123456789abcdef");

    assertThat(run("verify", file.toString(), "--key", key.toString())).isZero();

    assertThat(out.toString())
        .contains("HmacSHA256", "Not compared: labels, remark", "filter.call.types");
  }
}
