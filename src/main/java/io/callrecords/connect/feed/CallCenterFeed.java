package io.callrecords.connect.feed;

import io.callrecords.connect.config.ApiCode;
import io.callrecords.connect.config.FilterOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Timestamp;
import org.jspecify.annotations.Nullable;

/** The call centre's call records: {@code POST voice/ccRecordQuery}. */
public final class CallCenterFeed {
  private CallCenterFeed() {}

  /** The feed, with the API's own field names. */
  public static Feed create() {
    return new Feed(
        "call-center",
        "voice/ccRecordQuery",
        schema(),
        "callSessionId",
        "callStartTime",
        "callEndTime",
        "extra",
        CallCenterFeed::params);
  }

  private static Schema schema() {
    SchemaBuilder builder =
        SchemaBuilder.struct()
            .name("io.callrecords.CallRecord")
            .version(1)
            .doc("A call of the call centre, with the API's own field names");
    builder.field("callSessionId", Schema.STRING_SCHEMA);
    builder.field("callId", Schema.OPTIONAL_STRING_SCHEMA);
    texts(builder, "called", "calledInfo", "caller", "ccode", "ccodeName");
    texts(builder, "agentName", "agentGroupName", "agentAccount");
    builder.field("callDuration", Schema.OPTIONAL_INT32_SCHEMA);
    builder.field("callType", Schema.OPTIONAL_INT32_SCHEMA);
    builder.field("hangupCode", Schema.OPTIONAL_STRING_SCHEMA);
    builder.field("hangupReason", Schema.OPTIONAL_INT32_SCHEMA);
    builder.field("hangingDirection", Schema.OPTIONAL_INT32_SCHEMA);
    builder.field("labels", SchemaBuilder.array(Schema.STRING_SCHEMA).optional().build());
    texts(builder, "remark", "baseCost", "cost");
    builder.field("callStartTime", Timestamp.SCHEMA);
    builder.field("answerTime", Timestamp.builder().optional().build());
    builder.field("callEndTime", Timestamp.builder().optional().build());
    texts(builder, "voiceUrl");
    builder.field(
        "extra",
        SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.STRING_SCHEMA)
            .optional()
            .doc("Fields that the API added since: name to JSON text")
            .build());
    return builder.build();
  }

  private static void texts(SchemaBuilder builder, String... names) {
    for (String name : names) {
      builder.field(name, Schema.OPTIONAL_STRING_SCHEMA);
    }
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
