package io.callrecords.connect.config;

import static io.callrecords.connect.config.CallRecordSourceConfig.API_ALLOW_HTTP;
import static io.callrecords.connect.config.CallRecordSourceConfig.API_FACTS;
import static io.callrecords.connect.config.CallRecordSourceConfig.API_KEY;
import static io.callrecords.connect.config.CallRecordSourceConfig.API_RETENTION_DAYS;
import static io.callrecords.connect.config.CallRecordSourceConfig.API_SECRET;
import static io.callrecords.connect.config.CallRecordSourceConfig.API_SECRET_PREVIOUS;
import static io.callrecords.connect.config.CallRecordSourceConfig.API_TIME_ZONE;
import static io.callrecords.connect.config.CallRecordSourceConfig.API_URL;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Locale;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.jspecify.annotations.Nullable;

/** The settings of the API itself: its address, the account, and how it treats times. */
final class ApiSettings {
  /** Long ago, zones had offsets with seconds. */
  private static final Instant RECENT = Instant.parse("2020-01-01T00:00:00Z");

  private ApiSettings() {}

  static void define(ConfigDef def) {
    SettingGroup group = new SettingGroup(def, "API");
    group.add(
        Setting.required(API_URL, ConfigDef.Type.STRING, Importance.HIGH)
            .display("API URL", Width.LONG)
            .validator(
                StringValidator.of(
                    "http or https URL with its path prefix", ApiSettings::validateUrl))
            .doc(
                "Base URL of the API with its path prefix, for example"
                    + " <code>https://api.example.com/v3</code>. The connector sends"
                    + " <code>POST {api.url}/voice/ccRecordQuery</code>. Must be"
                    + " <code>https</code> unless the host is a loopback host."));
    group.add(
        Setting.required(API_KEY, ConfigDef.Type.PASSWORD, Importance.HIGH)
            .display("API key", Width.MEDIUM)
            .validator(SecretValidator.visibleAscii())
            .doc(
                "API key of the account. Use a config provider to keep it out of the connector"
                    + " configuration."));
    group.add(
        Setting.required(API_SECRET, ConfigDef.Type.PASSWORD, Importance.HIGH)
            .display("API secret", Width.MEDIUM)
            .validator(SecretValidator.visibleAscii())
            .doc("API secret of the account. It signs each request and is never sent."));
    group.add(
        Setting.optional(API_SECRET_PREVIOUS, ConfigDef.Type.PASSWORD, null, Importance.LOW)
            .display("Previous API secret", Width.MEDIUM)
            .validator(SecretValidator.visibleAscii())
            .doc(
                "A second API secret of the same key, for the time in which the secret is changed:"
                    + " when the API refuses one of the two, the connector signs with the other at"
                    + " once. Remove it when the log says that it is no longer needed."));
    group.add(
        Setting.optional(API_TIME_ZONE, ConfigDef.Type.STRING, "+08:00", Importance.MEDIUM)
            .display("Time zone of the API", Width.SHORT)
            .validator(
                StringValidator.of(
                    "offset such as +08:00, or zone such as Asia/Shanghai",
                    ApiSettings::validateZone))
            .doc(
                "Time zone of the times in requests and records, which carry no zone themselves."
                    + " The API's own default is <code>+08:00</code>."));
    group.add(
        Setting.optional(API_RETENTION_DAYS, ConfigDef.Type.INT, 59, Importance.LOW)
            .display("API retention (days)", Width.SHORT)
            .validator(NumberValidator.between(1, 3650))
            .doc(
                "How many days back the API returns records."
                    + " <code>start.time=earliest</code> begins there, and nothing older is"
                    + " requested. The API documents two months."));
    group.add(
        Setting.optional(API_ALLOW_HTTP, ConfigDef.Type.BOOLEAN, false, Importance.LOW)
            .display("Allow clear text", Width.SHORT)
            .doc(
                "Whether <code>api.url</code> may use <code>http</code> for a host other than a"
                    + " loopback host. The API key and all calls are then sent in clear text."));
    group.add(
        Setting.optional(API_FACTS, ConfigDef.Type.STRING, null, Importance.LOW)
            .display("Facts about the API", Width.LONG)
            .validator(
                StringValidator.of("report of the command check", ApiFacts::parse).hidingValue())
            .doc(
                "What the command <code>check</code> has found out about the API: the text of the"
                    + " file that <code>check --facts</code> writes, or of the whole report. The"
                    + " connector begins with it instead of learning it anew at each start, and drops"
                    + " what the API contradicts. Settings that contradict it are refused. See"
                    + " <a href=\"CHECK.md#what-the-connector-makes-of-it\">what the connector makes"
                    + " of it</a>."));
  }

  /** The base URL that {@code api.url} means, without slashes at its end. */
  static URI baseUrl(String text) {
    return URI.create(text.replaceAll("/+$", ""));
  }

  static boolean isLoopback(String host) {
    String bare = host.replaceAll("^\\[|]$", "").toLowerCase(Locale.ROOT);
    return bare.equals("localhost") || bare.equals("::1") || bare.matches("127(\\.[0-9]{1,3}){3}");
  }

  private static void validateUrl(String text) {
    URI url;
    try {
      url = new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("must be a URL, such as https://api.example.com/v3", e);
    }
    if (!"https".equalsIgnoreCase(url.getScheme()) && !"http".equalsIgnoreCase(url.getScheme())) {
      throw new IllegalArgumentException("must start with https:// (or http://)");
    }
    validateHost(url.getHost());
    if (url.getPort() == 0 || url.getPort() > 65_535) {
      throw new IllegalArgumentException("must name a port between 1 and 65535");
    }
    if (url.getPath() != null && url.getPath().replaceAll("/+$", "").endsWith("/ccRecordQuery")) {
      throw new IllegalArgumentException(
          "must be the base URL only; remove /voice/ccRecordQuery, the connector adds it");
    }
    if (url.getRawQuery() != null || url.getRawFragment() != null || url.getUserInfo() != null) {
      throw new IllegalArgumentException(
          "must consist of scheme, host, port and path only; remove user, query and fragment");
    }
  }

  private static void validateHost(@Nullable String host) {
    if (host == null) {
      throw new IllegalArgumentException(
          "must name a host that consists of letters, digits, dots and dashes");
    }
    if (host.indexOf('%') >= 0
        || host.length() > 253
        || Arrays.stream(host.split("\\.", -1)).anyMatch(label -> label.length() > 63)) {
      throw new IllegalArgumentException(
          "must not name a host with a scope, of more than 253 characters, or with a label of more"
              + " than 63 characters");
    }
  }

  private static void validateZone(String text) {
    ZoneId zone;
    try {
      zone = ZoneId.of(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "must be an offset such as +08:00 or a zone such as Asia/Shanghai", e);
    }
    if (zone.getRules().getOffset(RECENT).getTotalSeconds() % 60 != 0) {
      throw new IllegalArgumentException(
          "must be an offset in whole minutes; requests cannot carry an offset with seconds");
    }
  }
}
