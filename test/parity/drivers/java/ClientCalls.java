import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pawl.Batch;
import dev.pawl.BatchInput;
import dev.pawl.BatchItem;
import dev.pawl.BatchUpdate;
import dev.pawl.ChainSource;
import dev.pawl.Client;
import dev.pawl.ErrorValue;
import dev.pawl.Execution;
import dev.pawl.ExecutionFilter;
import dev.pawl.ExecutionStatus;
import dev.pawl.ExecutionUpdate;
import dev.pawl.JsonText;
import dev.pawl.Pages;
import dev.pawl.PayloadView;
import dev.pawl.SendMessage;
import dev.pawl.SentMessage;
import dev.pawl.StartExecution;
import dev.pawl.StartOutcome;
import dev.pawl.StartedExecution;
import dev.pawl.StarterOptions;
import dev.pawl.TaskError;
import dev.pawl.Watch;
import dev.pawl.WatchBatchOptions;
import dev.pawl.WatchOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The methods of {@code client.call}. */
final class ClientCalls {
  private final Client client;
  /** Of the call; null: the client's own, or none. */
  private final Duration timeout;
  private final Consumer<JsonNode> next;

  ClientCalls(Client client, Duration timeout, Consumer<JsonNode> next) {
    this.client = timeout == null ? client : client.withTimeout(timeout);
    this.timeout = timeout;
    this.next = next;
  }

  JsonNode call(String method, JsonNode args) throws Exception {
    switch (method) {
      case "applyStateMachine":
        client.applyStateMachine(text(args, "name"), definitionOf(args.path("definition")));
        return object();
      case "startExecution":
        StartedExecution started = client.startExecution(startOf(args));
        return object().put("created", started.created()).set("execution", json(started.execution()));
      case "startExecutions":
        return startExecutions(args);
      case "runExecution":
        StartExecution start = startOf(args);
        return answer(timeout == null ? client.runExecution(start) : client.runExecution(start, timeout));
      case "getExecution":
        return answer(client.getExecution(text(args, "execution")));
      case "waitForExecution":
        String id = text(args, "execution");
        return answer(timeout == null ? client.waitForExecution(id) : client.waitForExecution(id, timeout));
      case "listExecutions":
        return listExecutions(args);
      case "watchExecution":
        return watchExecution(args);
      case "stopExecution":
        return answer(client.stopExecution(text(args, "execution"), new ErrorValue(text(args, "error"), text(args, "cause"))));
      case "redriveExecution":
        return answer(client.redriveExecution(text(args, "execution")));
      case "sendMessage":
        return sendMessage(args);
      case "createBatch":
        return createBatch(args);
      case "watchBatch":
        return watchBatch(args);
      case "listBatchItems":
        return listBatchItems(args);
      case "completeTask":
        client.completeTask(text(args, "taskToken"), JsonText.of(text(args, "output")));
        return object();
      case "failTask":
        TaskError error = new TaskError(text(args, "error"), text(args, "cause"));
        client.failTask(text(args, "taskToken"), args.path("nonRetryable").asBoolean() ? error.nonRetryable() : error);
        return object();
      case "heartbeatTask":
        client.heartbeatTask(text(args, "taskToken"));
        return object();
      default:
        throw new IllegalArgumentException("no method " + method);
    }
  }

  private JsonNode startExecutions(JsonNode args) throws InterruptedException, ExecutionException {
    List<StartExecution> starts = new ArrayList<>();
    for (JsonNode input : args.path("inputs")) {
      StartExecution start = new StartExecution(text(args, "stateMachine")).input(JsonText.of(input.asText()));
      starts.add(args.has("namePrefix") ? start.name(text(args, "namePrefix") + starts.size()) : start);
    }
    boolean isFollowing = args.path("follow").asBoolean();
    ObjectNode[] outcomes = new ObjectNode[starts.size()];
    List<StartOutcome> open = new ArrayList<>();
    try (Watch<StartOutcome> watch = client.startExecutions(starts, new StarterOptions().follow(isFollowing))) {
      for (StartOutcome outcome : watch) {
        ObjectNode told = outcomes[(int) outcome.index()] = object();
        if (outcome.error() != null) told.set("error", Driver.describe(outcome.error()));
        else told.put("name", outcome.started().execution().name())
            .put("id", outcome.started().execution().id())
            .put("created", outcome.started().created());
        if (outcome.error() == null && isFollowing) open.add(outcome);
      }
      for (StartOutcome outcome : open)
        outcomes[(int) outcome.index()].set("ended", json(outcome.started().result().get()));
    }
    ArrayNode list = Driver.JSON.createArrayNode().addAll(List.of(outcomes));
    return object().set("outcomes", list);
  }

  private JsonNode listExecutions(JsonNode args) {
    ExecutionFilter filter = new ExecutionFilter();
    if (args.has("stateMachine")) filter.stateMachine(text(args, "stateMachine"));
    if (args.has("status")) filter.status(ExecutionStatus.valueOf(text(args, "status")));
    Pages<Execution> pages = client.listExecutions(filter);
    if (args.has("pageSize")) pages = pages.pageSize(args.path("pageSize").asInt());
    Stream<Execution> executions = pages.stream();
    if (args.has("limit")) executions = executions.limit(args.path("limit").asLong());
    ObjectNode answer = object();
    ArrayNode names = answer.putArray("names");
    executions.forEach(execution -> names.add(execution.name()));
    return answer;
  }

  private JsonNode watchExecution(JsonNode args) {
    WatchOptions options = new WatchOptions().afterEventId(args.path("afterEventId").asLong());
    try (Watch<ExecutionUpdate> watch = client.watchExecution(text(args, "execution"), options)) {
      for (ExecutionUpdate update : watch) {
        ObjectNode told = object();
        if (update instanceof ExecutionUpdate.Event event)
          told.put("type", "event").put("eventId", event.event().id()).put("eventType", event.event().type().name());
        else if (update instanceof ExecutionUpdate.Snapshot snapshot)
          told.put("type", update.isTerminal() ? "closed" : "snapshot").put("status", snapshot.execution().status().name());
        next.accept(told);
      }
    }
    return object();
  }

  private JsonNode sendMessage(JsonNode args) {
    SendMessage message =
        new SendMessage(text(args, "correlationKey"), JsonText.of(text(args, "correlationValue")));
    if (args.has("data")) message.data(JsonText.of(text(args, "data")));
    if (args.has("messageId")) message.messageId(text(args, "messageId"));
    if (args.has("timeToLiveMs")) message.timeToLive(Duration.ofMillis(args.path("timeToLiveMs").asLong()));
    SentMessage sent = client.sendMessage(message);
    ObjectNode answer = object().put("buffered", sent.buffered());
    sent.executions().forEach(answer.putArray("executions")::add);
    return answer;
  }

  private JsonNode createBatch(JsonNode args) {
    List<JsonText> inputs = new ArrayList<>();
    args.path("inputs").forEach(input -> inputs.add(JsonText.of(input.asText())));
    BatchInput input = BatchInput.start(text(args, "stateMachine"), inputs);
    if (args.has("namePrefix")) input.namePrefix(text(args, "namePrefix"));
    if (args.has("maxConcurrency")) input.maxConcurrency(args.path("maxConcurrency").asInt());
    Batch batch = client.createBatch(input);
    ObjectNode answer = object();
    answer.putObject("batch")
        .put("id", batch.id())
        .put("status", batch.status().name())
        .set("counts", Driver.JSON.createObjectNode()
            .put("total", batch.counts().total())
            .put("pending", batch.counts().pending())
            .put("running", batch.counts().running())
            .put("succeeded", batch.counts().succeeded())
            .put("failed", batch.counts().failed())
            .put("skipped", batch.counts().skipped()));
    return answer;
  }

  private JsonNode watchBatch(JsonNode args) {
    WatchBatchOptions options = new WatchBatchOptions().items().fromStart();
    try (Watch<BatchUpdate> watch = client.watchBatch(text(args, "batch"), options)) {
      for (BatchUpdate update : watch) {
        ObjectNode told = object();
        if (update instanceof BatchUpdate.Item item)
          told.put("type", "item").put("index", item.item().index()).put("status", item.item().status().name());
        else if (update instanceof BatchUpdate.Progress progress)
          told.put("type", "batch").put("status", progress.batch().status().name());
        next.accept(told);
      }
    }
    return object();
  }

  private JsonNode listBatchItems(JsonNode args) {
    ObjectNode answer = object();
    ArrayNode items = answer.putArray("items");
    for (BatchItem item : client.listBatchItems(text(args, "batch"), PayloadView.FULL))
      items.addObject()
          .put("index", item.index())
          .put("status", item.status().name())
          .put("output", item.output().isEmpty() ? null : item.output().text());
    return answer;
  }

  private static StartExecution startOf(JsonNode args) {
    StartExecution start = new StartExecution(text(args, "stateMachine"));
    if (args.has("name")) start.name(text(args, "name"));
    if (args.has("input")) start.input(JsonText.of(text(args, "input")));
    if (args.has("traceparent")) start.traceparent(text(args, "traceparent"));
    Map<String, String> labels = new HashMap<>();
    args.path("labels").properties().forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
    start.labels(labels);
    JsonNode chain = args.path("chain");
    if (chain.isObject()) start.chain(chainOf(chain));
    return start;
  }

  private static ChainSource chainOf(JsonNode chain) {
    ChainSource source = new ChainSource(text(chain, "execution"));
    if (chain.has("state")) source.state(text(chain, "state"));
    if (chain.has("jsonata")) source.jsonata(text(chain, "jsonata"));
    if (chain.path("waitForSource").asBoolean()) source.waitForSource();
    if (chain.path("unique").asBoolean()) source.unique();
    return source;
  }

  private static Object definitionOf(JsonNode definition) {
    return definition.isTextual() ? definition.asText() : definition;
  }

  private static JsonNode answer(Execution execution) {
    return object().set("execution", json(execution));
  }

  private static ObjectNode json(Execution execution) {
    ObjectNode json = object()
        .put("id", execution.id())
        .put("name", execution.name())
        .put("stateMachine", execution.stateMachine())
        .put("status", execution.status().name())
        .put("output", execution.output().isEmpty() ? null : execution.outputText());
    ErrorValue error = execution.error();
    if (error == null) return json.putNull("error");
    json.putObject("error").put("error", error.error()).put("cause", error.cause());
    return json;
  }

  private static String text(JsonNode args, String name) {
    return args.path(name).asText("");
  }

  private static ObjectNode object() {
    return Driver.JSON.createObjectNode();
  }
}
