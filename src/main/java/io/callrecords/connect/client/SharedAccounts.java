package io.callrecords.connect.client;

import io.callrecords.connect.config.ApiOptions;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;

/** The accounts that tasks of this worker read. Any thread may use it. */
public final class SharedAccounts {
  /** More accounts than one worker reads; of more, those used longest ago are forgotten. */
  private static final int MAX_ACCOUNTS = 100;

  /** One for all accounts, since there is one heap; in turn, so that no account keeps it. */
  private final Semaphore longBody = new Semaphore(1, true);

  private final Map<UUID, SharedAccount> byAccount =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, SharedAccount> eldest) {
          return size() > MAX_ACCOUNTS;
        }
      };

  /** What all share who read the same account of the same API. */
  public synchronized SharedAccount of(ApiOptions options) {
    String account = options.baseUrl() + "\n" + options.credentials().key();
    UUID hash = UUID.nameUUIDFromBytes(account.getBytes(StandardCharsets.UTF_8));
    return byAccount.computeIfAbsent(hash, unknown -> new SharedAccount(longBody));
  }
}
