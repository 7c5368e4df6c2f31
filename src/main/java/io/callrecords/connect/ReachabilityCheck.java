package io.callrecords.connect;

import io.callrecords.connect.config.ApiOptions;
import io.callrecords.connect.config.CallRecordSourceConfig;
import io.callrecords.connect.config.ProxyOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds out whether anything accepts a connection where requests go, without sending one. */
final class ReachabilityCheck {
  /** A name may have many addresses, and each may take its time. */
  private static final int MAX_ADDRESSES = 3;

  private static final int HTTPS_PORT = 443;
  private static final int HTTP_PORT = 80;

  private ReachabilityCheck() {}

  /** Where to connect to: the API, or a proxy on the way to it. */
  private record Target(InetSocketAddress address, Proxy through) {}

  /**
   * Tries to connect.
   *
   * @return the setting that is to be changed, and what is wrong; null where a connection opens
   */
  static @Nullable String problem(ApiOptions api) {
    ProxyOptions proxy = api.transport().proxy();
    List<Target> targets =
        proxy == null
            ? targets(api.baseUrl())
            : List.of(
                new Target(
                    InetSocketAddress.createUnresolved(proxy.host(), proxy.port()),
                    Proxy.NO_PROXY));
    List<String> problems = new ArrayList<>();
    for (Target target : targets) {
      String problem = connect(target, api.connectTimeout());
      if (problem == null) {
        return null;
      }
      problems.add(problem);
    }
    return (proxy == null ? CallRecordSourceConfig.API_URL : CallRecordSourceConfig.PROXY_URL)
        + ": "
        + String.join("; ", problems);
  }

  /** The API itself, directly or through SOCKS, or the HTTP proxies of the JVM's settings. */
  private static List<Target> targets(URI url) {
    int port =
        url.getPort() > 0
            ? url.getPort()
            : "https".equalsIgnoreCase(url.getScheme()) ? HTTPS_PORT : HTTP_PORT;
    InetSocketAddress direct =
        InetSocketAddress.createUnresolved(url.getHost().replaceAll("^\\[|]$", ""), port);
    ProxySelector selector = ProxySelector.getDefault();
    List<Proxy> proxies = selector == null ? List.of(Proxy.NO_PROXY) : selector.select(url);
    return proxies.stream()
        .map(
            proxy ->
                proxy.type() == Proxy.Type.HTTP && proxy.address() instanceof InetSocketAddress http
                    ? new Target(http, Proxy.NO_PROXY)
                    : new Target(direct, proxy))
        .toList();
  }

  private static @Nullable String connect(Target target, Duration timeout) {
    String host = target.address().getHostString();
    int port = target.address().getPort();
    String failure = "";
    try {
      // A SOCKS proxy resolves the name itself.
      List<InetSocketAddress> addresses =
          target.through().type() == Proxy.Type.SOCKS
              ? List.of(target.address())
              : Stream.of(InetAddress.getAllByName(host))
                  .limit(MAX_ADDRESSES)
                  .map(address -> new InetSocketAddress(address, port))
                  .toList();
      for (InetSocketAddress address : addresses) {
        try (Socket socket = new Socket(target.through())) {
          socket.connect(address, (int) timeout.toMillis());
          return null;
        } catch (IOException e) {
          failure = e.getClass().getSimpleName();
        }
      }
    } catch (IOException e) {
      failure = e.getClass().getSimpleName();
    }
    return "no connection to " + host + ":" + port + " from this worker (" + failure + ")";
  }
}
