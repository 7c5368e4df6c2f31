package io.callrecords.cli.reconcile;

import io.callrecords.cli.reconcile.CallDigests.IdDigest;
import io.callrecords.cli.topic.TopicPlace;

/**
 * What is kept of a record of the topic.
 *
 * @param id what stands for its id
 * @param digest of its content
 * @param place where it stands
 * @param secondOfDay the second of its day in which the API finds it, as its content says
 * @param isReplayed whether it says of itself that it was loaded again
 */
record TopicEntry(
    IdDigest id, CallDigest digest, TopicPlace place, int secondOfDay, boolean isReplayed) {}
