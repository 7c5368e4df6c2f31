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
 *     requested range where it is not its own
 * @param hasOwnTime whether the time is its own: it can be read, and lies in the requested range
 * @param position its position in the page, from 1
 * @param field the first field that cannot be converted
 * @param problem what is wrong with that field, without its content
 * @param json the row as the API sent it, or what the privacy settings leave of it
 * @param digest what tells it from others that have no id either: a keyed hash of the row as the
 *     API sent it; null where it has an id, or no key hides what its JSON does not show
 */
public record MalformedRecord(
    @Nullable String key,
    long time,
    boolean hasOwnTime,
    int position,
    String field,
    String problem,
    String json,
    @Nullable String digest)
    implements Row {

  /** No record's own id begins so: once the row is corrected, it is a record not emitted yet. */
  private static final String MARK = "!";

  /** The API may sign addresses anew in each response. */
  private static final Pattern SIGNATURE = Pattern.compile("\\?[^\"]*");

  /** A row with a time of its own, which its id or its JSON tells from others. */
  public MalformedRecord(
      @Nullable String key, long time, int position, String field, String problem, String json) {
    this(key, time, true, position, field, problem, json, null);
  }

  /** Whether an id is that of a malformed row. */
  public static boolean isIdOfOne(String id) {
    return id.startsWith(MARK);
  }

  @Override
  public String id() {
    return MARK + (key == null ? hash() : key);
  }

  private String hash() {
    if (digest != null) {
      return digest;
    }
    String lasting = SIGNATURE.matcher(json).replaceAll("");
    return UUID.nameUUIDFromBytes(lasting.getBytes(StandardCharsets.UTF_8)).toString();
  }

  @Override
  public int fingerprint() {
    return 0;
  }

  @Override
  public long weight() {
    return RowWeight.ROW + RowWeight.ofText(json) + RowWeight.ofText(digest);
  }

  /** The same row at another time. */
  public MalformedRecord withTime(long newTime) {
    return new MalformedRecord(key, newTime, hasOwnTime, position, field, problem, json, digest);
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
