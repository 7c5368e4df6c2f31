package io.callrecords.connect.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.callrecords.connect.config.ApiOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;

/** The query whose pages are requested: its address, its filters, and how both look on the wire. */
final class Query {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssxxx");

  private final ApiOptions options;
  private final URI url;
  private final Map<String, Object> filters;
  private final JsonFactory json = new JsonFactory();

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

  URI url() {
    return url;
  }

  /** The body of a request for a page. */
  byte[] body(PageRequest request) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    try (JsonGenerator generator = json.createGenerator(out)) {
      generator.writeStartObject();
      generator.writeNumberField("current", request.page());
      generator.writeNumberField("size", request.size());
      generator.writeObjectFieldStart("params");
      generator.writeStringField("strTime", text(request.from()));
      generator.writeStringField("endTime", text(request.to()));
      for (Map.Entry<String, Object> filter : filters.entrySet()) {
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

  private String text(Instant time) {
    return TIME.format(time.atZone(options.zone()));
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
        + text(request.from())
        + " to "
        + text(request.to())
        + ", page "
        + request.page()
        + ", size "
        + request.size()
        + (filters.isEmpty() ? "" : ", filtered by " + String.join(", ", filters.keySet()));
  }
}
