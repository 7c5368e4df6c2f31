package io.callrecords.connect.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.config.ApiOptions;
import io.callrecords.connect.config.ApiOptions.Credentials;
import io.callrecords.connect.config.TaskShare;
import java.net.URI;
import java.time.Duration;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** What the tasks of one worker share. */
class SharedAccountsTest {
  private final SharedAccounts accounts = new SharedAccounts();

  @Test
  void sharesItsStateWithinAnAccountAndTheTurnOfLongBodiesWithinTheWorker() {
    SharedAccount shared = accounts.of(account("a"));

    assertThat(accounts.of(account("a"))).isSameAs(shared);
    assertThat(accounts.of(account("b"))).isNotSameAs(shared);
    assertThat(accounts.of(account("b")).longBody()).isSameAs(shared.longBody());
    assertThat(shared.longBody().availablePermits()).isEqualTo(1);
  }

  private static ApiOptions account(String key) {
    return new ApiOptions(
        URI.create("https://api.example.com/v3"),
        new Credentials(key, "secret"),
        ZoneOffset.UTC,
        100,
        Duration.ofSeconds(1),
        Duration.ofSeconds(1),
        4,
        5,
        TaskShare.ALONE,
        "agent");
  }
}
