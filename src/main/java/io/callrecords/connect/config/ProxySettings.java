package io.callrecords.connect.config;

import static io.callrecords.connect.config.CallRecordSourceConfig.PROXY_PASSWORD;
import static io.callrecords.connect.config.CallRecordSourceConfig.PROXY_URL;
import static io.callrecords.connect.config.CallRecordSourceConfig.PROXY_USERNAME;

import java.net.URI;
import java.net.URISyntaxException;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;

/** The settings of the HTTP proxy. */
final class ProxySettings {
  private static final String FORM = "http://host:port";

  private ProxySettings() {}

  static void define(ConfigDef def) {
    SettingGroup group = new SettingGroup(def, "Proxy");
    group.add(
        Setting.optional(PROXY_URL, ConfigDef.Type.STRING, null, Importance.MEDIUM)
            .display("Proxy URL", Width.LONG)
            .validator(StringValidator.of(FORM, ProxySettings::address))
            .doc(
                "HTTP proxy for all requests, such as"
                    + " <code>http://proxy.example.com:3128</code>. If not set, the proxy settings"
                    + " of the JVM apply (<code>https.proxyHost</code> and the like)."));
    group.add(
        Setting.optional(PROXY_USERNAME, ConfigDef.Type.STRING, null, Importance.MEDIUM)
            .display("Proxy user", Width.MEDIUM)
            .validator(
                StringValidator.of("name without a colon", ProxySettings::validateUsername)
                    .hidingValue())
            .doc("User name for the proxy. It is sent to the proxy only, never to the API."));
    group.add(
        Setting.optional(PROXY_PASSWORD, ConfigDef.Type.PASSWORD, null, Importance.MEDIUM)
            .display("Proxy password", Width.MEDIUM)
            .validator(SecretValidator.notEmpty("the user's password"))
            .doc("Password of <code>proxy.username</code>."));
  }

  /**
   * Parses {@code proxy.url}.
   *
   * @throws IllegalArgumentException when it is not of the form {@code http://host:port}
   */
  static URI address(String text) {
    URI url;
    try {
      url = new URI(text);
    } catch (URISyntaxException e) {
      // Not the cause: its message quotes the URL, which may contain a password.
      throw new IllegalArgumentException("must be of the form " + FORM);
    }
    if (url.getRawUserInfo() != null || text.indexOf('@') >= 0) {
      throw new IllegalArgumentException(
          "must not contain credentials; set " + PROXY_USERNAME + " and " + PROXY_PASSWORD);
    }
    if (!"http".equalsIgnoreCase(url.getScheme())) {
      throw new IllegalArgumentException(
          "must start with http://; the connector supports only HTTP proxies");
    }
    if (url.getHost() == null) {
      throw new IllegalArgumentException(
          "must name a host that consists of letters, digits, dots and dashes");
    }
    if (url.getPort() < 1 || url.getPort() > 65_535) {
      throw new IllegalArgumentException("must name a port between 1 and 65535");
    }
    boolean noPath = url.getRawPath().isEmpty() || url.getRawPath().equals("/");
    if (!noPath || url.getRawQuery() != null || url.getRawFragment() != null) {
      throw new IllegalArgumentException("must consist of scheme, host and port only");
    }
    return url;
  }

  private static void validateUsername(String text) {
    StringValidator.rejectBlank(text);
    if (text.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "must not contain a colon, which Basic authentication cannot carry");
    }
  }
}
