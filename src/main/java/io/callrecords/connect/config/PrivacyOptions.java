package io.callrecords.connect.config;

import java.util.Set;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/**
 * What is left of a record's fields when it is read.
 *
 * @param excluded the names of the fields that are left out
 * @param pseudonymized the names of the fields whose texts become tokens
 * @param key the key of the tokens, or null where no field has any
 * @param keepCountryCode whether the token of a phone number shows its country code
 * @param extra the names of the unknown fields that pass, or null where all of them do
 */
public record PrivacyOptions(
    Set<String> excluded,
    Set<String> pseudonymized,
    @Nullable Password key,
    boolean keepCountryCode,
    @Nullable Set<String> extra) {
  /** Everything passes as it comes. */
  public static final PrivacyOptions NONE =
      new PrivacyOptions(Set.of(), Set.of(), null, false, null);
}
