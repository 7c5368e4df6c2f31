package io.callrecords.connect.embedded;

/** The scenarios on workers as they are by default, where only a crash may repeat a record. */
class LifecycleIT extends LifecycleScenarios {
  LifecycleIT(ConnectCluster cluster) {
    super(cluster);
  }
}
