package io.callrecords.connect.client;

import io.callrecords.connect.feed.Feed;
import io.callrecords.connect.feed.PrivacyRules;
import io.callrecords.connect.feed.QueryRange;
import io.callrecords.connect.feed.RecordParser;
import io.callrecords.connect.feed.Row;
import java.time.ZoneId;
import java.util.List;

/** Reads the rows of a page's bytes, and nothing else: no window, no request. */
public final class PageReader {
  private final PageParser parser;

  /** Reads pages of a feed that is filtered by the start of calls. */
  public PageReader(Feed feed, ZoneId zone) {
    this(feed, zone, PrivacyRules.NONE);
  }

  /** Reads what rules leave of such pages. */
  public PageReader(Feed feed, ZoneId zone, PrivacyRules privacy) {
    parser = new PageParser(new RecordParser(feed, "callStartTime", zone, privacy));
  }

  /** The rows of a page. */
  public List<Row> read(byte[] body, QueryRange range) {
    if (parser.parse(body, body.length, range) instanceof Page page) {
      return page.rows();
    }
    throw new IllegalArgumentException("That is no page");
  }
}
