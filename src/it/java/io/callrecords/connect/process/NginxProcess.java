package io.callrecords.connect.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import okhttp3.tls.HeldCertificate;

/**
 * An nginx of the machine's own program in front of an application, with a configuration and a
 * folder of its own, gone when it is closed.
 */
final class NginxProcess implements AutoCloseable {
  private static final Duration ENDS_WITHIN = Duration.ofMinutes(1);
  private static final String HOST = "127.0.0.1";

  private final ProcessHome home;
  private final Path program;
  private final HeldCertificate certificate;
  private JavaProcess server;

  /**
   * An address that nginx listens to.
   *
   * @param port the port of that address
   * @param upstream the port of the application behind it
   * @param secure whether it speaks TLS, and offers HTTP/2
   * @param options further lines of the configuration
   */
  record Site(int port, int upstream, boolean secure, String options) {
    /** One that hands on all that it gets. */
    static Site of(int upstream) {
      return new Site(ProcessHome.freePort(), upstream, false, "");
    }

    /** One that offers HTTP/2, whose connections end after some requests. */
    static Site http2(int upstream) {
      return new Site(ProcessHome.freePort(), upstream, true, "keepalive_requests 100;");
    }

    /**
     * One that refuses what comes too often.
     *
     * @param perSecond how many requests a second it lets through
     * @param status how it refuses the others
     */
    static Site limited(int upstream, int perSecond, int status) {
      return new Site(
          ProcessHome.freePort(),
          upstream,
          false,
          "limit_req zone=limit%d; limit_req_status %d;".formatted(perSecond, status));
    }

    /** Its address. */
    String url() {
      return (secure ? "https://" : "http://") + HOST + ":" + port;
    }

    private String config() {
      return """
            server {
              listen %s:%d%s;
              %s
              location / { proxy_pass http://%s:%d; }
            }
          """
          .formatted(HOST, port, secure ? " ssl http2" : "", options, HOST, upstream);
    }
  }

  /**
   * A request that nginx has answered.
   *
   * @param millis when, in milliseconds of the epoch
   * @param port the site's port
   * @param status the HTTP status
   * @param protocol the version of HTTP
   * @param path the path
   */
  record AccessLogLine(long millis, int port, int status, String protocol, String path) {
    static AccessLogLine parse(String line) {
      String[] words = line.split(" ", -1);
      return new AccessLogLine(
          Math.round(Double.parseDouble(words[0]) * 1000),
          Integer.parseInt(words[1]),
          Integer.parseInt(words[2]),
          words[3],
          words[4]);
    }
  }

  private NginxProcess(ProcessHome home, Path program, List<Site> sites) throws IOException {
    this.home = home;
    this.program = program;
    this.certificate =
        new HeldCertificate.Builder().commonName(HOST).addSubjectAlternativeName(HOST).build();
    Path folder = home.folder();
    Files.writeString(folder.resolve("certificate.pem"), certificate.certificatePem());
    Files.writeString(folder.resolve("key.pem"), certificate.privateKeyPkcs8Pem());
    Files.writeString(
        folder.resolve("nginx.conf"),
        config(sites.stream().map(Site::config).collect(Collectors.joining())));
    this.server = launch();
  }

  /**
   * Starts nginx.
   *
   * @param name names the log file, {@code target/process-logs/<name>.log}
   * @param sites the addresses that it listens to
   */
  static NginxProcess start(String name, List<Site> sites) {
    Path program = Programs.find("nginx", "nginx", Path.of("/usr/sbin"), Path.of("/usr/bin"));
    ProcessHome home = new ProcessHome(name, Platform.ofTests());
    try {
      return new NginxProcess(home, program, sites);
    } catch (IOException e) {
      home.close();
      throw new UncheckedIOException("Could not configure " + name, e);
    } catch (RuntimeException | Error e) {
      home.close();
      throw e;
    }
  }

  private static String config(String sites) {
    return """
        daemon off;
        worker_processes 1;
        pid nginx.pid;
        error_log stderr error;
        events { worker_connections 512; }
        http {
          log_format short '$msec $server_port $status $server_protocol $request_uri';
          access_log access.log short;
          client_body_temp_path body;
          proxy_temp_path proxy;
          fastcgi_temp_path fastcgi;
          uwsgi_temp_path uwsgi;
          scgi_temp_path scgi;
          ssl_certificate certificate.pem;
          ssl_certificate_key key.pem;
          proxy_http_version 1.1;
          proxy_set_header Connection "";
          limit_req_zone $server_port zone=limit5:1m rate=5r/s;
          limit_req_zone $server_port zone=limit2:1m rate=2r/s;
        """
        + sites
        + "}\n";
  }

  private JavaProcess launch() {
    String folder = home.folder() + "/";
    return home.start(
        List.of(program.toString(), "-e", "stderr", "-p", folder, "-c", folder + "nginx.conf"));
  }

  /** What clients have to trust, as PEM. */
  String trustedCertificates() {
    return certificate.certificatePem();
  }

  /** All requests that it has answered, in order. */
  List<AccessLogLine> accessLog() {
    try (var lines = Files.lines(home.folder().resolve("access.log"), UTF_8)) {
      return lines.map(AccessLogLine::parse).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Could not read the access log", e);
    }
  }

  /** Ends it, with the connections that it has, and starts it again. */
  void restart() {
    server.end(ENDS_WITHIN);
    server = launch();
  }

  @Override
  public void close() {
    home.close();
  }
}
