package io.callrecords.connect.scenario;

import io.callrecords.connect.config.PrivacyOptions;
import io.callrecords.connect.feed.PrivacyRules;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/**
 * The privacy settings of a life, and what they leave of the fields by which a life is judged.
 * Fields in which a row of a life can be malformed are never left out: such a row would not be.
 */
final class LifePrivacy {
  private static final String KEY = "bDqJFiq9-bDqJFiq9-bDqJFiq9-bDqJFiq9";
  private static final List<String> FIELDS =
      List.of("remark", "labels", "voiceUrl", "agentName", "calledInfo", "called");

  private final Set<String> excluded = new HashSet<>();
  private final Set<String> pseudonymized = new HashSet<>();
  private final boolean isOn;

  /**
   * Draws settings: none in most lives.
   *
   * @param updates whether updates are emitted: then edits have to show
   * @param isDamaged whether rows are malformed
   */
  LifePrivacy(long seed, boolean updates, boolean isDamaged) {
    SplittableRandom random = new SplittableRandom(seed ^ 0x2545F4914F6CDD1DL);
    isOn = random.nextInt(3) == 0;
    for (String field : FIELDS) {
      boolean mayLeaveOut =
          switch (field) {
            case "remark" -> !updates;
            case "labels" -> !isDamaged;
            default -> true;
          };
      int rule = isOn ? random.nextInt(3) : 0;
      if (rule == 1 && mayLeaveOut) {
        excluded.add(field);
      } else if (rule > 0) {
        pseudonymized.add(field);
      }
    }
  }

  PrivacyRules rules() {
    return isOn
        ? new PrivacyRules(
            new PrivacyOptions(excluded, pseudonymized, new Password(KEY), false, Set.of()))
        : PrivacyRules.NONE;
  }

  /** What is left of a remark; empty where that is nothing. */
  String remark(@Nullable String remark) {
    return remark == null || excluded.contains("remark") ? "" : shown("remark", remark);
  }

  /** What is left of labels. */
  Set<String> labels(@Nullable List<String> labels) {
    Set<String> shown = new HashSet<>();
    if (labels != null && !excluded.contains("labels")) {
      labels.forEach(label -> shown.add(shown("labels", label)));
    }
    return shown;
  }

  /** As anyone with the key can compute it. */
  private String shown(String field, String text) {
    if (!pseudonymized.contains(field) || text.isBlank()) {
      return text;
    }
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(KEY.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return isOn ? ", without " + excluded + ", with tokens for " + pseudonymized : "";
  }
}
