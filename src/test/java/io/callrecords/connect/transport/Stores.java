package io.callrecords.connect.transport;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;
import okhttp3.tls.HeldCertificate;

/** Writes certificates and keys in the forms that the settings take. */
final class Stores {
  static final String PASSWORD = "store-password-4711";
  static final String KEY_PASSWORD = "key-password-0815";

  private Stores() {}

  /** Writes a trust store. */
  static Path trust(Path folder, String type, HeldCertificate authority) throws Exception {
    KeyStore store = KeyStore.getInstance(type);
    store.load(null, null);
    store.setCertificateEntry("authority", authority.certificate());
    return write(folder.resolve("trust." + type), store);
  }

  /** Writes a key store, whose key has a password of its own or the store's. */
  static Path keys(
      Path folder, String type, HeldCertificate client, HeldCertificate authority, String password)
      throws Exception {
    KeyStore store = KeyStore.getInstance(type);
    store.load(null, null);
    store.setKeyEntry(
        "client",
        client.keyPair().getPrivate(),
        password.toCharArray(),
        new Certificate[] {client.certificate(), authority.certificate()});
    return write(folder.resolve("keys." + type), store);
  }

  private static Path write(Path file, KeyStore store) throws Exception {
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, PASSWORD.toCharArray());
    }
    return file;
  }

  /** A certificate and its authority's. */
  static String chain(HeldCertificate client, HeldCertificate authority) {
    return client.certificatePem() + authority.certificatePem();
  }

  /** The private key in PKCS#8, encrypted with {@link #KEY_PASSWORD}. */
  static String encryptedKey(HeldCertificate client) throws Exception {
    Cipher cipher = encrypting("PBEWithSHA1AndDESede");
    byte[] encrypted = cipher.doFinal(client.keyPair().getPrivate().getEncoded());
    return encryptedPem(
        new EncryptedPrivateKeyInfo(cipher.getParameters(), encrypted).getEncoded());
  }

  /** The same by the second generation of password-based encryption, which openssl prefers. */
  static String encryptedKeyOfSecondGeneration(HeldCertificate client) throws Exception {
    Cipher cipher = encrypting("PBEWithHmacSHA256AndAES_256");
    byte[] encrypted = cipher.doFinal(client.keyPair().getPrivate().getEncoded());
    // The JVM cannot write it: 1.2.840.113549.1.5.13, then its parameters.
    byte[] pbes2 = HexFormat.of().parseHex("06092a864886f70d01050d");
    byte[] algorithm = der(0x30, pbes2, cipher.getParameters().getEncoded());
    return encryptedPem(der(0x30, algorithm, der(0x04, encrypted)));
  }

  private static Cipher encrypting(String algorithm) throws Exception {
    byte[] salt = new byte[16];
    new SecureRandom().nextBytes(salt);
    Cipher cipher = Cipher.getInstance(algorithm);
    cipher.init(
        Cipher.ENCRYPT_MODE,
        SecretKeyFactory.getInstance(algorithm)
            .generateSecret(new PBEKeySpec(KEY_PASSWORD.toCharArray())),
        new PBEParameterSpec(salt, 2048));
    return cipher;
  }

  private static byte[] der(int tag, byte[]... contents) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : contents) {
      content.writeBytes(part);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (content.size() > 127) {
      out.write(0x82);
      out.write(content.size() >> 8);
    }
    out.write(content.size());
    out.writeBytes(content.toByteArray());
    return out.toByteArray();
  }

  private static String encryptedPem(byte[] info) {
    return "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(info)
        + "\n-----END ENCRYPTED PRIVATE KEY-----\n";
  }
}
