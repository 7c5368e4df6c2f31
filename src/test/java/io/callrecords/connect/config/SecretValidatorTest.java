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
      List.of(SecretValidator.visibleAscii(), SecretValidator.notEmpty("password of the file"));

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
            "Invalid value for configuration api.key: must consist of visible ASCII characters;"
                + " copy it from the account again")
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
  @CsvSource({"${file:/no/such.properties:key}", "${env:API_KEY}", "${"})
  void refusesAReferenceThatNoProviderHasResolvedAndDoesNotShowIt(String reference) {
    for (SecretValidator validator : ALL) {
      assertThatThrownBy(() -> validator.ensureValid("api.key", new Password(reference)))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("config.providers")
          .hasMessageNotContaining(reference);
    }
  }

  @Test
  void leavesASettingThatIsNotSetAlone() {
    for (SecretValidator validator : ALL) {
      assertThatCode(() -> validator.ensureValid("api.key", null)).doesNotThrowAnyException();
    }
  }
}
