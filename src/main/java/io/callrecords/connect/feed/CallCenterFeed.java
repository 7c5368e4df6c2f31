package io.callrecords.connect.feed;

import static io.callrecords.connect.feed.PersonalData.INDIRECT;
import static io.callrecords.connect.feed.PersonalData.NO;
import static io.callrecords.connect.feed.PersonalData.UNKNOWN;
import static io.callrecords.connect.feed.PersonalData.YES;

import io.callrecords.connect.config.ApiCode;
import io.callrecords.connect.config.CallType;
import io.callrecords.connect.config.FilterOptions;
import io.callrecords.connect.config.HangingDirection;
import io.callrecords.connect.config.HangupReason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Timestamp;
import org.jspecify.annotations.Nullable;

/** The call centre's call records: {@code POST voice/ccRecordQuery}. */
public final class CallCenterFeed {
  private static final String NUMBER_FORM =
      "As the API writes it: with the country code and without + in its sample; its documentation"
          + " states no form.";

  private static final String SOME_BRANDS = "Only some brands of the platform have it.";
  private static final String COST =
      SOME_BRANDS + " Exact, as the API writes it; null where it sends an empty text.";

  private static final String TIME =
      "The API's time has no zone; api.time.zone says which one is meant.";

  private CallCenterFeed() {}

  /** The feed, with the API's own field names. */
  public static Feed create() {
    return new Feed(
        "call-center",
        "voice/ccRecordQuery",
        recordSchema().schema(),
        "callSessionId",
        "callStartTime",
        "callEndTime",
        "extra",
        Set.of("baseCost", "cost"),
        CallCenterFeed::params,
        List.of(
            new CodedFilter("callType", codes(List.of(CallType.values()))),
            new CodedFilter("hangupReason", codes(List.of(HangupReason.values()))),
            new CodedFilter("hangingDirection", codes(List.of(HangingDirection.values())))));
  }

  /**
   * What its records are. What is stated of a field is what the API's documentation says; where
   * that says nothing, so do the details.
   */
  public static RecordSchema recordSchema() {
    List<FieldDescription> fields = new ArrayList<>();
    fields.addAll(ids());
    fields.addAll(parties());
    fields.addAll(course());
    fields.addAll(remarks());
    fields.addAll(times());
    return RecordSchema.of(
        "io.callrecords.CallRecord",
        "A call of the call centre, with the API's own field names",
        fields);
  }

  private static List<FieldDescription> ids() {
    return List.of(
        FieldDescription.of(
                "callSessionId", SchemaBuilder.string(), INDIRECT, "Unique id of the record")
            .details(
                "It is the key, too; one of more than 128 bytes makes a row malformed. In the API's"
                    + " sample it begins with the second in which the call ended."),
        text("callId", YES, "Id that the API for placing calls returned")
            .details("Only calls placed through that API have one."));
  }

  private static List<FieldDescription> parties() {
    return List.of(
        text("called", YES, "Phone number of the callee").details(NUMBER_FORM),
        text("calledInfo", YES, "Free text about the callee"),
        text("caller", YES, "Phone number of the caller").details(NUMBER_FORM),
        text("ccode", INDIRECT, "Country code, such as 91")
            .details(
                "Of which of the two numbers, the API's documentation does not say; in its sample"
                    + " both have it."),
        text("ccodeName", INDIRECT, "Name of the country"),
        text("agentName", YES, "Name of the agent"),
        text("agentGroupName", YES, "Group of the agent"),
        text("agentAccount", YES, "Account of the agent").details(SOME_BRANDS));
  }

  private static List<FieldDescription> course() {
    return List.of(
        number("callDuration", INDIRECT, "Duration in seconds")
            .details(
                "In the API's sample it is the time from answer to end; its documentation says"
                    + " seconds and no more."),
        number("callType", NO, "Type of the call, a code").codes(List.of(CallType.values())),
        text("hangupCode", NO, "SIP code of the end")
            .details("The API's documentation lists no values."),
        number("hangupReason", NO, "Why the call ended, a code")
            .codes(List.of(HangupReason.values())),
        number("hangingDirection", NO, "Who ended the call, a code")
            .codes(List.of(HangingDirection.values()))
            .details("The API's documentation has no code 2."));
  }

  private static List<FieldDescription> remarks() {
    return List.of(
        FieldDescription.of(
                "labels",
                SchemaBuilder.array(Schema.STRING_SCHEMA).optional(),
                YES,
                "Labels of the call")
            .details(
                "The API's tables call them tags. They may change after the call. Their order is"
                    + " the API's."),
        text("remark", YES, "Free text about the call")
            .details(
                "It may change after the call. It stands in the API's sample and not in its table of"
                    + " fields."),
        text("baseCost", NO, "Base cost in USD, a decimal number").details(COST),
        text("cost", NO, "Cost in USD, a decimal number").details(COST));
  }

  private static List<FieldDescription> times() {
    return List.of(
        FieldDescription.of("callStartTime", Timestamp.builder(), INDIRECT, "When the call started")
            .details(TIME),
        time("answerTime", "When the call was answered")
            .details(
                "Null where it was not answered: the API's documentation does not say how it writes"
                    + " that; null, an empty text, a time of zeros and a missing field are taken for it. "
                    + TIME),
        time("callEndTime", "When the call ended").details(TIME),
        text("voiceUrl", YES, "Recording: address or file id")
            .details(
                "It may be empty, and change after the call. How long an address is valid, the API's"
                    + " documentation does not say."),
        FieldDescription.of(
                "extra",
                SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.STRING_SCHEMA).optional(),
                UNKNOWN,
                "Unknown fields: name to JSON text")
            .details(
                "Whatever the API sends beside the fields above, each value as the text of its"
                    + " JSON; null where there is none."));
  }

  private static FieldDescription text(String name, PersonalData personal, String meaning) {
    return FieldDescription.of(name, SchemaBuilder.string().optional(), personal, meaning);
  }

  private static FieldDescription number(String name, PersonalData personal, String meaning) {
    return FieldDescription.of(name, SchemaBuilder.int32().optional(), personal, meaning);
  }

  private static FieldDescription time(String name, String meaning) {
    return FieldDescription.of(name, Timestamp.builder().optional(), INDIRECT, meaning);
  }

  /** Filters that are not set are left out, as the API's documentation asks. */
  private static Map<String, Object> params(FilterOptions filters) {
    Map<String, Object> params = new LinkedHashMap<>();
    put(params, "sipGroupName", filters.agentGroup());
    put(params, "seatNameList", filters.agents());
    put(params, "callType", codes(filters.callTypes()));
    put(params, "hangupReason", codes(filters.hangupReasons()));
    put(params, "calledOrCaller", filters.number());
    put(params, "ccode", filters.countryCodes());
    put(params, "hangingDirection", codes(filters.hangingDirections()));
    put(params, "labelNames", filters.labels());
    return params;
  }

  private static List<Integer> codes(List<? extends ApiCode> values) {
    return values.stream().map(ApiCode::code).toList();
  }

  private static void put(Map<String, Object> params, String name, @Nullable Object value) {
    if (value != null && !(value instanceof List<?> list && list.isEmpty())) {
      params.put(name, value);
    }
  }
}
