package io.callrecords.connect.embedded;

/** The scenarios on workers that write records and offsets in one transaction. */
@Clusters.ExactlyOnce
class ExactlyOnceLifecycleIT extends LifecycleScenarios {
  ExactlyOnceLifecycleIT(ConnectCluster cluster) {
    super(cluster);
  }
}
