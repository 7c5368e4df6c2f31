package io.callrecords.connect.feed;

import com.fasterxml.jackson.core.JsonParser;
import io.callrecords.connect.config.PrivacyOptions;
import java.io.IOException;
import java.util.Set;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/** Decides what is left of each field of a row: it passes, is left out, or becomes a token. */
public final class PrivacyRules {
  /** Everything passes as it comes. */
  public static final PrivacyRules NONE = new PrivacyRules(PrivacyOptions.NONE);

  /** The fields that hold phone numbers, which count by their digits. */
  private static final Set<String> PHONE_FIELDS = Set.of("called", "caller");

  private final Set<String> excluded;
  private final Set<String> pseudonymized;
  private final @Nullable Set<String> extra;
  private final @Nullable Pseudonymizer pseudonymizer;

  /** What becomes of the value of a field. */
  enum FieldRule {
    /** It stays as it is. */
    PASS,
    /** It is left out, and not even read. */
    EXCLUDE,
    /** Each text of it is replaced by its token. */
    PSEUDONYMIZE
  }

  /** Creates the rules that the settings ask for. */
  public PrivacyRules(PrivacyOptions options) {
    excluded = options.excluded();
    pseudonymized = options.pseudonymized();
    extra = options.extra();
    Password key = options.key();
    if (key == null && !pseudonymized.isEmpty()) {
      throw new IllegalArgumentException("No key for the tokens");
    }
    pseudonymizer = key == null ? null : new Pseudonymizer(key.value(), options.keepCountryCode());
  }

  /** Whether every row stays as it is. */
  boolean isEmpty() {
    return excluded.isEmpty() && pseudonymized.isEmpty() && extra == null;
  }

  /** What becomes of a field of the schema. */
  FieldRule ruleOf(String field) {
    if (excluded.contains(field)) {
      return FieldRule.EXCLUDE;
    }
    return pseudonymized.contains(field) ? FieldRule.PSEUDONYMIZE : FieldRule.PASS;
  }

  /** Whether a field passes that the schema lacks. */
  boolean passesUnknown(String field) {
    return extra == null || extra.contains(field);
  }

  /** The token of a field's text. */
  String token(String field, String text) {
    return PHONE_FIELDS.contains(field) ? keyed().phoneToken(text) : keyed().token(text);
  }

  /**
   * The token of the single value of a field that the JSON parser stands at. A number counts as a
   * whole one is written, whatever digits and exponent it has.
   */
  String token(String field, JsonParser json) throws IOException {
    String text = json.getText();
    if (!json.currentToken().isNumeric()) {
      return token(field, text);
    }
    String whole = JsonText.wholeNumber(text);
    // With a minus or a fraction, it is no phone number: its digits alone would be another one.
    return whole == null || whole.startsWith("-")
        ? keyed().token(whole == null ? text : whole)
        : token(field, whole);
  }

  /**
   * What tells a row without an id from others, also by what is hidden of it, and says nothing of
   * that to whoever has no key.
   *
   * @param page the bytes of its page, in UTF-8
   * @param begin where the row begins
   * @param length how many bytes it has
   * @return null where there is no key
   */
  @Nullable String digest(byte[] page, int begin, int length) {
    return pseudonymizer == null ? null : pseudonymizer.digest(page, begin, length);
  }

  private Pseudonymizer keyed() {
    if (pseudonymizer == null) {
      throw new IllegalStateException("No key for the tokens");
    }
    return pseudonymizer;
  }
}
