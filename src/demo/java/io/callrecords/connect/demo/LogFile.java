package io.callrecords.connect.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.LogManager;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.builder.api.AppenderComponentBuilder;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilder;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilderFactory;
import org.apache.logging.log4j.core.config.builder.impl.BuiltConfiguration;

/** Sends all that Kafka and the connector log into a file, so that the terminal stays clean. */
final class LogFile {
  private static final String APPENDER = "file";

  private LogFile() {}

  /** Sets logging up; has to come before the first logger is made. */
  static void use(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.deleteIfExists(file);
    LogManager.getLogManager().reset();
    ConfigurationBuilder<BuiltConfiguration> builder =
        ConfigurationBuilderFactory.newConfigurationBuilder();
    builder.setStatusLevel(Level.OFF);
    AppenderComponentBuilder appender =
        builder
            .newAppender(APPENDER, "File")
            .addAttribute("fileName", file.toString())
            .addAttribute("append", true)
            .add(
                builder
                    .newLayout("PatternLayout")
                    .addAttribute("pattern", "%d{HH:mm:ss.SSS} %-5p [%t] %c{1.} %m%n"));
    builder.add(appender);
    builder.add(builder.newRootLogger(Level.INFO).add(builder.newAppenderRef(APPENDER)));
    Configurator.initialize(builder.build());
  }
}
