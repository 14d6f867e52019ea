import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pawl.Client;
import dev.pawl.ConnectionBuilder;
import dev.pawl.PawlError;
import dev.pawl.TaskOptions;
import dev.pawl.Worker;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Does with the SDK's public API what the runner of the parity suite says: JSON lines in, JSON lines out. */
public final class Driver {
  static final ObjectMapper JSON = new ObjectMapper();

  private final PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<Long, Future<?>> running = new ConcurrentHashMap<>();
  private final Map<String, Worker> workers = new ConcurrentHashMap<>();
  private final Map<String, Client> clients = new ConcurrentHashMap<>();
  private final Handlers handlers = new Handlers(this);

  public static void main(String[] args) throws Exception {
    new Driver().run();
  }

  private void run() throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.isBlank()) continue;
      JsonNode command = JSON.readTree(line);
      long id = command.path("id").asLong();
      // What opens or releases is done before the next line is read: later commands rely on it.
      if (isQuick(command)) answer(id, command);
      else running.put(id, threads.submit(() -> answer(id, command)));
    }
    running.values().forEach(future -> future.cancel(true));
    workers.values().parallelStream().forEach(worker -> worker.close(Duration.ZERO));
    clients.values().forEach(Client::close);
    out.flush();
    System.exit(0);
  }

  private static boolean isQuick(JsonNode command) {
    return switch (command.path("op").asText()) {
      case "hello", "worker.open", "client.open", "task.release", "cancel" -> true;
      default -> false;
    };
  }

  private void answer(long id, JsonNode command) {
    ObjectNode answer = JSON.createObjectNode().put("id", id);
    try {
      answer.set("ok", perform(id, command));
    } catch (PawlError error) {
      answer.set("error", describe(error));
    } catch (Throwable thrown) {
      thrown.printStackTrace();
      answer.putObject("error").put("code", "INTERNAL_DRIVER_ERROR").put("message", thrown.toString());
    }
    running.remove(id);
    emit(answer);
  }

  private JsonNode perform(long id, JsonNode command) throws Exception {
    switch (command.path("op").asText()) {
      case "hello":
        return JSON.createObjectNode()
            .put("sdk", "dev.pawl:pawl-sdk")
            .put("sdkVersion", "0.1.0")
            .put("language", "Java")
            .put("languageVersion", System.getProperty("java.version"));
      case "worker.open":
        openWorker(command);
        break;
      case "worker.close":
        Worker worker = workers.remove(command.path("worker").asText());
        if (command.has("graceMs")) worker.close(Duration.ofMillis(command.path("graceMs").asLong()));
        else worker.close();
        break;
      case "task.release":
        handlers.release(command);
        break;
      case "client.open":
        openClient(command);
        break;
      case "client.close":
        clients.remove(command.path("client").asText()).close();
        break;
      case "client.call":
        Client client = clients.get(command.path("client").asText());
        Duration timeout =
            command.has("callTimeoutMs") ? Duration.ofMillis(command.path("callTimeoutMs").asLong()) : null;
        return new ClientCalls(client, timeout, next -> emit(JSON.createObjectNode().put("id", id).set("next", next)))
            .call(command.path("method").asText(), command.path("args"));
      case "cancel":
        Future<?> target = running.get(command.path("target").asLong());
        if (target != null) target.cancel(true);
        break;
      case "interop":
        return Interop.run(command);
      default:
        throw new IllegalArgumentException("no op " + command.path("op"));
    }
    return JSON.createObjectNode();
  }

  private void openWorker(JsonNode command) {
    String name = command.path("worker").asText();
    Worker.Builder builder = connected(Worker.builder(), command)
        .onOutcome(outcome -> emit(JSON.createObjectNode()
            .put("event", "outcome")
            .put("worker", name)
            .put("taskId", outcome.taskId())
            .put("execution", outcome.execution())
            .put("resource", outcome.resource())
            .put("status", outcome.status().name())));
    if (command.path("quiet").asBoolean()) builder.onOutcome(outcome -> {});
    if (command.has("identity")) builder.identity(command.path("identity").asText());
    command.path("pools").properties().forEach(pool -> builder.pool(pool.getKey(), pool.getValue().asInt()));
    if (command.has("concurrency")) builder.concurrency(command.path("concurrency").asInt());
    if (command.has("maxInlineInputBytes")) builder.maxInlineInputBytes(command.path("maxInlineInputBytes").asInt());
    Worker worker = builder.build();
    for (JsonNode task : command.path("tasks")) {
      TaskOptions options = new TaskOptions().autoHeartbeat(task.path("autoHeartbeat").asBoolean(true));
      if (task.has("concurrency")) options.concurrency(task.path("concurrency").asInt());
      if (task.has("pool")) options.pool(task.path("pool").asText());
      handlers.register(worker, name, task, options, command.path("quiet").asBoolean());
    }
    worker.start();
    workers.put(name, worker);
  }

  private void openClient(JsonNode command) {
    Client.Builder builder = connected(Client.builder(), command);
    if (command.has("timeoutMs")) builder.timeout(Duration.ofMillis(command.path("timeoutMs").asLong()));
    clients.put(command.path("client").asText(), builder.build());
  }

  private static <B extends ConnectionBuilder<B>> B connected(B builder, JsonNode command) {
    Map<String, String> headers = new HashMap<>();
    command.path("headers").properties().forEach(header -> headers.put(header.getKey(), header.getValue().asText()));
    return builder.address(command.path("address").asText()).headers(headers);
  }

  static ObjectNode describe(PawlError error) {
    ObjectNode described = JSON.createObjectNode()
        .put("code", error.code().name())
        .put("reason", error.reason())
        .put("message", error.getMessage());
    if (error.retryAfter() != null) described.put("retryAfterMs", error.retryAfter().toMillis());
    error.fieldViolations().forEach(violation -> described.withArray("fieldViolations").addObject()
        .put("field", violation.field())
        .put("description", violation.description()));
    return described;
  }

  void emit(JsonNode message) {
    String line = message.toString();
    synchronized (out) {
      out.print(line + "\n");
      out.flush();
    }
  }
}
