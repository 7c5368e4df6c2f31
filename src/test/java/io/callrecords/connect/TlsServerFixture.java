package io.callrecords.connect;

import java.util.Map;
import javax.net.ServerSocketFactory;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/** What a simulator needs for encrypted connections, and a connector to trust it. */
final class TlsServerFixture {
  private final HeldCertificate certificate =
      new HeldCertificate.Builder().addSubjectAlternativeName("127.0.0.1").build();
  private final HandshakeCertificates handshake =
      new HandshakeCertificates.Builder().heldCertificate(certificate).build();

  /** The sockets of the server. */
  ServerSocketFactory sockets() {
    return handshake.sslContext().getServerSocketFactory();
  }

  /** The settings with which a connector trusts the server. */
  Map<String, String> trust() {
    return Map.of(
        "ssl.truststore.type", "PEM", "ssl.truststore.certificates", certificate.certificatePem());
  }
}
