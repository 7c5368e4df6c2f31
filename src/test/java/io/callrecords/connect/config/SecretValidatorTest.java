package io.callrecords.connect.config;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves that what cannot be a secret is refused, and that no message shows it. */
class SecretValidatorTest {
  private static final List<SecretValidator> ALL =
      List.of(
          SecretValidator.visibleAscii(),
          SecretValidator.notEmpty("password of the file"),
          SecretValidator.key(1));

  @ParameterizedTest
  @ValueSource(strings = {"x", "!", "~", "bDqJFiq9", "$pecial}{"})
  void acceptsWhatASecretCanBe(String secret) {
    for (SecretValidator validator : ALL) {
      assertThatCode(() -> validator.ensureValid("api.key", new Password(secret)))
          .doesNotThrowAnyException();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ab cd", "ab\u007f", "ab\u0007", "geheimnis-ü", "ab\ncd"})
  void refusesWhatNoAccountHasAndDoesNotShowIt(String secret) {
    assertThatThrownBy(
            () -> SecretValidator.visibleAscii().ensureValid("api.key", new Password(secret)))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "Invalid value for configuration api.key: must "
                + (secret.matches("(?s).*\\s.*")
                    ? "be a single word, but has a blank or a line break in it"
                    : "consist of visible ASCII characters")
                + "; copy it from the account again")
        .hasNoCause();
    // A password or a certificate may well hold them.
    assertThatCode(
            () ->
                SecretValidator.notEmpty("password")
                    .ensureValid("proxy.password", new Password(secret)))
        .doesNotThrowAnyException();
  }

  @Test
  void refusesAnEmptySecretWithTheWayOut() {
    assertThatThrownBy(() -> ALL.get(0).ensureValid("api.key", new Password("")))
        .hasMessageEndingWith("must not be empty; copy it from the account");
    assertThatThrownBy(() -> ALL.get(1).ensureValid("ssl.key.password", new Password("")))
        .hasMessageEndingWith("must not be empty; remove the setting instead");
  }

  @ParameterizedTest
  @CsvSource({
    "${env:API_KEY:-geheim}",
    "${API_KEY:geheim}",
    "${env:API_KEY}geheim",
    "${env:ge-heim}",
    "${vault:geheim}",
    "${"
  })
  void refusesAReferenceThatNoProviderHasResolvedAndDoesNotShowIt(String reference) {
    for (SecretValidator validator : ALL) {
      assertThatThrownBy(() -> validator.ensureValid("api.key", new Password(reference)))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("config.providers")
          .hasMessageNotContainingAny(reference, "geheim", "ge-heim");
    }
  }

  /** A misspelt variable is found by its name alone. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "${env:API_KEY}",
        "${file:/no/such.properties:key}",
        "${directory:/run/secrets:api-key}"
      })
  void namesTheReferenceThatNoProviderHasResolved(String reference) {
    for (SecretValidator validator : ALL) {
      assertThatThrownBy(() -> validator.ensureValid("api.key", new Password(reference)))
          .hasMessageStartingWith(
              "Invalid value for configuration api.key: the value is the reference "
                  + reference
                  + ", which no config provider has resolved;")
          .hasMessageEndingWith(
              "a variable has to be exported in the environment of each worker's process before the"
                  + " worker starts");
    }
  }

  /** A file's last line break would make another key of it, and other tokens. */
  @ParameterizedTest
  @ValueSource(strings = {"", "short", "ab cd", "bDqJFiq9bDqJFiq9bDqJFiq9bDqJFiq9\n"})
  void refusesAKeyThatIsTooShortOrDoesNotLastAndDoesNotShowIt(String key) {
    assertThatThrownBy(() -> SecretValidator.key(32).ensureValid("key", new Password(key)))
        .isInstanceOf(ConfigException.class)
        .hasMessageMatching(
            "Invalid value for configuration key: must (have at least 32 characters, so that nobody"
                + " finds it by trying|consist of visible ASCII characters, without blanks or a line"
                + " break); draw one with openssl rand -base64 48")
        .hasNoCause();
    assertThatCode(
            () -> SecretValidator.key(32).ensureValid("key", new Password("abcdefgh".repeat(4))))
        .doesNotThrowAnyException();
  }

  @Test
  void leavesASettingThatIsNotSetAlone() {
    for (SecretValidator validator : ALL) {
      assertThatCode(() -> validator.ensureValid("api.key", null)).doesNotThrowAnyException();
    }
  }
}
