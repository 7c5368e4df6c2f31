package io.callrecords.connect.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.config.ApiOptions.Credentials;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Proves that requests are signed as the API's documentation says. */
class SignerTest {
  private final Signer signer = new Signer(new Credentials("bDqJFiq9", "7bz1lzh9"));

  @Test
  void makesTheSignOfTheDocumentedExample() {
    assertThat(signer.headers(Instant.ofEpochSecond(1_630_468_800)))
        .isEqualTo(
            Map.of(
                "Api-Key", "bDqJFiq9",
                "Timestamp", "1630468800",
                "Sign", "05d7a50893e22a5c4bb3216ae3396c7c"));
  }

  @Test
  void makesAnotherSignForAnotherSecond() {
    Map<String, String> later = signer.headers(Instant.ofEpochSecond(1_630_468_801));

    assertThat(later).containsEntry("Timestamp", "1630468801");
    assertThat(later.get("Sign"))
        .hasSize(32)
        .isNotEqualTo("05d7a50893e22a5c4bb3216ae3396c7c")
        .matches("[0-9a-f]+");
  }

  @Test
  void leavesFractionsOfASecondOut() {
    assertThat(signer.headers(Instant.ofEpochSecond(1_630_468_800, 999_999_999)))
        .containsEntry("Timestamp", "1630468800")
        .containsEntry("Sign", "05d7a50893e22a5c4bb3216ae3396c7c");
  }

  @Test
  void makesAnotherSignForAnotherSecret() {
    Signer other = new Signer(new Credentials("bDqJFiq9", "7bz1lzh8"));

    assertThat(other.headers(Instant.ofEpochSecond(1_630_468_800)).get("Sign"))
        .isNotEqualTo("05d7a50893e22a5c4bb3216ae3396c7c");
  }
}
