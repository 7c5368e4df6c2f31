package io.callrecords.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import javax.net.ServerSocketFactory;

/** A simulated account behind a running server: all that most tests need. */
public final class Simulator implements AutoCloseable {
  /** The key that the API's documents show. */
  static final String DEFAULT_KEY = "bDqJFiq9";

  /** The secret that the API's documents show. */
  static final String DEFAULT_SECRET = "7bz1lzh9";

  private final SimulatorBuilder settings;
  private final CallGenerator generator;
  private final CallStore store;
  private final SimulatedApi api;
  private final SimulatorServer server;
  private final List<LiveCalls> live = new CopyOnWriteArrayList<>();

  private Simulator(SimulatorBuilder builder) {
    settings = builder;
    Quirks quirks = builder.quirks;
    generator =
        CallGenerator.newBuilder()
            .seed(builder.seed)
            .zone(quirks.zone())
            .lag(quirks.minLag(), quirks.maxLag())
            .build();
    store = new CallStore(quirks.filteredTime());
    api =
        new SimulatedApi(
            builder.pathPrefix,
            builder.key,
            builder.secret,
            quirks,
            store,
            generator,
            builder.journal,
            builder.faults,
            builder.seed);
    Instant now = now();
    builder.loads.forEach(load -> add(load.apply(generator, now)));
    server =
        new SimulatorServer(
            api, builder.faults, builder.clock, builder.latency, builder.sockets, builder.port);
  }

  private void add(Collection<Call> calls) {
    Quirks quirks = settings.quirks;
    if (calls instanceof GeneratedCalls generated && quirks.editedShare() > 0) {
      store.addAll(
          generated, new EditPlan(quirks.editedShare(), quirks.editedWithin(), settings.seed));
    } else {
      store.addAll(calls);
    }
  }

  public static SimulatorBuilder builder() {
    return new SimulatorBuilder();
  }

  /** The base URL for a client, with the path prefix. */
  public String url() {
    return server.origin() + settings.pathPrefix;
  }

  public String key() {
    return settings.key;
  }

  public String secret() {
    return settings.secret;
  }

  public CallStore store() {
    return store;
  }

  /** Draws further calls whose ids differ from all that the store holds. */
  public CallGenerator generator() {
    return generator;
  }

  public Journal journal() {
    return settings.journal;
  }

  public Faults faults() {
    return settings.faults;
  }

  public Quirks quirks() {
    return settings.quirks;
  }

  /** The API itself, without the network. */
  public SimulatedApi api() {
    return api;
  }

  public SimulatorServer server() {
    return server;
  }

  /** The server's time. */
  public Instant now() {
    return api.serverTime(settings.clock.instant());
  }

  /** The session ids of all calls that are visible now. */
  public Set<String> ids() {
    return store.visibleIds(now());
  }

  /** Lets calls start from now on until the result or this is closed. */
  public LiveCalls live(double perMinute) {
    LiveCalls calls = new LiveCalls(store, generator, this::now, perMinute);
    live.add(calls);
    return calls;
  }

  /** Stops the server and all live calls; no thread is left. */
  @Override
  public void close() {
    live.forEach(LiveCalls::close);
    server.close();
  }

  /** Collects what a simulator is like. */
  public static final class SimulatorBuilder {
    private final List<BiFunction<CallGenerator, Instant, Collection<Call>>> loads =
        new ArrayList<>();
    private long seed;
    private String key = DEFAULT_KEY;
    private String secret = DEFAULT_SECRET;
    private String pathPrefix = "/v3";
    private Quirks quirks = Quirks.defaults();
    private Journal journal = Journal.complete();
    private Faults faults = new Faults(0);
    private InstantSource clock = InstantSource.system();
    private Duration latency = Duration.ZERO;
    private ServerSocketFactory sockets = ServerSocketFactory.getDefault();
    private int port;

    private SimulatorBuilder() {}

    /** Decides all that is drawn, except faults given as a whole; the default is 0. */
    public SimulatorBuilder seed(long seed) {
      this.seed = seed;
      faults = new Faults(seed);
      return this;
    }

    /** Realistic calls over the last days until now; those at the end may still be going on. */
    public SimulatorBuilder calls(int count, Duration until) {
      return load((generator, now) -> generator.realistic(count, now.minus(until), now));
    }

    /** Realistic calls that start in {@code [from, to)}. */
    public SimulatorBuilder calls(int count, Instant from, Instant to) {
      return load((generator, now) -> generator.realistic(count, from, to));
    }

    /** Any calls, drawn or made by hand, given the server's time at the start. */
    public SimulatorBuilder load(BiFunction<CallGenerator, Instant, Collection<Call>> calls) {
      loads.add(calls);
      return this;
    }

    public SimulatorBuilder quirks(Quirks quirks) {
      this.quirks = quirks;
      return this;
    }

    /** The default is the pair of the API's documents. */
    public SimulatorBuilder credentials(String key, String secret) {
      this.key = key;
      this.secret = secret;
      return this;
    }

    /**
     * The path before {@code /voice}, empty or with a leading slash; the default is {@code /v3}.
     */
    public SimulatorBuilder pathPrefix(String prefix) {
      pathPrefix = prefix;
      return this;
    }

    /** A port of the loopback interface; the default is a free one. */
    public SimulatorBuilder port(int port) {
      this.port = port;
      return this;
    }

    /** How long every answer is held back; the default is not at all. */
    public SimulatorBuilder latency(Duration latency) {
      this.latency = latency;
      return this;
    }

    /** The default is a complete one. */
    public SimulatorBuilder journal(Journal journal) {
      this.journal = journal;
      return this;
    }

    /** Faults from the first request on; the default is none. */
    public SimulatorBuilder faults(Faults faults) {
      this.faults = faults;
      return this;
    }

    /** The machine's clock; the default is the real one. */
    public SimulatorBuilder clock(InstantSource clock) {
      this.clock = clock;
      return this;
    }

    /** What makes the listening socket; one of an SSL context gives an {@code https} URL. */
    public SimulatorBuilder sockets(ServerSocketFactory sockets) {
      this.sockets = sockets;
      return this;
    }

    public Simulator start() {
      return new Simulator(this);
    }
  }
}
