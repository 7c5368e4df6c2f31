package io.callrecords.connect.transport;

import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLContext;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/** Certificates that are made on the spot, and server contexts that use them. */
final class Certificates {
  private Certificates() {}

  /** A new authority, which nobody trusts yet. */
  static HeldCertificate authority(String name) {
    return new HeldCertificate.Builder().certificateAuthority(0).commonName(name).build();
  }

  /** A certificate for the given hosts, valid now. */
  static HeldCertificate server(HeldCertificate authority, String... hosts) {
    return serverBuilder(authority, hosts).build();
  }

  /** A certificate for the given hosts that was valid until an hour ago. */
  static HeldCertificate expired(HeldCertificate authority, String... hosts) {
    Instant now = Instant.now();
    return serverBuilder(authority, hosts)
        .validityInterval(
            now.minus(Duration.ofDays(2)).toEpochMilli(),
            now.minus(Duration.ofHours(1)).toEpochMilli())
        .build();
  }

  private static HeldCertificate.Builder serverBuilder(HeldCertificate authority, String[] hosts) {
    HeldCertificate.Builder builder =
        new HeldCertificate.Builder().signedBy(authority).commonName("server");
    for (String host : hosts) {
      builder.addSubjectAlternativeName(host);
    }
    return builder;
  }

  /** A client certificate. */
  static HeldCertificate client(HeldCertificate authority) {
    return new HeldCertificate.Builder().signedBy(authority).commonName("connector").build();
  }

  /** What a server needs that shows the certificate, and trusts clients of the authority. */
  static SSLContext context(HeldCertificate server, HeldCertificate authority) {
    return new HandshakeCertificates.Builder()
        .heldCertificate(server)
        .addTrustedCertificate(authority.certificate())
        .build()
        .sslContext();
  }
}
