package io.callrecords.connect.process;

import io.callrecords.connect.process.NginxProcess.Site;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** A database, the application twice (without and with overflow), and nginx in front of both. */
final class BackendStack implements AutoCloseable {
  private static final int SEED = 20261128;

  /** How many calls the history has. */
  static final int CALLS = 3_000;

  /** How many calls there are in {@link BackendAccount#densest}. */
  static final int IN_ONE_SECOND = 450;

  private static final Duration HISTORY = Duration.ofDays(10);

  /** Longer than any call of the history, so that all of them are over. */
  private static final Duration SINCE_HISTORY = Duration.ofMinutes(10);

  private final DatabaseServer database;
  private final BackendAccount account;
  private final BackendProcess plain;
  private final BackendProcess overflowing;
  private final Site site;
  private final Site overflowSite;
  private final Site secureSite;
  private final List<Site> limited;
  private final NginxProcess nginx;

  /**
   * Starts all of it.
   *
   * @param database the server; it is closed with the stack
   */
  BackendStack(DatabaseServer database) throws SQLException {
    String name = "backend-" + database.toString().toLowerCase(Locale.ROOT);
    this.database = database;
    this.account = new BackendAccount(database, SEED);
    // With its natural index MariaDB loses calls of one second between pages, PostgreSQL without.
    account.createTables(database instanceof MariaDbProcess);
    Instant now = Instant.now();
    account.load(CALLS, now.minus(HISTORY), now.minus(SINCE_HISTORY), IN_ONE_SECOND);
    this.plain = BackendProcess.start(name + "-plain", database, false);
    this.overflowing = BackendProcess.start(name + "-overflow", database, true);
    this.site = Site.of(plain.port());
    this.overflowSite = Site.of(overflowing.port());
    this.secureSite = Site.http2(plain.port());
    this.limited =
        List.of(
            Site.limited(plain.port(), 5, 503),
            Site.limited(plain.port(), 2, 503),
            Site.limited(plain.port(), 2, 429));
    this.nginx =
        NginxProcess.start(
            name + "-nginx",
            List.of(
                site, overflowSite, secureSite, limited.get(0), limited.get(1), limited.get(2)));
    plain.awaitReady();
    overflowing.awaitReady();
  }

  /** What a variant answers for the second with most calls. */
  BackendPages pagesOfSecond(BackendVariant variant) {
    return pages(variant, account.densest(), account.densest());
  }

  /** What a variant answers for the whole history. */
  BackendPages pagesOfHistory(BackendVariant variant) {
    Instant middle = account.densest();
    return pages(variant, middle.minus(HISTORY), middle.plus(HISTORY));
  }

  private BackendPages pages(BackendVariant variant, Instant from, Instant to) {
    return BackendPages.read(
        site(variant).url() + variant.path(), from, to, BackendVariant.MOST_ROWS);
  }

  BackendAccount account() {
    return account;
  }

  NginxProcess nginx() {
    return nginx;
  }

  /** Where a variant is reached. */
  Site site(BackendVariant variant) {
    if (variant.http2()) {
      return secureSite;
    }
    return variant.overflow() ? overflowSite : site;
  }

  /** Those with a limit: 5 a second (503), 2 a second (503), 2 a second (429). */
  List<Site> limited() {
    return limited;
  }

  void restartApplications() {
    plain.restart();
    overflowing.restart();
  }

  void stopDatabase() {
    database.stop();
  }

  void startDatabaseAgain() {
    database.startAgain();
  }

  @Override
  public void close() {
    // What has clients ends after them.
    try (database;
        plain;
        overflowing;
        nginx) {
      // All is closed.
    }
  }
}
