package io.callrecords.connect.feed;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A row that cannot be converted.
 *
 * @param key its unique id as far as that can be read
 * @param time the time by which the API filters it, in seconds since the epoch; a time in the
 *     requested range where it cannot be read
 * @param position its position in the page, from 1
 * @param field the first field that cannot be converted
 * @param problem what is wrong with that field, without its content
 * @param json the row as the API sent it
 */
public record MalformedRecord(
    @Nullable String key, long time, int position, String field, String problem, String json)
    implements Row {

  /** No record's own id begins so: once the row is corrected, it is a record not emitted yet. */
  private static final String MARK = "!";

  /** The API may sign addresses anew in each response. */
  private static final Pattern SIGNATURE = Pattern.compile("\\?[^\"]*");

  /** Whether an id is that of a malformed row. */
  public static boolean isIdOfOne(String id) {
    return id.startsWith(MARK);
  }

  @Override
  public String id() {
    return MARK + (key == null ? hash() : key);
  }

  private UUID hash() {
    String lasting = SIGNATURE.matcher(json).replaceAll("");
    return UUID.nameUUIDFromBytes(lasting.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public int fingerprint() {
    return 0;
  }

  /** Its position and what is wrong, without anything of its content. */
  public String reason() {
    return "Record " + position + " of the page: " + field + " " + problem;
  }

  /** The reason only: a row holds personal data. */
  @Override
  public String toString() {
    return "MalformedRecord[time=" + time + ", " + reason() + "]";
  }

  @Override
  public <T> T match(
      Function<FeedRecord, T> record,
      Function<MalformedRecord, T> malformed,
      Function<OutOfRangeRecord, T> outOfRange) {
    return malformed.apply(this);
  }
}
