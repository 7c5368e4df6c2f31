package io.callrecords.cli.reconcile;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signs summaries, and checks signatures: by Ed25519 with a key as OpenSSL writes it (PEM), or by
 * HMAC-SHA-256 with a file that is no key of a pair, whose bytes are the secret.
 */
final class SummarySignature {
  static final String ED25519 = "Ed25519";
  static final String HMAC = "HmacSHA256";

  private static final int MIN_SECRET = 32;
  private static final Pattern PEM =
      Pattern.compile("-----BEGIN ([A-Z ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");

  private final @Nullable PrivateKey privateKey;
  private final @Nullable PublicKey publicKey;
  private final byte @Nullable [] secret;

  private SummarySignature(
      @Nullable PrivateKey privateKey, @Nullable PublicKey publicKey, byte @Nullable [] secret) {
    this.privateKey = privateKey;
    this.publicKey = publicKey;
    this.secret = secret;
  }

  /**
   * Reads a key.
   *
   * @throws KeyException when the file has none
   */
  static SummarySignature of(Path file) throws KeyException {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new KeyException("There is no file " + file + ". Name the key file");
    } catch (IOException e) {
      throw new KeyException("The key file " + file + " cannot be read");
    }
    Matcher pem = PEM.matcher(new String(bytes, StandardCharsets.ISO_8859_1));
    if (!pem.find()) {
      return ofSecret(file, bytes);
    }
    try {
      byte[] der = Base64.getMimeDecoder().decode(pem.group(2));
      KeyFactory factory = KeyFactory.getInstance(ED25519);
      return switch (pem.group(1)) {
        case "PRIVATE KEY" ->
            new SummarySignature(factory.generatePrivate(new PKCS8EncodedKeySpec(der)), null, null);
        case "PUBLIC KEY" ->
            new SummarySignature(null, factory.generatePublic(new X509EncodedKeySpec(der)), null);
        default ->
            throw new KeyException(
                "The key file " + file + " has a " + pem.group(1) + ", and none of Ed25519");
      };
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new KeyException(
          "The key file "
              + file
              + " has no Ed25519 key: openssl genpkey -algorithm ed25519 makes one");
    }
  }

  private static SummarySignature ofSecret(Path file, byte[] bytes) throws KeyException {
    if (KeyForm.isOfPair(bytes)) {
      throw new KeyException(
          "The key file "
              + file
              + " has a key or a certificate in a form that is not read here, and which is no"
              + " secret: name an Ed25519 key in PEM, as openssl genpkey -algorithm ed25519 makes"
              + " one");
    }
    byte[] secret =
        new String(bytes, StandardCharsets.ISO_8859_1)
            .strip()
            .getBytes(StandardCharsets.ISO_8859_1);
    if (secret.length < MIN_SECRET) {
      throw new KeyException(
          "The key file "
              + file
              + " has neither an Ed25519 key nor a secret of "
              + MIN_SECRET
              + " bytes: openssl rand -hex 32 makes one");
    }
    return new SummarySignature(null, null, secret);
  }

  /** How it signs. */
  String algorithm() {
    return secret == null ? ED25519 : HMAC;
  }

  /** Whether it can sign; a public key can only check. */
  boolean canSign() {
    return publicKey == null;
  }

  /** Signs. */
  String sign(byte[] message) {
    try {
      byte[] own = secret;
      if (own != null) {
        return Base64.getEncoder().encodeToString(mac(own, message));
      }
      Signature signature = Signature.getInstance(ED25519);
      signature.initSign(privateKey);
      signature.update(message);
      return Base64.getEncoder().encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Checks a signature.
   *
   * @throws KeyException when the key is a private one, which checks nothing
   */
  boolean isOf(byte[] message, String text) throws KeyException {
    byte[] signed;
    try {
      signed = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return false;
    }
    try {
      byte[] own = secret;
      if (own != null) {
        return MessageDigest.isEqual(mac(own, message), signed);
      }
      if (publicKey == null) {
        throw new KeyException(
            "the file has a private key; openssl pkey -in FILE -pubout writes the public one");
      }
      Signature signature = Signature.getInstance(ED25519);
      signature.initVerify(publicKey);
      signature.update(message);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static byte[] mac(byte[] secret, byte[] message) throws GeneralSecurityException {
    Mac mac = Mac.getInstance(HMAC);
    mac.init(new SecretKeySpec(secret, HMAC));
    return mac.doFinal(message);
  }

  /** A file has no key that can be used; the message says what to do. */
  static final class KeyException extends Exception {
    private static final long serialVersionUID = 1;

    KeyException(String message) {
      super(message);
    }
  }
}
