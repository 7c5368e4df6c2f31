package io.callrecords.cli.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A Chromium without a window that shows one page, driven by its own protocol. */
public final class Browser implements AutoCloseable {
  private static final List<String> NAMES = List.of("chromium", "chromium-browser");
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int POLL_MILLIS = 50;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Keys that are no characters, with the codes that pages ask for. */
  private static final Map<String, Integer> KEYS =
      Map.ofEntries(
          Map.entry("Tab", 9),
          Map.entry("Enter", 13),
          Map.entry("Escape", 27),
          Map.entry("PageUp", 33),
          Map.entry("PageDown", 34),
          Map.entry("End", 35),
          Map.entry("Home", 36),
          Map.entry("ArrowLeft", 37),
          Map.entry("ArrowUp", 38),
          Map.entry("ArrowRight", 39),
          Map.entry("ArrowDown", 40));

  private final Process process;
  private final HttpClient http = HttpClient.newHttpClient();
  private final WebSocket socket;
  private final BrowserAnswers answers = new BrowserAnswers();
  private final AtomicInteger commands = new AtomicInteger();

  private Browser(Process process, URI page) {
    this.process = process;
    this.socket = http.newWebSocketBuilder().buildAsync(page, answers).join();
    send("Page.enable", JSON.createObjectNode());
    send("Runtime.enable", JSON.createObjectNode());
  }

  /** Collects what the browser says; an answer may come in pieces. */
  private static final class BrowserAnswers implements WebSocket.Listener {
    private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        try {
          JsonNode answer = JSON.readTree(text.toString());
          CompletableFuture<JsonNode> future = waiting.remove(answer.path("id").asInt());
          if (future != null) {
            future.complete(answer);
          }
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        } finally {
          text.setLength(0);
        }
      }
      socket.request(1);
      return null;
    }
  }

  /**
   * Starts one.
   *
   * @param folder an empty folder of its own
   */
  public static Browser start(Path folder) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                program().toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--no-first-run",
                "--disable-background-networking",
                "--remote-debugging-port=0",
                "--user-data-dir=" + folder,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      Path port = folder.resolve("DevToolsActivePort");
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (!Files.exists(port) || Files.readAllLines(port).isEmpty()) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          throw new AssertionError("Chromium does not start");
        }
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      }
      return new Browser(process, page(Files.readAllLines(port).get(0)));
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private static Path program() {
    for (String folder : System.getenv("PATH").split(":", -1)) {
      for (String name : NAMES) {
        Path program = Path.of(folder, name);
        if (Files.isExecutable(program)) {
          return program;
        }
      }
    }
    throw new AssertionError("There is no chromium: apt-get install chromium");
  }

  private static URI page(String port) throws IOException, InterruptedException {
    URI list =
        URI.create(
            "http://127.0.0.1:"
                + port
                + "/json/new?"
                + URLEncoder.encode("about:blank", StandardCharsets.UTF_8));
    HttpRequest request =
        HttpRequest.newBuilder(list).PUT(HttpRequest.BodyPublishers.noBody()).build();
    String page =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
    return URI.create(JSON.readTree(page).path("webSocketDebuggerUrl").asText());
  }

  private JsonNode send(String method, ObjectNode parameters) {
    int id = commands.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    answers.waiting.put(id, answer);
    ObjectNode command = JSON.createObjectNode().put("id", id).put("method", method);
    command.set("params", parameters);
    socket.sendText(command.toString(), true).join();
    JsonNode came = answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    if (came.has("error")) {
      throw new AssertionError(method + ": " + came.path("error"));
    }
    return came.path("result");
  }

  /** Opens a page and waits until it is there. */
  public void open(String address) throws InterruptedException {
    send("Page.navigate", JSON.createObjectNode().put("url", address));
    await("document.readyState === 'complete' && location.href !== 'about:blank'");
  }

  /** The value of an expression in the page. */
  public JsonNode value(String expression) {
    JsonNode answer =
        send(
            "Runtime.evaluate",
            JSON.createObjectNode()
                .put("expression", expression)
                .put("returnByValue", true)
                .put("awaitPromise", true));
    if (answer.has("exceptionDetails")) {
      throw new AssertionError(expression + ": " + answer.path("exceptionDetails"));
    }
    return answer.path("result").path("value");
  }

  /** Waits until an expression in the page is true. */
  public void await(String expression) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!value(expression).asBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("Never: " + expression);
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }

  /** Presses a key, by its name in pages. */
  public void press(String key) {
    for (String type : List.of("rawKeyDown", "char", "keyUp")) {
      ObjectNode event =
          JSON.createObjectNode()
              .put("type", type)
              .put("key", key)
              .put("code", key)
              .put("windowsVirtualKeyCode", KEYS.get(key));
      if (type.equals("char")) {
        if (!key.equals("Enter")) {
          continue;
        }
        event.put("text", "\r");
      }
      send("Input.dispatchKeyEvent", event);
    }
  }

  /** Makes the window so large, in pixels of a page; a telephone's has touch and its own scale. */
  public void resize(int width, int height, boolean isTelephone) {
    send(
        "Emulation.setDeviceMetricsOverride",
        JSON.createObjectNode()
            .put("width", width)
            .put("height", height)
            .put("deviceScaleFactor", 1)
            .put("mobile", isTelephone));
  }

  /** Has the page shown as somebody wants it who prefers light or dark. */
  public void prefer(String scheme) {
    ObjectNode media = JSON.createObjectNode();
    media.putArray("features").addObject().put("name", "prefers-color-scheme").put("value", scheme);
    send("Emulation.setEmulatedMedia", media);
  }

  /** A picture of the window, as PNG. */
  public byte[] picture() {
    JsonNode answer = send("Page.captureScreenshot", JSON.createObjectNode().put("format", "png"));
    return Base64.getDecoder().decode(answer.path("data").asText());
  }

  /** The texts of an array that an expression in the page makes. */
  public List<String> texts(String expression) {
    List<String> texts = new ArrayList<>();
    value(expression).forEach(text -> texts.add(text.asText()));
    return texts;
  }

  @Override
  public void close() {
    socket.abort();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    try {
      process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
