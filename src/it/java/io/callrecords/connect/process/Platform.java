package io.callrecords.connect.process;

/**
 * What a process runs on.
 *
 * @param kafka the release of Kafka
 * @param jdk the JDK
 */
record Platform(KafkaJars kafka, Jdk jdk) {
  /** The release that the tests compile with, on the JDK that runs them. */
  static Platform ofTests() {
    return new Platform(KafkaJars.ofTests(), Jdk.running());
  }

  @Override
  public String toString() {
    return "Connect " + kafka.version() + " on JDK " + jdk.version();
  }
}
