package io.callrecords.connect.feed;

import java.util.List;
import java.util.Map;

/**
 * A request parameter that selects records by a code, so that a query can be cut into one for each
 * code.
 *
 * @param parameter the name of the parameter, which takes a list of codes
 * @param codes the codes that the API documents, or those that are configured
 */
public record CodedFilter(String parameter, List<Integer> codes) {
  /**
   * The codes that remain where some are configured.
   *
   * @param filters the configured request parameters
   */
  public CodedFilter within(Map<String, Object> filters) {
    return filters.get(parameter) instanceof List<?> configured
        ? new CodedFilter(parameter, codes.stream().filter(configured::contains).toList())
        : this;
  }
}
