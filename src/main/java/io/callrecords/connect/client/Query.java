package io.callrecords.connect.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import io.callrecords.connect.config.ApiOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The query whose pages are requested: its address, its filters, and how both look on the wire. */
final class Query {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssxxx");

  /** Its buffers belong to no thread: a worker may have hundreds of tasks that are idle. */
  private static final JsonFactory JSON =
      JsonFactory.builder().recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool()).build();

  private final ApiOptions options;
  private final URI url;
  private final Map<String, Object> filters;

  /**
   * Creates a query.
   *
   * @param path its path below the base address
   * @param filters request parameters that go with every page
   */
  Query(ApiOptions options, String path, Map<String, Object> filters) {
    this.options = options;
    this.url = URI.create(options.baseUrl() + "/" + path);
    this.filters = filters;
  }

  /** The request parameters that go with every page. */
  Map<String, Object> filters() {
    return filters;
  }

  URI url() {
    return url;
  }

  /** The body of a request for a page. */
  byte[] body(PageRequest request) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    try (JsonGenerator generator = JSON.createGenerator(out)) {
      generator.writeStartObject();
      generator.writeNumberField("current", request.page());
      generator.writeNumberField("size", request.size());
      generator.writeObjectFieldStart("params");
      generator.writeStringField("strTime", from(request));
      generator.writeStringField("endTime", to(request));
      Map<String, Object> params = new LinkedHashMap<>(filters);
      request.codes().forEach((name, code) -> params.put(name, List.of(code)));
      for (Map.Entry<String, Object> filter : params.entrySet()) {
        generator.writeFieldName(filter.getKey());
        write(generator, filter.getValue());
      }
      generator.writeEndObject();
      generator.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("Writing to memory cannot fail", e);
    }
    return out.toByteArray();
  }

  /**
   * The start, with the offset of the time behind it, and likewise the end with that of the time
   * before it: a range that begins or ends where clocks are set, give or take a second, has one
   * offset, so that it means the same times to an API that drops the offset.
   */
  private String from(PageRequest request) {
    return text(request.from(), request.from().plusSeconds(1));
  }

  private String to(PageRequest request) {
    return text(request.to(), request.to().minusSeconds(1));
  }

  private String text(Instant time, Instant beside) {
    return TIME.format(time.atOffset(options.zone().getRules().getOffset(beside)));
  }

  private static void write(JsonGenerator generator, Object value) throws IOException {
    if (value instanceof List<?> list) {
      generator.writeStartArray();
      for (Object item : list) {
        write(generator, item);
      }
      generator.writeEndArray();
    } else if (value instanceof Integer number) {
      generator.writeNumber(number);
    } else {
      generator.writeString(value.toString());
    }
  }

  /** Describes a request for a message, without the values of its filters. */
  String describe(PageRequest request) {
    return "Request to "
        + url
        + " for "
        + from(request)
        + " to "
        + to(request)
        + ", page "
        + request.page()
        + ", size "
        + request.size()
        + (filters.isEmpty() ? "" : ", filtered by " + String.join(", ", filters.keySet()));
  }
}
