package io.callrecords.connect.feed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves that a token stands for one text, is the same everywhere, and cannot be had otherwise. */
class PseudonymizerTest {
  private static final String KEY = "0123456789abcdef0123456789abcdef";
  private static final String NUMBER = "4915199887766";

  /** printf %s 4915199887766 | openssl dgst -sha256 -hmac 0123456789abcdef0123456789abcdef */
  private static final String TOKEN =
      "d9736f8842baf51eb72421a01253e9a69505dac18c09884983316117eb34c80b";

  private final Pseudonymizer pseudonymizer = new Pseudonymizer(KEY, false);

  @Test
  void isWhatAnyoneWithTheKeyCanCompute() {
    assertThat(pseudonymizer.token(NUMBER)).isEqualTo(TOKEN);
    assertThat(new Pseudonymizer(KEY, false).token(NUMBER)).isEqualTo(TOKEN);
  }

  /** The command of docs/SECURITY.md, where there is a Python to run it. */
  @Tag("slow")
  @Test
  void isWhatTheCommandOfThePagePrints() throws Exception {
    String page = Files.readString(Path.of("docs", "SECURITY.md"));
    Matcher block =
        Pattern.compile("<!-- block: tokens -->\\s+```sh\n(.*?)```", Pattern.DOTALL).matcher(page);
    assertThat(block.find()).isTrue();

    assertThat(run(block.group(1)).lines())
        .containsExactly(TOKEN, pseudonymizer.phoneToken("0151 99887766"));
  }

  /** What a shell prints that has the key in its environment, with a line break behind it. */
  private static String run(String script) throws InterruptedException {
    ProcessBuilder shell = new ProcessBuilder("sh", "-c", script).redirectErrorStream(true);
    shell.environment().put("CALL_RECORDS_TOKEN_KEY", KEY + "\n");
    try {
      Process process = shell.start();
      String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
      process.waitFor();
      return printed;
    } catch (IOException e) {
      return "no shell: " + e.getMessage();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"+4915199887766", "0049 151 99887766", " 49-151-99887766"})
  void isTheSameForANumberHoweverItIsWritten(String text) {
    assertThat(pseudonymizer.phoneToken(text)).isEqualTo(TOKEN);
  }

  /** An account or a price is another one if it is written otherwise. */
  @Test
  void countsAsItIsWhereItIsNoPhoneNumber() {
    for (int i = 0; i < 2; i++) {
      assertThat(pseudonymizer.token(NUMBER)).isEqualTo(pseudonymizer.phoneToken(NUMBER));
      assertThat(pseudonymizer.token("0012345678")).isNotEqualTo(pseudonymizer.token("12345678"));
      assertThat(pseudonymizer.token("1234567.5")).isNotEqualTo(pseudonymizer.token("12345675"));
      assertThat(pseudonymizer.token("+49 151 99887766"))
          .isNotEqualTo(pseudonymizer.phoneToken("+49 151 99887766"));
      assertThat(pseudonymizer.token(" " + NUMBER + " ")).isEqualTo(TOKEN);
      assertThat(pseudonymizer.phoneToken("Agent")).isEqualTo(pseudonymizer.token("Agent"));
    }
  }

  @Test
  void isAnotherWithAnotherKeyOrText() {
    assertThat(new Pseudonymizer(KEY.replace('0', '1'), false).token(NUMBER)).isNotEqualTo(TOKEN);
    assertThat(pseudonymizer.token("4915199887767")).isNotEqualTo(TOKEN);
    assertThat(pseudonymizer.token("Agent")).isNotEqualTo(pseudonymizer.token("agent"));
  }

  @Test
  void mayShowTheCountryCodeOfANumberAndOfNothingElse() {
    Pseudonymizer keeping = new Pseudonymizer(KEY, true);

    assertThat(keeping.phoneToken("+49 151 99887766")).isEqualTo("49-" + TOKEN);
    assertThat(keeping.phoneToken("0151 99887766")).isEqualTo(pseudonymizer.token("015199887766"));
    assertThat(keeping.phoneToken("9991234567")).isEqualTo(pseudonymizer.token("9991234567"));
    assertThat(keeping.phoneToken("Agent Y")).isEqualTo(pseudonymizer.token("Agent Y"));
    assertThat(keeping.token(NUMBER)).isEqualTo(TOKEN);
  }

  /** Else each response would bring another version of the call. */
  @Test
  void isTheSameWhenAnAddressIsSignedAnew() {
    String address = "https://recordings.example.com/4711.wav";

    assertThat(pseudonymizer.token(address + "?sign=x"))
        .isEqualTo(pseudonymizer.token(address + "?sign=y"))
        .isEqualTo(pseudonymizer.token(address));
    assertThat(pseudonymizer.token("why? x")).isNotEqualTo(pseudonymizer.token("why? y"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t\n"})
  void nothingHasNone(String blank) {
    assertThat(pseudonymizer.token(blank)).isEqualTo(blank);
  }

  @Test
  void anyThreadGetsTheSame() {
    Set<String> tokens = ConcurrentHashMap.newKeySet();
    IntStream.range(0, 20_000).parallel().forEach(i -> tokens.add(pseudonymizer.token(NUMBER)));

    assertThat(tokens).containsExactly(TOKEN);
  }
}
