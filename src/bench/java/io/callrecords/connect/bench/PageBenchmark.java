package io.callrecords.connect.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.callrecords.connect.client.PageReader;
import io.callrecords.connect.config.CostFormat;
import io.callrecords.connect.config.ExtraFormat;
import io.callrecords.connect.config.FormatOptions;
import io.callrecords.connect.config.LabelsFormat;
import io.callrecords.connect.config.PrivacyOptions;
import io.callrecords.connect.config.RecordTimestamp;
import io.callrecords.connect.config.TimesFormat;
import io.callrecords.connect.convert.SourceRecordConverter;
import io.callrecords.connect.feed.PrivacyRules;
import io.callrecords.connect.feed.Row;
import io.callrecords.connect.offset.OffsetCodec;
import io.callrecords.connect.offset.RecordOffset;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.scenario.RecordedWindow;
import io.callrecords.connect.state.Batch;
import io.callrecords.connect.state.Batch.VersionedRow;
import io.callrecords.connect.state.RowVersion;
import io.callrecords.simulator.Quirks;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.source.SourceRecord;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A page of a hundred calls, one of ten of a window of the backlog: source records of its bytes,
 * the same with all that the connector checks before it hands them over, and Jackson's tree; then
 * the JSON that a worker makes of the records, with tokens for two phone numbers and without.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 9, time = 1)
@Measurement(iterations = 5, time = 1)
public class PageBenchmark {
  static final int PAGES = 10;

  /** Whether records have fields that the connector does not know. */
  @Param({"false", "true"})
  public boolean unknownFields;

  private final ObjectMapper mapper = new ObjectMapper();
  private RecordedWindow window;
  private PageReader reader;
  private PageReader numbersReader;
  private PageReader agentReader;
  private SourceRecordConverter converter;
  private SourceRecordConverter textConverter;
  private final JsonConverter worker = new JsonConverter();
  private List<byte[]> bodies;

  /** Records the answers. */
  @Setup
  public void record() {
    window = new RecordedWindow(PAGES, Quirks.newBuilder().unknownFields(unknownFields).build());
    reader = new PageReader(window.feed(), Quirks.defaults().zone());
    numbersReader = pseudonymizing("called", "caller");
    agentReader = pseudonymizing("called", "agentName");
    worker.configure(Map.of("schemas.enable", "false"), false);
    bodies = window.bodies();
    if (bodies.size() != PAGES) {
      throw new IllegalStateException("Not as many pages as there should be: " + bodies.size());
    }
    converter = converter(FormatOptions.DEFAULT);
    textConverter =
        converter(
            new FormatOptions(
                LabelsFormat.JSON,
                ExtraFormat.JSON,
                TimesFormat.ISO,
                CostFormat.TEXT,
                false,
                Set.of()));
  }

  private SourceRecordConverter converter(FormatOptions format) {
    return new SourceRecordConverter(
        window.feed(),
        "calls",
        null,
        null,
        RecordTimestamp.INGEST,
        format,
        new OffsetCodec(window.feed().name()),
        () -> {});
  }

  /** What an iteration took of the processor, whoever else has kept it busy meanwhile. */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class Processor {
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

    /** Nanoseconds of the benchmark's thread. */
    public long nanos;

    /** Windows of {@link #PAGES} pages. */
    public long windows;

    private long begin;

    /** Takes note of the beginning. */
    @Setup(Level.Iteration)
    public void begin() {
      begin = threads.getCurrentThreadCpuTime();
    }

    /** Takes note of the end. */
    @TearDown(Level.Iteration)
    public void end() {
      nanos = threads.getCurrentThreadCpuTime() - begin;
    }
  }

  /** From the answers' bytes to source records. */
  @Benchmark
  @OperationsPerInvocation(PAGES)
  public List<SourceRecord> records(Processor processor) {
    return records(reader, processor);
  }

  /** From the answers' bytes to the JSON of records. */
  @Benchmark
  @OperationsPerInvocation(PAGES)
  public int json(Processor processor) {
    return json(records(reader, processor));
  }

  /** The same, with two phone numbers pseudonymized, of which few come twice. */
  @Benchmark
  @OperationsPerInvocation(PAGES)
  public int twoNumbers(Processor processor) {
    return json(records(numbersReader, processor));
  }

  /** The same, with a phone number and the agent's name, which comes again and again. */
  @Benchmark
  @OperationsPerInvocation(PAGES)
  public int numberAndAgent(Processor processor) {
    return json(records(agentReader, processor));
  }

  /** As with the default form, but with labels, unknown fields and times as text. */
  @Benchmark
  @OperationsPerInvocation(PAGES)
  public int texts(Processor processor) {
    return json(records(reader, textConverter, processor));
  }

  private PageReader pseudonymizing(String... fields) {
    PrivacyOptions privacy =
        new PrivacyOptions(Set.of(), Set.of(fields), new Password("k".repeat(32)), false, null);
    return new PageReader(window.feed(), Quirks.defaults().zone(), new PrivacyRules(privacy));
  }

  private int json(List<SourceRecord> records) {
    int bytes = 0;
    for (SourceRecord each : records) {
      bytes += worker.fromConnectData(each.topic(), each.valueSchema(), each.value()).length;
    }
    return bytes;
  }

  private List<SourceRecord> records(PageReader reader, Processor processor) {
    return records(reader, converter, processor);
  }

  private List<SourceRecord> records(
      PageReader reader, SourceRecordConverter toRecords, Processor processor) {
    processor.windows++;
    List<Row> rows = new ArrayList<>();
    for (byte[] body : bodies) {
      rows.addAll(reader.read(body, window.asked()));
    }
    SplitOffset offset = new SplitOffset(Instant.EPOCH, Instant.EPOCH, List.of());
    return toRecords.convert(
        new Batch(
            1,
            window.split(),
            List.of(),
            rows.stream().map(row -> new VersionedRow(row, RowVersion.FIRST)).toList(),
            Instant.EPOCH,
            List.of(),
            index -> new RecordOffset.OfDay(window.split(), () -> offset)));
  }

  /** The same, with the checks and the bookkeeping of their window. */
  @Benchmark
  @OperationsPerInvocation(PAGES)
  public List<SourceRecord> window(Processor processor) {
    processor.windows++;
    return converter.convert(window.read());
  }

  /** From the answers' bytes to trees. */
  @Benchmark
  @OperationsPerInvocation(PAGES)
  public List<JsonNode> trees(Processor processor) throws IOException {
    processor.windows++;
    List<JsonNode> trees = new ArrayList<>(PAGES);
    for (byte[] body : bodies) {
      trees.add(mapper.readTree(body));
    }
    return trees;
  }
}
