package io.callrecords.connect.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The filters that the API applies; a filter that is null or empty is not sent.
 *
 * @param agentGroup name of the agent group
 * @param agents names of agents
 * @param callTypes types of calls
 * @param hangupReasons why calls ended
 * @param number phone number of the caller or the callee
 * @param countryCodes country codes, digits only
 * @param hangingDirections who ended the call
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

  /** Shows no values: names and numbers are personal data. */
  @Override
  public String toString() {
    return "FilterOptions[hidden]";
  }
}
