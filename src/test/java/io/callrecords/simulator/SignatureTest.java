package io.callrecords.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;

class SignatureTest {
  private static final String TIMESTAMP = "1630468800";
  private static final String SIGN = "05d7a50893e22a5c4bb3216ae3396c7c";

  private final Signature signature = new Signature("bDqJFiq9", "7bz1lzh9");

  @Test
  void documentedSignatureMatchesInAnyLetterCase() {
    assertThat(signature.matches("bDqJFiq9", TIMESTAMP, SIGN)).isTrue();
    assertThat(signature.matches("bDqJFiq9", TIMESTAMP, SIGN.toUpperCase(Locale.ROOT))).isTrue();
  }

  @Test
  void anythingElseDoesNot() {
    assertThat(signature.matches("bdqjfiq9", TIMESTAMP, SIGN)).isFalse();
    assertThat(signature.matches("bDqJFiq9", "1630468801", SIGN)).isFalse();
    assertThat(signature.matches("bDqJFiq9", TIMESTAMP, SIGN.substring(1))).isFalse();
    assertThat(signature.matches(null, TIMESTAMP, SIGN)).isFalse();
    assertThat(signature.matches("bDqJFiq9", null, SIGN)).isFalse();
    assertThat(signature.matches("bDqJFiq9", TIMESTAMP, null)).isFalse();
    assertThat(new Signature("bDqJFiq9", "other").matches("bDqJFiq9", TIMESTAMP, SIGN)).isFalse();
  }
}
