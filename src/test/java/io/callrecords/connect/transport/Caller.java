package io.callrecords.connect.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.callrecords.connect.TestSettings;
import io.callrecords.connect.TimeLimits;
import io.callrecords.connect.client.OkHttpTransport;
import io.callrecords.connect.config.CallRecordSourceConfig;
import io.callrecords.connect.config.TaskShare;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Sends requests with a transport that is made of settings, as a task makes it. */
final class Caller implements AutoCloseable {
  private final OkHttpTransport transport;

  Caller(Map<String, String> settings) {
    String never = Long.toString(TimeLimits.NEVER.toMillis());
    Map<String, String> all =
        TestSettings.with("connect.timeout.ms", never, "request.timeout.ms", never);
    all.putAll(settings);
    transport =
        new OkHttpTransport(
            new CallRecordSourceConfig(all).api(TaskShare.ALONE, "agent"), "caller");
  }

  /** The status of the answer to a request that carries the headers of a real one. */
  int post(URI url) throws Exception {
    return transport
        .post(
            url,
            Map.of("Api-Key", TestSettings.KEY, "Sign", "signature-1234"),
            "body".getBytes(UTF_8),
            (status, header, body) -> {
              body.readAllBytes();
              return status;
            })
        .get(TimeLimits.LONG.toSeconds(), TimeUnit.SECONDS);
  }

  /** Why there is no answer; fails when there is one. */
  Throwable failure(URI url) {
    ExecutionException failure =
        catchThrowableOfType(ExecutionException.class, () -> assertNoAnswer(post(url)));
    return failure.getCause();
  }

  private static void assertNoAnswer(int status) {
    throw new AssertionError("Answered with " + status);
  }

  /** Sends one request and forgets the rest. */
  static int post(Map<String, String> settings, URI url) throws Exception {
    try (Caller caller = new Caller(settings)) {
      return caller.post(url);
    }
  }

  /** Sends one request, which has to fail. */
  static Throwable failure(Map<String, String> settings, URI url) {
    try (Caller caller = new Caller(settings)) {
      return caller.failure(url);
    }
  }

  @Override
  public void close() {
    transport.close();
  }
}
