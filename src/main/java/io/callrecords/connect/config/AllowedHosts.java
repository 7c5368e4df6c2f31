package io.callrecords.connect.config;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The hosts that connectors of a worker may name. Who runs the worker lists them in a system
 * property, so that nobody who may configure connectors can add one.
 */
final class AllowedHosts {
  /** The system property: hosts, separated by commas; {@code *.} stands for all below a domain. */
  static final String PROPERTY = "callrecords.allowed.hosts";

  private static final String LABEL = "[a-z0-9]([a-z0-9-]*[a-z0-9])?";

  /** A name, all names below a domain, or an address of either version. */
  private static final Pattern HOST =
      Pattern.compile(
          "(\\*\\.)?" + LABEL + "(\\." + LABEL + ")*|[0-9a-f.]*:[0-9a-f.]*:[0-9a-f.:]*");

  private final @Nullable List<String> entries;
  private final @Nullable List<String> patterns;

  private AllowedHosts(@Nullable List<String> entries) {
    this.entries = entries;
    this.patterns = entries == null ? null : entries.stream().map(AllowedHosts::normal).toList();
  }

  /** The hosts that this JVM allows. */
  static AllowedHosts ofSystem() {
    return of(System.getProperty(PROPERTY));
  }

  /** The hosts that a list names; all hosts where there is no list. */
  static AllowedHosts of(@Nullable String list) {
    return new AllowedHosts(
        list == null ? null : Arrays.stream(list.split(",", -1)).map(String::strip).toList());
  }

  private static String normal(String host) {
    return host.strip().toLowerCase(Locale.ROOT).replaceAll("^\\[|]$|\\.$", "");
  }

  /** The entries of the list that stand for no host, as they are written. */
  List<String> malformed() {
    return entries == null
        ? List.of()
        : entries.stream()
            .filter(entry -> !entry.isEmpty() && !HOST.matcher(normal(entry)).matches())
            .toList();
  }

  /** Whether connectors may name the host of an address. */
  boolean permit(URI address) {
    String host = normal(String.valueOf(address.getHost()));
    return patterns == null || patterns.stream().anyMatch(pattern -> matches(pattern, host));
  }

  private static boolean matches(String pattern, String host) {
    return pattern.startsWith("*.")
        ? host.length() >= pattern.length() && host.endsWith(pattern.substring(1))
        : pattern.equals(host);
  }
}
