package io.callrecords.connect.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is blanked of a page, and that everything else stays where it is. */
class BlankedPageTest {
  private static final int MEBIBYTE = 1024 * 1024;

  @Test
  void blanksWhatARowHasBeyondTheLimitsAndMovesNothing() {
    String digits = "7".repeat(BlankedPage.MAX_DIGITS + 1);
    String body = "{'data':{'records':[{'a':1},{'b':%s,'c':'d'}]}}".formatted(digits);

    BlankedPage page = Objects.requireNonNull(of(body));

    assertThat(text(page))
        .isEqualTo(json(body).replace(digits, "0" + " ".repeat(BlankedPage.MAX_DIGITS)));
    assertThat(page.problemAt(body.indexOf("{'b'"))).isEqualTo("has a number that is too long");
    assertThat(page.problemAt(body.indexOf("{'a'"))).isNull();
  }

  @Test
  void leavesWhatIsNoRowAsItIs() {
    String digits = "7".repeat(BlankedPage.MAX_DIGITS + 1);

    assertThat(of("{'data':{'records':[{'a':1}],'n':%s}}".formatted(digits))).isNull();
    assertThat(of("{'records':[{'a':%s}]}".formatted(digits))).isNull();
    assertThat(of("{'data':[{'records':[%s]}]}".formatted(digits))).isNull();
    assertThat(of("{'data':{'records':{'a':%s}}}".formatted(digits))).isNull();
    assertThat(of("{'data':{'more':[%s],'records':[]}}".formatted(digits))).isNull();
    assertThat(of("{'other':{'records':[%s]},'data':{'records':[]}}".formatted(digits))).isNull();
  }

  /** What nobody reads is blanked as well, but nothing is wrong with its row. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "'hidden':%s",
        "'hidden' : [1,{'a':%s}]",
        "'a':1,'\\u0068idden':%s,'c':2",
        "'hidden':{'a':%s},'hidden2':%s"
      })
  void hasNoProblemWithWhatNobodyReads(String fields) {
    String digits = "7".repeat(BlankedPage.MAX_DIGITS + 1);
    String row = "{" + fields.replace("%s", digits) + "}";
    String body = "{'data':{'records':[{'a':1},%s]}}".formatted(row);

    BlankedPage page = Objects.requireNonNull(of(body));

    assertThat(text(page)).doesNotContain(digits).hasSize(body.length());
    assertThat(page.problemAt(body.indexOf(row))).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'hidden':%1$s,'a':%1$s}",
        "{'hidden':{'a':1},'a':{'hidden':%1$s}}",
        "{'hidden':1,'a%1$s%1$s%1$s%1$s%1$s':1}",
        "{'a':'hidden','b':%1$s}",
        "%1$s",
        "['hidden',%1$s]",
        "[{'hidden':%1$s}]"
      })
  void hasTheProblemOfAFieldThatIsRead(String form) {
    String row = form.formatted("7".repeat(BlankedPage.MAX_DIGITS + 1));
    String body = "{'data':{'records':[{'hidden':1},%s]}}".formatted(row);

    assertThat(Objects.requireNonNull(of(body)).problemAt(body.indexOf("," + row) + 1)).isNotNull();
  }

  /** A page with what is no JSON is no page, wherever that stands. */
  @ParameterizedTest
  @ValueSource(strings = {"{'a':1", "[!]", "{!}", "[1,]", "['\\x']"})
  void leavesWhatIsNoJsonAsItIs(String odd) {
    String deep = "[".repeat(BlankedPage.MAX_DEPTH) + odd + "]".repeat(BlankedPage.MAX_DEPTH);

    assertThat(of("{'data':{'records':[{'a':1,'b':%s}]}}".formatted(deep))).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1.2.3%s", "0%s", "-0%s", "-%s.", "%s.e1", "%se", "%se+", "%s-", "1e%s.1"})
  void leavesANumberThatIsNoneAsItIs(String form) {
    String digits = form.formatted("7".repeat(BlankedPage.MAX_DIGITS + 1));

    assertThat(of("{'data':{'records':[{'a':%s}]}}".formatted(digits))).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"%s", "-%s", "0.%s", "%s.5", "%se1", "%s.5E+1", "1e%s", "-0.0e-%s"})
  void blanksANumberInEachOfItsForms(String form) {
    String digits = form.formatted("7".repeat(BlankedPage.MAX_DIGITS + 1));

    assertThat(of("{'data':{'records':[{'a':%s}]}}".formatted(digits))).isNotNull();
  }

  /** Far deeper than is looked into: the reader stays within its limits. */
  @Test
  void blanksWhatIsFarTooDeep() {
    String deep = "[".repeat(200_000) + "]".repeat(200_000);

    assertThat(of("{'data':{'records':[{'a':%s}]}}".formatted(deep))).isNotNull();
  }

  /** Names are looked at once: a parser that knows them again would keep them for ever. */
  @Test
  void keepsNothingOfWhatItHasBlanked() {
    long before = usedHeap();
    for (int i = 0; i < 64; i++) {
      String deep =
          "[".repeat(BlankedPage.MAX_DEPTH) + "{'%s':1}" + "]".repeat(BlankedPage.MAX_DEPTH);
      String name = i + "n".repeat(MEBIBYTE);

      assertThat(of("{'data':{'records':[{'a':%s}]}}".formatted(deep.formatted(name)))).isNotNull();
    }

    assertThat(usedHeap() - before).isLessThan(16 * MEBIBYTE);
  }

  private static long usedHeap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  @Test
  void anyBytesHaveAnEnd() {
    String[] pieces = {
      "{",
      "}",
      "[",
      "]",
      "'",
      "\\",
      ":",
      ",",
      " ",
      "1",
      "-",
      "'data':{",
      "'records':[",
      "7".repeat(300)
    };
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder body = new StringBuilder(random.nextBoolean() ? "{'data':{'records':[" : "");
      for (int j = random.nextInt(200); j > 0; j--) {
        body.append(pieces[random.nextInt(pieces.length)]);
      }
      BlankedPage page = of(body.toString());
      if (page != null) {
        assertThat(page.bytes()).hasSize(body.length());
      }
    }
  }

  private static @Nullable BlankedPage of(String body) {
    byte[] bytes = json(body).getBytes(StandardCharsets.UTF_8);
    return BlankedPage.of(bytes, bytes.length, name -> !name.startsWith("hidden"));
  }

  private static String text(BlankedPage page) {
    return new String(page.bytes(), StandardCharsets.UTF_8);
  }

  private static String json(String body) {
    return body.replace('\'', '"');
  }
}
