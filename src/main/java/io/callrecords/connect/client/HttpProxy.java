package io.callrecords.connect.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.callrecords.connect.config.ProxyOptions;
import java.net.InetSocketAddress;
import java.net.Proxy;
import okhttp3.Credentials;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/** Makes an HTTP client send all requests through a proxy. */
final class HttpProxy {
  private static final String HEADER = "Proxy-Authorization";

  private HttpProxy() {}

  static void apply(ProxyOptions options, OkHttpClient.Builder client) {
    // Unresolved: the name is resolved anew for each connection, like the API's.
    InetSocketAddress address = InetSocketAddress.createUnresolved(options.host(), options.port());
    client.proxy(new Proxy(Proxy.Type.HTTP, address));
    ProxyOptions.ProxyCredentials user = options.credentials();
    if (user == null) {
      return;
    }
    String credentials = Credentials.basic(user.username(), user.password(), UTF_8);
    // OkHttp calls it before it opens a tunnel, too. There are no other credentials to try when
    // these were refused.
    client.proxyAuthenticator(
        (route, response) ->
            response.request().header(HEADER) != null
                ? null
                : with(credentials, response.request()));
    // Without a tunnel, a body that can be sent once gets no second try: send them at once.
    client.addInterceptor(
        chain ->
            chain.proceed(
                chain.request().isHttps() ? chain.request() : with(credentials, chain.request())));
  }

  private static Request with(String credentials, Request request) {
    return request.newBuilder().header(HEADER, credentials).build();
  }
}
