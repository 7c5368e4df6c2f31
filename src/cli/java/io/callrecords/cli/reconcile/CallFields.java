package io.callrecords.cli.reconcile;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One version of a call, field by field, in the text in which it is compared. */
final class CallFields {
  private final CallLayout layout;
  private final @Nullable String[] texts;
  private final @Nullable String id;
  private final @Nullable Long millis;
  private final @Nullable Long endMillis;
  private final @Nullable String version;

  /**
   * Creates a version; the array is handed over.
   *
   * @param millis the time by which the API finds the call
   * @param endMillis when the call ended
   * @param version which version it says to be
   */
  CallFields(
      CallLayout layout,
      @Nullable String[] texts,
      @Nullable String id,
      @Nullable Long millis,
      @Nullable Long endMillis,
      @Nullable String version) {
    this.layout = layout;
    this.texts = texts;
    this.id = id;
    this.millis = millis;
    this.endMillis = endMillis;
    this.version = version;
  }

  /** The call's id; null where the record has none. */
  @Nullable String id() {
    return id;
  }

  /** The time by which the API finds it, in milliseconds; null where it cannot be read. */
  @Nullable Long millis() {
    return millis;
  }

  /** When the call ended, in milliseconds; null where that is not known. */
  @Nullable Long endMillis() {
    return endMillis;
  }

  /** Which version it says to be; null where it says nothing. */
  @Nullable String version() {
    return version;
  }

  /** The text of a field. */
  @Nullable String text(int place) {
    return texts[place];
  }

  /** The text of a field by its name. */
  @Nullable String text(String name) {
    int place = layout.place(name);
    return place < 0 ? null : texts[place];
  }

  /** The names of fields in which two versions differ. */
  List<String> differing(CallFields other) {
    List<String> differing = new ArrayList<>();
    for (int i = 0; i < layout.size(); i++) {
      if (!Arrays.equals(utf8(i), other.utf8(i))) {
        differing.add(layout.name(i));
      }
    }
    return differing;
  }

  private byte @Nullable [] utf8(int place) {
    String text = texts[place];
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }
}
