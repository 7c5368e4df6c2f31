package io.callrecords.connect.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.LogCapture;
import io.callrecords.connect.client.ScriptedTransport.ScriptedResponse;
import io.callrecords.connect.client.ScriptedTransport.Sent;
import io.callrecords.connect.config.ApiOptions;
import io.callrecords.connect.config.ApiOptions.Credentials;
import io.callrecords.connect.config.TaskShare;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** With two secrets, the account's secret is changed without a failure. */
class SecretRotationTest extends ApiClientFixture {
  private static final String OLD = "secret-old-0815";
  private static final String NEW = "secret-new-0815";

  /** The secret of the account. */
  private String secret = OLD;

  private ApiClient client(ScriptedTransport transport, String current, String previous) {
    ApiOptions options =
        new ApiOptions(
            URI.create("https://api.example.com/v3"),
            new Credentials("key-4711", current, previous),
            ZoneOffset.UTC,
            50,
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            4,
            1_000,
            TaskShare.ALONE,
            "agent-of-the-test/1");
    return client(transport, options, new MostRandom());
  }

  private ScriptedResponse respond(Sent sent) {
    long timestamp = Long.parseLong(sent.headers().get("Timestamp"));
    String sign =
        new Signer(new Credentials("key-4711", secret))
            .headers(Instant.ofEpochSecond(timestamp))
            .get("Sign");
    return sign.equals(sent.headers().get("Sign"))
        ? page(1, "a")
        : ScriptedResponse.json("{\"status\":\"-1\",\"reason\":\"whispered\"}");
  }

  @Test
  void goesOnWithTheOtherSecretAtOnceAndRemembersIt() {
    ScriptedTransport transport = transport(this::respond);
    ApiClient client = client(transport, NEW, OLD);
    try (LogCapture log = new LogCapture(CredentialSelector.class)) {
      for (int i = 0; i < 10; i++) {
        fetched(fetch(client));
      }
      assertThat(transport.sent()).hasSize(11);
      assertThat(gaps(transport)).allMatch(gap -> gap.compareTo(Duration.ofSeconds(1)) < 0);

      secret = NEW;
      for (int i = 0; i < 10; i++) {
        fetched(fetch(client));
      }
      assertThat(transport.sent()).hasSize(22);
      assertThat(client.counts().failed()).isZero();
      assertThat(log.lines())
          .containsExactly(
              "INFO The API accepts api.secret.previous, and not api.secret yet.",
              "INFO The API accepts api.secret. Remove api.secret.previous; it is no longer"
                  + " needed.");
    }
  }

  @Test
  void doesNotTurnBackForRequestsThatWereUnderWay() {
    ScriptedTransport transport = transport(this::respond);
    ApiClient client = client(transport, OLD, NEW);
    fetched(fetch(client));
    secret = NEW;
    List<CompletableFuture<Page>> pages = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      pages.add(fetch(client));
    }

    loop.runFor(Duration.ofSeconds(2));

    assertThat(pages).allMatch(CompletableFuture::isDone);
    assertThat(transport.sent()).hasSize(1 + 4 + 4);
  }

  @Test
  void failsWhereBothAreRefusedFromTheBeginning() {
    secret = "secret-other-0815";
    ScriptedTransport transport = transport(this::respond);

    assertThat(failed(fetch(client(transport, NEW, OLD))))
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> assertThat(e.status()).isEqualTo(ApiStatus.AUTHENTICATION));
    assertThat(transport.sent()).hasSize(2);
  }

  @Test
  void triesBothInTurnWhileNeitherIsAcceptedForAMoment() {
    ScriptedTransport transport = transport(this::respond);
    ApiClient client = client(transport, NEW, OLD);
    fetched(fetch(client));
    secret = "none";
    CompletableFuture<Page> page = fetch(client);
    loop.runFor(Duration.ofMinutes(1));
    assertThat(page).isNotDone();
    secret = NEW;

    assertThat(fetched(page).rows()).hasSize(1);
  }

  @Test
  void probesWithBoth() {
    ScriptedTransport transport = transport(this::respond);
    ApiClient client = client(transport, NEW, OLD);

    fetched(OnLoop.call(loop, () -> client.probe(REQUEST)));
    assertThat(transport.sent()).hasSize(2);

    secret = "none";
    ApiClient other = client(transport, NEW, OLD);
    assertThat(failed(OnLoop.call(loop, () -> other.probe(REQUEST))))
        .isInstanceOf(RefusedException.class);
    assertThat(transport.sent()).hasSize(4);
  }
}
