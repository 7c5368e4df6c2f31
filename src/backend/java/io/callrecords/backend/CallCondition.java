package io.callrecords.backend;

import java.time.LocalDateTime;
import java.util.List;

/**
 * Which calls are meant; an empty list means all.
 *
 * @param account whose calls
 * @param from the first second
 * @param to the last second
 * @param filters what else was asked for
 */
record CallCondition(String account, LocalDateTime from, LocalDateTime to, CallFilters filters) {
  /**
   * The filters of the API's documents, by their names there.
   *
   * @param strTime the first second, with an offset
   * @param endTime the last second, with an offset
   * @param sipGroupName an agent group
   * @param seatNameList agents
   * @param callType codes of call types
   * @param hangupReason codes of reasons
   * @param calledOrCaller a number
   * @param ccode country codes
   * @param hangingDirection codes of who hung up
   * @param labelNames labels
   */
  record CallFilters(
      String strTime,
      String endTime,
      String sipGroupName,
      List<String> seatNameList,
      List<Integer> callType,
      List<Integer> hangupReason,
      String calledOrCaller,
      List<String> ccode,
      List<Integer> hangingDirection,
      List<String> labelNames) {}
}
