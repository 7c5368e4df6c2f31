package io.callrecords.connect.config;

import java.util.Set;

/**
 * The form in which records are written.
 *
 * @param keepsNul whether U+0000 stays in texts, which many databases refuse
 * @param added the fields that a call has in addition
 */
public record FormatOptions(
    LabelsFormat labels,
    ExtraFormat extra,
    TimesFormat times,
    CostFormat cost,
    boolean keepsNul,
    Set<AddedField> added) {
  /** What holds unless something is set. */
  public static final FormatOptions DEFAULT =
      new FormatOptions(
          LabelsFormat.ARRAY,
          ExtraFormat.MAP,
          TimesFormat.TIMESTAMP,
          CostFormat.TEXT,
          false,
          Set.of());
}
