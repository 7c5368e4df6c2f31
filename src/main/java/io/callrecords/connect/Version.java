package io.callrecords.connect;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version that the build wrote into the plugin. */
public final class Version {
  private static final String RESOURCE = "version.properties";

  private Version() {}

  /** The version, such as {@code 1.2.3}. */
  public static String get() {
    try (InputStream in = Version.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("The plugin's jar lacks " + RESOURCE);
      }
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException("The plugin's jar is damaged: " + RESOURCE, e);
    }
  }

  /** What the connector calls itself in requests. */
  public static String userAgent() {
    return "kafka-connect-call-records/" + get();
  }
}
