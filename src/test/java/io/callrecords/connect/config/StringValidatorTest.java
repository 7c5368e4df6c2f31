package io.callrecords.connect.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves that errors name setting, value and way out, and never what may be a secret. */
class StringValidatorTest {
  private static final StringValidator DIGITS =
      StringValidator.matching("digits", "[0-9]+", "must consist of digits");

  @Test
  void namesTheSettingTheValueAndWhatTheValueMustBe() {
    assertThatThrownBy(() -> DIGITS.ensureValid("page.size", "ten"))
        .isInstanceOf(ConfigException.class)
        .hasMessage("Invalid value ten for configuration page.size: must consist of digits");
  }

  @Test
  void namesNoValueThatIsToBeHidden() {
    assertThatThrownBy(() -> DIGITS.hidingValue().ensureValid("filter.number", "Alice"))
        .isInstanceOf(ConfigException.class)
        .hasMessage("Invalid value for configuration filter.number: must consist of digits")
        .hasNoCause();
  }

  @ParameterizedTest
  @CsvSource({
    "https://user:hunter2@host/path, https://[hidden]@host/path",
    "user:hunter2@host, [hidden]@host",
    "http://a@hunter2@host, http://[hidden]@host",
    "'http://us er:hun\nter2@host', http://[hidden]@host"
  })
  void hidesWhatPrecedesTheHostOfAUrl(String value, String shown) {
    assertThatThrownBy(() -> DIGITS.ensureValid("api.url", value))
        .hasMessageContaining("Invalid value " + shown + " for")
        .hasMessageNotContaining("hunter2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://host/path?token=hunter2",
        "https://host/path?a=b&token=hunter2#c",
        "host/path#hunter2",
        "https://ho st/path?token=hunter2",
        "https://host/path?mail=a@b&token=hunter2",
        "https://user:hunter2?x@host/path"
      })
  void hidesTheQueryOfAUrl(String value) {
    assertThatThrownBy(() -> DIGITS.ensureValid("api.url", value))
        .hasMessageContaining("/")
        .hasMessageContaining("[hidden] for configuration api.url")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void showsAValueOnOneShortLine() {
    assertThatThrownBy(() -> DIGITS.ensureValid("page.size", "1\nERROR it " + "x".repeat(200)))
        .hasMessageStartingWith("Invalid value 1?ERROR it xxx")
        .hasMessageContaining("x... for configuration page.size")
        .hasMessageNotContaining("\n")
        .hasMessageNotContaining("x".repeat(100));
  }

  @Test
  void leavesASettingThatIsNotSetAlone() {
    assertThatCode(() -> DIGITS.ensureValid("page.size", null)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t\n"})
  void refusesBlanks(String text) {
    assertThatThrownBy(() -> StringValidator.notBlank("labels").ensureValid("filter.labels", text))
        .hasMessageEndingWith("must not be blank; remove the setting instead");
  }

  @Test
  void acceptsNoValueButTheGivenOnes() {
    StringValidator colours = StringValidator.oneOf(List.of("red", "green"));

    assertThat(colours).hasToString("one of red, green");
    assertThatCode(() -> colours.ensureValid("colour", "green")).doesNotThrowAnyException();
    assertThatThrownBy(() -> colours.ensureValid("colour", "Green"))
        .hasMessage("Invalid value Green for configuration colour: must be one of red, green");
  }

  @Test
  void acceptsNamesAndCodesAndListsBoth() {
    StringValidator types = StringValidator.apiCode(List.of(CallType.values()));

    assertThat(types).hasToString("group (1), incoming (2), outgoing (3)");
    assertThatCode(() -> types.ensureValid("t", "Incoming")).doesNotThrowAnyException();
    assertThatCode(() -> types.ensureValid("t", "3")).doesNotThrowAnyException();
    assertThatThrownBy(() -> types.ensureValid("t", "4"))
        .hasMessageContaining("must be one of these names or codes: group (1), incoming (2)");
  }

  @Test
  void namesTheElementOfAListThatIsWrong() {
    ConfigDef.Validator list = StringValidator.each(DIGITS);

    assertThat(list).hasToString("list of digits");
    assertThatCode(() -> list.ensureValid("l", List.of("1", "2"))).doesNotThrowAnyException();
    assertThatCode(() -> list.ensureValid("l", List.of())).doesNotThrowAnyException();
    assertThatCode(() -> list.ensureValid("l", null)).doesNotThrowAnyException();
    assertThatThrownBy(() -> list.ensureValid("l", List.of("1", "two", "3")))
        .hasMessage("Invalid value two for configuration l: must consist of digits");
  }
}
