package io.callrecords.cli.reconcile;

import io.callrecords.connect.config.ApiOptions;
import io.callrecords.connect.config.CallRecordSourceConfig;
import io.callrecords.connect.config.RetryOptions;
import io.callrecords.connect.split.TimeRange;
import java.util.Set;
import java.util.function.Function;

/**
 * What is to be compared.
 *
 * @param connector the connector's name
 * @param config the connector's configuration
 * @param range the calls that are compared, by the time by which the API finds them
 * @param api how to reach the API, and how fast
 * @param maxAhead how much of the heap calls of the API may take that are read before the topic has
 *     been, in bytes
 * @param retry for how long a request is tried
 * @param decoder reads the topic's values, as their converter has written them
 * @param isTransformed whether transforms of the connector may change what the records say, or when
 * @param ignored fields that are not compared
 * @param limit how many findings of each kind are looked into and listed
 */
record ReconcileRequest(
    String connector,
    CallRecordSourceConfig config,
    TimeRange range,
    ApiOptions api,
    long maxAhead,
    RetryOptions retry,
    Function<CallLayout, RecordDecoder> decoder,
    boolean isTransformed,
    Set<String> ignored,
    int limit) {}
