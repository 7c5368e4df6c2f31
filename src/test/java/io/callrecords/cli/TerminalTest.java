package io.callrecords.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class TerminalTest {
  @Test
  void nothingFromOutsideSteersTheTerminal() {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Terminal terminal = new Terminal(new PrintWriter(out), new PrintWriter(err), false);

    terminal.line("a\u001b]0;title\u0007b\u009bc\u202ed\te\nf");
    terminal.note("\u001b[31mred\r");

    assertThat(out).hasToString("a\ufffd]0;title\ufffdb\ufffdc\ufffdd\te\nf\n");
    assertThat(err).hasToString("\ufffd[31mred\ufffd\n");
  }

  @Test
  void documentsKeepWhatTheTerminalWouldReplace() throws Exception {
    ObjectMapper json = new ObjectMapper();
    JsonNode document = json.createObjectNode().put("id", "a\u009bb\u202ec\u001bd\n");
    StringWriter out = new StringWriter();

    new Terminal(new PrintWriter(out), new PrintWriter(out), false)
        .line(JsonDocument.pretty(document));

    assertThat(json.readTree(out.toString())).isEqualTo(document);
    assertThat(out.toString()).doesNotContain("\u009b", "\u202e", "\u001b", "\ufffd");
  }
}
