package io.callrecords.connect.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The filters that the API applies; null or empty means that the filter is not sent.
 *
 * @param agentGroup name of the agent group
 * @param agents names of agents
 * @param callTypes types of calls
 * @param hangupReasons reasons for which calls ended
 * @param number number of the caller or the callee
 * @param countryCodes country codes, digits only
 * @param hangingDirections who hung up
 * @param labels tags
 */
public record FilterOptions(
    @Nullable String agentGroup,
    List<String> agents,
    List<CallType> callTypes,
    List<HangupReason> hangupReasons,
    @Nullable String number,
    List<String> countryCodes,
    List<HangingDirection> hangingDirections,
    List<String> labels) {

  /** Shows which filters are set, but not their values: names and numbers are people's data. */
  @Override
  public String toString() {
    return "FilterOptions[hidden]";
  }
}
