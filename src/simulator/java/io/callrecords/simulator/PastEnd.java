package io.callrecords.simulator;

/** What is answered to a request for a page past the last one. */
public enum PastEnd {
  /** Whatever rows lie there, also past the pages that were announced; none past the last row. */
  QUERIED,
  /** Nothing past the announced pages, although rows may lie there: MyBatis-Plus as it comes. */
  NOT_QUERIED,
  /** Page 1 again past the announced pages: MyBatis-Plus with its overflow on. */
  FIRST_PAGE
}
