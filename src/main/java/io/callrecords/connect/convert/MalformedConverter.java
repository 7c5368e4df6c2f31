package io.callrecords.connect.convert;

import static io.callrecords.connect.feed.PersonalData.INDIRECT;
import static io.callrecords.connect.feed.PersonalData.NO;
import static io.callrecords.connect.feed.PersonalData.UNKNOWN;

import io.callrecords.connect.config.TimesFormat;
import io.callrecords.connect.feed.FieldDescription;
import io.callrecords.connect.feed.MalformedRecord;
import io.callrecords.connect.feed.RecordSchema;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.header.Headers;

/** Converts a malformed row: makes of it the value and the headers of a record. */
final class MalformedConverter {
  /** The prefix of the headers, which say why without the value. */
  private static final String HEADER = "callrecords.malformed.";

  private final MomentForm times;
  private final RecordSchema record;

  /** Creates a converter that writes times in a form. */
  MalformedConverter(TimesFormat format) {
    times = new MomentForm(format);
    record =
        RecordSchema.of(
            "io.callrecords.MalformedRecord",
            1 + CallForm.timesVersion(format),
            "A row of the API that cannot be converted, and why",
            fields());
  }

  /** What its records are. */
  RecordSchema record() {
    return record;
  }

  private List<FieldDescription> fields() {
    return List.of(
        FieldDescription.of("feed", SchemaBuilder.string(), NO, "Kind of record")
            .details("Always call-center."),
        FieldDescription.of("split", SchemaBuilder.string(), NO, "UTC day that it counts for")
            .details("That of its time; without one, that of the range that returned it."),
        FieldDescription.of(
                "callSessionId",
                SchemaBuilder.string().optional(),
                INDIRECT,
                "Its id, if it can be read")
            .details("It is the key, too."),
        FieldDescription.of(
                "queryTime", times.schema().optional(), INDIRECT, "Its time, if it can be read")
            .details(
                "The one that query.time.field names, in whole seconds; null as well where it"
                    + " lies outside of the range that was requested."),
        FieldDescription.of(
                "position", SchemaBuilder.int32(), NO, "Its position in the page, from 1")
            .details("Of the response in which the connector last met it."),
        FieldDescription.of("field", SchemaBuilder.string(), NO, "First field that is wrong")
            .details("As the API names it, or the word record where the row as a whole is wrong."),
        FieldDescription.of("problem", SchemaBuilder.string(), NO, "What is wrong with that field")
            .details(
                "The end of a sentence that begins with the field; it never shows the content."),
        FieldDescription.of("json", SchemaBuilder.string(), UNKNOWN, "The row's JSON, as received")
            .details(
                "As text, but for what fields.exclude, fields.pseudonymize and fields.extra"
                    + " take out or replace. Where problem says that it is truncated, it is no"
                    + " longer JSON."));
  }

  /**
   * The value for a row.
   *
   * @param nul drops what databases refuse
   */
  Struct value(String feed, String split, MalformedRecord row, NulFilter nul) {
    return new Struct(record.schema())
        .put("feed", feed)
        .put("split", split)
        .put("callSessionId", nul.filtered(row.key()))
        .put("queryTime", row.hasOwnTime() ? times.of(Instant.ofEpochSecond(row.time())) : null)
        .put("position", row.position())
        .put("field", row.field())
        .put("problem", row.problem())
        .put("json", nul.json(row.json()));
  }

  static Headers headers(String feed, MalformedRecord row) {
    return new ConnectHeaders()
        .addString(HEADER + "feed", feed)
        .addString(HEADER + "field", row.field())
        .addString(HEADER + "problem", row.problem())
        .addInt(HEADER + "position", row.position());
  }
}
