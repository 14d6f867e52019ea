import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pawl.JsonText;
import dev.pawl.TaskCancelReason;
import dev.pawl.TaskContext;
import dev.pawl.TaskError;
import dev.pawl.TaskOptions;
import dev.pawl.Worker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** The handlers of the parity suite. */
final class Handlers {
  private final Driver driver;
  private final Map<String, CompletableFuture<JsonNode>> held = new ConcurrentHashMap<>();

  Handlers(Driver driver) {
    this.driver = driver;
  }

  void register(Worker worker, String name, JsonNode task, TaskOptions options, boolean isQuiet) {
    String handler = task.path("handler").asText();
    worker.task(task.path("resource").asText(), JsonText.class, options, (input, context) -> {
      if (isQuiet) return handle(handler, input, context);
      driver.emit(startOf(name, handler, input, context));
      String as = "error";
      try {
        Object output = handle(handler, input, context);
        as = "output";
        return output;
      } finally {
        driver.emit(endOf(name, as, context));
      }
    });
  }

  void release(JsonNode command) {
    held.computeIfAbsent(command.path("taskId").asText(), id -> new CompletableFuture<>()).complete(command);
  }

  private Object handle(String handler, JsonText text, TaskContext context) throws Exception {
    switch (handler) {
      case "echo":
        return text;
      case "noop", "token":
        return null;
      case "sleep":
        Thread.sleep(input(text).path("ms").asLong());
        return null;
      case "busy":
        return busy(input(text).path("ms").asLong());
      case "hold":
        return hold(input(text), context);
      case "fail":
        return fail(input(text), context);
      case "throw":
        throw new RuntimeException(input(text).path("message").asText());
      case "large":
        return "x".repeat(input(text).path("bytes").asInt());
      case "size":
        return Map.of("bytes", text.text().getBytes(StandardCharsets.UTF_8).length);
      case "describe":
        return describe(context);
      default:
        throw new IllegalArgumentException("no handler " + handler);
    }
  }

  private static JsonNode input(JsonText text) {
    return text.tree();
  }

  private static Object busy(long ms) {
    long end = System.nanoTime() + ms * 1_000_000;
    while (System.nanoTime() < end) Thread.onSpinWait();
    return Map.of("busy", ms);
  }

  private Object hold(JsonNode input, TaskContext context) throws Exception {
    if (input.has("details")) context.heartbeat(JsonText.of(input.path("details").asText()));
    CompletableFuture<JsonNode> released = held.computeIfAbsent(context.taskId(), id -> new CompletableFuture<>());
    try {
      JsonNode release = released.get();
      if (release.has("error")) throw new TaskError(release.path("error").asText(), release.path("cause").asText());
      return JsonText.of(release.path("output").asText("null"));
    } finally {
      held.remove(context.taskId());
    }
  }

  private static Object fail(JsonNode input, TaskContext context) {
    if (input.has("times") && context.attempt() > input.path("times").asInt()) return Map.of("attempt", context.attempt());
    TaskError error = new TaskError(input.path("error").asText(), input.path("cause").asText());
    if (input.path("nonRetryable").asBoolean()) error.nonRetryable();
    if (input.has("retryAfterMs")) error.retryAfter(Duration.ofMillis(input.path("retryAfterMs").asLong()));
    throw error;
  }

  private static ObjectNode describe(TaskContext context) {
    ObjectNode fields = Driver.JSON.createObjectNode()
        .put("attempt", context.attempt())
        .put("idempotencyKey", context.idempotencyKey())
        .put("execution", context.execution())
        .put("executionArn", context.executionArn())
        .put("stateMachine", context.stateMachine())
        .put("stateName", context.stateName())
        .put("statePath", context.statePath())
        .put("resource", context.resource())
        .put("rawResource", context.rawResource())
        .put("taskId", context.taskId());
    if (context.lastError() == null) fields.putNull("lastError");
    else fields.putObject("lastError").put("error", context.lastError().error()).put("cause", context.lastError().cause());
    fields.set("lastHeartbeatDetails", context.lastHeartbeatDetails().tree());
    fields.put("deadline", context.deadline() == null ? null : context.deadline().toString());
    fields.set("labels", Driver.JSON.valueToTree(context.labels()));
    return fields.put("traceparent", context.traceparent());
  }

  private static ObjectNode startOf(String worker, String handler, JsonText input, TaskContext context) {
    ObjectNode event = Driver.JSON.createObjectNode()
        .put("event", "task.start")
        .put("worker", worker)
        .put("handler", handler)
        .put("resource", context.resource())
        .put("taskId", context.taskId())
        .put("execution", context.execution())
        .put("attempt", context.attempt());
    if (input.text().length() < 2_048) event.put("input", input.text());
    if (handler.equals("token")) event.put("taskToken", context.taskToken());
    return event;
  }

  private static ObjectNode endOf(String worker, String as, TaskContext context) {
    ObjectNode event = Driver.JSON.createObjectNode()
        .put("event", "task.end")
        .put("worker", worker)
        .put("taskId", context.taskId());
    TaskCancelReason reason = context.cancellation().reason();
    if (reason == null) return event.put("as", as);
    return event.put("as", as.equals("output") ? as : "cancelled").put("reason", reason.name());
  }
}
