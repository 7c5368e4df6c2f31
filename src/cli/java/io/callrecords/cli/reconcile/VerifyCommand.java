package io.callrecords.cli.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.callrecords.cli.CliCommand;
import io.callrecords.cli.CliException;
import io.callrecords.cli.ExitStatus;
import io.callrecords.cli.Terminal;
import io.callrecords.cli.reconcile.SummarySignature.KeyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks the signature of a summary. */
@Command(
    name = "verify",
    description = "Check that a summary is what reconcile has signed.",
    footer = {
      "",
      "Example: call-records reconcile verify november.json --key public.pem",
      "",
      "openssl pkey -in key.pem -pubout -out public.pem writes the public key of a private one."
    })
public final class VerifyCommand extends CliCommand {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Parameters(paramLabel = "SUMMARY", description = "The file that --summary has written.")
  private Path file;

  @Option(
      names = "--key",
      paramLabel = "FILE",
      required = true,
      description = "The public Ed25519 key, or the secret of the HMAC.")
  private Path keyFile;

  @Override
  protected ExitStatus run(Terminal terminal) {
    JsonNode document = document();
    String problem;
    try {
      problem = SummaryDocument.problem(document, SummarySignature.of(keyFile));
    } catch (KeyException e) {
      throw CliException.usage("--key: " + e.getMessage(), e);
    }
    JsonNode summary = document.path("summary");
    if (isJson()) {
      terminal.line(
          JSON.createObjectNode()
              .put("isVerified", problem == null)
              .put("problem", problem)
              .put("algorithm", document.at("/signature/algorithm").asText(null))
              .put("verdict", summary.path("verdict").asText(null))
              .put("notCompared", String.join(",", texts(summary.path("notCompared"))))
              .put("filters", String.join(",", texts(summary.path("filters"))))
              .toString());
    } else if (problem == null) {
      terminal.line(
          "Verified by %s: connector %s, %s to %s, made at %s: %s."
              .formatted(
                  document.at("/signature/algorithm").asText(),
                  summary.path("connector").asText(),
                  summary.path("range").path("from").asText(),
                  summary.path("range").path("to").asText(),
                  summary.path("ended").asText(),
                  conclusion(summary)));
      LeftOut.lines(texts(summary.path("notCompared")), texts(summary.path("filters")))
          .forEach(terminal::line);
    } else {
      terminal.line("Not verified: " + problem + ".");
    }
    return problem == null ? ExitStatus.WELL : ExitStatus.BAD;
  }

  private static String conclusion(JsonNode summary) {
    String text = summary.path("conclusion").asText();
    boolean isWell = summary.path("isWell").asBoolean();
    return text.isEmpty()
        ? isWell ? "all was well" : "all was not well"
        : text.replaceFirst("\\.$", "");
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(one -> texts.add(one.asText()));
    return texts;
  }

  private JsonNode document() {
    if (Files.isDirectory(file)) {
      throw CliException.usage(file + " is a folder. Name the file that --summary has written");
    }
    try {
      return JSON.readTree(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      throw CliException.usage(
          "There is no file " + file + ". Name the file that --summary has written", e);
    } catch (IOException e) {
      throw CliException.usage(
          file + " cannot be read as JSON. Name the file that --summary has written", e);
    }
  }
}
