package io.callrecords.connect.feed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves which texts are one number, and which are none. */
class PhoneNumberTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "4915199887766",
        "+4915199887766",
        "004915199887766",
        "+49 151 99887766",
        " 0049 151 / 998877-66 ",
        "+49 (151) 99.88.77.66",
        "(+49)151 998 877 66",
        "49\u00a0151\u00a099887766",
        "+49 (0)151 99887766",
        "+49(0) 151/99887766",
        "(+49)(0)151 99887766",
        "0049 (0) 151 99887766",
        "49 (0)151 99887766",
        "+0049 151 99887766",
        "(0049) 151 99887766",
        "+49\u202f151\u202f99887766",
        "49\u2011151\u201199887766",
        "49\u2013151\u221299887766",
        "+49\t151\r\n99887766",
        "\u202a+49 151 99887766\u202c",
        "\u200e+49\u200b15199887766\ufeff",
        "\uff0b\uff14\uff19\uff08\uff10\uff09\uff11\uff15\uff11 99887766",
        "\u0664\u0669\u0661\u0665\u0661\u0669\u0669\u0668\u0668\u0667\u0667\u0666\u0666",
        "\ud835\udfd2\ud835\udfd715199887766",
        "tel:+4915199887766",
        " TEL:+49-151-99887766",
        "[+49] 151\u00b799887766",
        "4915199887766.0",
        "4.915199887766E12",
        "4.915199887766e+12"
      })
  void hasTheSameDigitsHoweverItIsWritten(String text) {
    assertThat(PhoneNumber.digits(text)).isEqualTo("4915199887766");
  }

  @Test
  void keepsTheZeroOfANationalNumber() {
    assertThat(PhoneNumber.digits("0151 99887766")).isEqualTo("015199887766");
    assertThat(PhoneNumber.digits("+0049151998877")).isEqualTo("49151998877");
    assertThat(PhoneNumber.digits("0151 (0) 99887766")).isEqualTo("0151099887766");
    assertThat(PhoneNumber.digits("(0)151 99887766")).isEqualTo("015199887766");
    assertThat(PhoneNumber.digits("+39 (0)6 1234567")).isEqualTo("39061234567");
    assertThat(PhoneNumber.digits("030.1234567")).isEqualTo("0301234567");
    assertThat(PhoneNumber.digits("555.1234.00")).isEqualTo("555123400");
  }

  /** Names, masked numbers, extensions, and ids are texts. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "   ",
        "+",
        "Agent 0705049053",
        "0705C049_053",
        "91861****978737",
        "491519988+7766",
        "++4915199887766",
        "123456",
        "00123456",
        "1234567890123456",
        "23112023430531500001",
        "tel:tel:4915199887766",
        "sip:4915199887766@example.com",
        "4915199887766;ext=5",
        "4915199887766+",
        "(0)(0)",
        "1.23456789E7",
        "1E99",
        "4.915199887766E-12",
        "123456.0",
        "++++++++++++++++++++++++++++++++++++++++4915199887766",
        "4915199887766()()()()()()()()()()()()()()()()()()()()"
      })
  void isNoOtherText(String text) {
    assertThat(PhoneNumber.digits(text)).isNull();
  }

  /** No code begins with another one, so that a number has one at most. */
  @Test
  void hasOneCountryCodeAtMost() {
    for (int code = 1; code < 1_000; code++) {
      String digits = code + "1234567";
      String found = PhoneNumber.countryCode(digits);
      assertThat(digits).startsWith(found);
      if (!found.isEmpty()) {
        assertThat(PhoneNumber.countryCode(found + "0000000")).isEqualTo(found);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "15551234567, 1",
    "79161234567, 7",
    "4915199887766, 49",
    "8613800001111, 86",
    "919812345678, 91",
    "2348031234567, 234",
    "35312345678, 353",
    "85212345678, 852",
    "99812345678, 998",
    "8001234567, 800",
    "015199887766, ''",
    "9991234567, ''",
    "2101234567, ''",
    "2591234567, ''",
    "3841234567, ''",
    "6991234567, ''",
    "8391234567, ''",
    "8991234567, ''",
    "9971234567, ''"
  })
  void beginsWithItsCountryCode(String digits, String code) {
    assertThat(PhoneNumber.countryCode(digits)).isEqualTo(code);
  }
}
