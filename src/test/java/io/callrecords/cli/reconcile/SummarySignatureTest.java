package io.callrecords.cli.reconcile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.callrecords.cli.reconcile.SummarySignature.KeyException;
import io.callrecords.simulator.Quirks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that a signature is that of this summary by this key, and of no other. */
class SummarySignatureTest {
  private static final byte[] MESSAGE = "a summary".getBytes(UTF_8);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private Path privateKey;
  private Path publicKey;
  private Path secret;

  @BeforeEach
  void makeKeys() throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance(SummarySignature.ED25519).generateKeyPair();
    privateKey = pem("private.pem", "PRIVATE KEY", pair.getPrivate());
    publicKey = pem("public.pem", "PUBLIC KEY", pair.getPublic());
    secret = folder.resolve("secret");
    Files.writeString(secret, "0123456789abcdef0123456789abcdef\n");
  }

  private Path pem(String name, String kind, Key key) throws Exception {
    String text = Base64.getMimeEncoder().encodeToString(key.getEncoded());
    return Files.writeString(
        folder.resolve(name),
        "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(kind, text, kind));
  }

  @Test
  void theKeysOfAPairBelongTogether() throws Exception {
    String signature = SummarySignature.of(privateKey).sign(MESSAGE);

    assertThat(SummarySignature.of(publicKey).isOf(MESSAGE, signature)).isTrue();
    assertThat(SummarySignature.of(publicKey).isOf("another".getBytes(UTF_8), signature)).isFalse();
    makeKeys();
    assertThat(SummarySignature.of(publicKey).isOf(MESSAGE, signature)).isFalse();
    assertThat(SummarySignature.of(publicKey).isOf(MESSAGE, "no signature")).isFalse();
  }

  @Test
  void aSecretSignsAndChecks() throws Exception {
    String signature = SummarySignature.of(secret).sign(MESSAGE);

    assertThat(SummarySignature.of(secret).isOf(MESSAGE, signature)).isTrue();
    Files.writeString(secret, "another-secret-another-secret-another");
    assertThat(SummarySignature.of(secret).isOf(MESSAGE, signature)).isFalse();
  }

  @Test
  void noPublicKeyInAnotherFormIsASecret() throws Exception {
    byte[] der = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic().getEncoded();
    byte[] ec = KeyPairGenerator.getInstance("EC").generateKeyPair().getPublic().getEncoded();
    byte[] rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair().getPublic().getEncoded();
    Path other = folder.resolve("other");
    for (byte[] key : List.of(der, ec, rsa)) {
      Files.write(other, key);
      assertThatThrownBy(() -> SummarySignature.of(other))
          .isInstanceOf(KeyException.class)
          .hasMessageContaining(other.toString());
    }
    for (String text :
        List.of(
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMadeUpMadeUpMadeUp someone@example.com",
            "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAA someone@example.com",
            "Subject: a key\n-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA!\n-----END PUBLIC KEY-----",
            "\ufeff  -----BEGIN RSA PUBLIC KEY (2)-----\nMCowBQYDK2VwAyEA\n")) {
      Files.writeString(other, text);
      assertThatThrownBy(() -> SummarySignature.of(other))
          .as(text)
          .isInstanceOf(KeyException.class)
          .hasMessageContaining(other.toString());
    }
  }

  @Test
  void namesTheFileWithBadBase64() throws Exception {
    Path bad =
        Files.writeString(
            folder.resolve("bad.pem"),
            "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyE=A===\n-----END PUBLIC KEY-----\n");

    assertThatThrownBy(() -> SummarySignature.of(bad))
        .isInstanceOf(KeyException.class)
        .hasMessageContaining("bad.pem");
  }

  @Test
  void saysWhichFileHasNoKey() throws Exception {
    Path small = Files.writeString(folder.resolve("small"), "short");
    Path other =
        pem(
            "other.pem",
            "CERTIFICATE",
            KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic());

    assertThatThrownBy(() -> SummarySignature.of(small))
        .isInstanceOf(KeyException.class)
        .hasMessageContaining("openssl");
    assertThatThrownBy(() -> SummarySignature.of(other)).hasMessageContaining("CERTIFICATE");
    assertThatThrownBy(() -> SummarySignature.of(folder.resolve("none")))
        .hasMessageContaining("There is no file");
    assertThatThrownBy(() -> SummarySignature.of(privateKey).isOf(MESSAGE, "AAAA"))
        .hasMessageContaining("-pubout")
        .hasMessageNotContaining("--key");
  }

  @Test
  void aDocumentMayBeFormattedAnewButNotChanged() throws Exception {
    SummarySignature key = SummarySignature.of(secret);
    ObjectNode document = document(key);
    ObjectNode again = (ObjectNode) JSON.readTree(document.toPrettyString());

    assertThat(SummaryDocument.problem(again, key)).isNull();
    again.withObject("/summary").put("isWell", false);
    assertThat(SummaryDocument.problem(again, key)).contains("not that of this summary");
    ObjectNode cut = document.deepCopy();
    cut.remove("findings");
    assertThat(SummaryDocument.problem(cut, key)).isNull();
    cut.putArray("findings").add(1);
    assertThat(SummaryDocument.problem(cut, key)).contains("findings");
    assertThat(SummaryDocument.problem(document, SummarySignature.of(publicKey)))
        .contains("HmacSHA256");
    document.putNull("signature");
    assertThat(SummaryDocument.problem(document, key)).isEqualTo("it is not signed");
  }

  private static ObjectNode document(SummarySignature key) throws Exception {
    try (ReconciledAccount account =
        new ReconciledAccount(1, 20, 1, 1, Quirks.defaults(), Map.of())) {
      account.fill();
      ObjectNode document = SummaryDocument.of(account.reconcile(), "test", false, key);
      assertThat(document.toString())
          .doesNotContain(account.simulator.key(), account.simulator.secret());
      assertThat(document.at("/summary/isWell").asBoolean()).isTrue();
      assertThat(document.at("/summary/counts/api").asInt()).isEqualTo(20);
      return document;
    }
  }
}
