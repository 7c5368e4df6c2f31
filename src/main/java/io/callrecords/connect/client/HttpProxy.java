package io.callrecords.connect.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.callrecords.connect.config.ProxyOptions;
import java.net.InetSocketAddress;
import java.net.Proxy;
import okhttp3.Credentials;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/** Makes a client send all requests through a proxy. */
final class HttpProxy {
  private static final String HEADER = "Proxy-Authorization";

  private HttpProxy() {}

  static void apply(ProxyOptions options, OkHttpClient.Builder client) {
    // Unresolved: its name is looked up for each connection, as the API's is.
    InetSocketAddress address = InetSocketAddress.createUnresolved(options.host(), options.port());
    client.proxy(new Proxy(Proxy.Type.HTTP, address));
    ProxyOptions.ProxyCredentials user = options.credentials();
    if (user == null) {
      return;
    }
    String credentials = Credentials.basic(user.username(), user.password(), UTF_8);
    // QueryRange before a tunnel is opened, too. Who was refused with the credentials has no
    // others.
    client.proxyAuthenticator(
        (route, response) ->
            response.request().header(HEADER) != null
                ? null
                : with(credentials, response.request()));
    // No tunnel, no second try for a body that can be sent once: the request itself carries them.
    client.addInterceptor(
        chain ->
            chain.proceed(
                chain.request().isHttps() ? chain.request() : with(credentials, chain.request())));
  }

  private static Request with(String credentials, Request request) {
    return request.newBuilder().header(HEADER, credentials).build();
  }
}
