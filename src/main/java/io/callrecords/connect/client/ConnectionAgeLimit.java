package io.callrecords.connect.client;

import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.LongSupplier;
import okhttp3.Connection;
import okhttp3.Interceptor;
import okhttp3.Response;

/**
 * Closes a connection after the first request that it carries beyond a certain age, so that an API
 * that moves to another address is followed there. Any thread may use it.
 */
final class ConnectionAgeLimit implements Interceptor {
  private static final long MAX_AGE_NANOS = Duration.ofMinutes(5).toNanos();

  private final LongSupplier nanoTime;
  private final Map<Connection, Long> since = Collections.synchronizedMap(new WeakHashMap<>());

  ConnectionAgeLimit(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    return chain.proceed(
        isOld(chain.connection())
            // The HTTP client keeps no connection that has carried this header.
            ? chain.request().newBuilder().header("Connection", "close").build()
            : chain.request());
  }

  private boolean isOld(Connection connection) {
    long now = nanoTime.getAsLong();
    Long first = since.putIfAbsent(connection, now);
    return first != null && now - first >= MAX_AGE_NANOS;
  }
}
