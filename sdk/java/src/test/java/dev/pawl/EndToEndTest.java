package dev.pawl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.testing.PawlServer;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Client and worker against a real server. */
@Timeout(120)
class EndToEndTest {
  private static final List<TaskCancelReason> CANCELLED = new CopyOnWriteArrayList<>();
  private static PawlServer server;
  private static Client client;
  private static Worker worker;

  @BeforeAll
  static void start() {
    server = TestServer.start();
    client = Client.connect(server.address());
    worker = Worker.builder()
        .address(server.address())
        .log(new SilentLog())
        .build()
        .task("double", Integer.class, (n, context) -> n * 2)
        .task("echo", JsonText.class, (input, context) -> input)
        .task("size", JsonText.class, (input, context) -> input.text().length())
        .task("flaky", JsonText.class, (input, context) -> {
          if (context.attempt() < 2) throw new TaskError("Busy").retryAfter(Duration.ofMillis(10));
          return Map.of("attempt", context.attempt(), "last", context.lastError().error());
        })
        .task("slow", JsonText.class, (input, context) -> {
          Thread.sleep(2_500);
          return "kept";
        })
        .task("hang", JsonText.class, (input, context) -> {
          context.cancellation().onCancel(() -> CANCELLED.add(context.cancellation().reason()));
          Thread.sleep(60_000);
          return null;
        })
        .task("trace", JsonText.class, (input, context) -> context.traceparent())
        .task("nested", JsonText.class, (input, context) -> {
          StartedExecution child = client.startExecution(new StartExecution("trace"));
          return Map.of("child", child.execution().id());
        });
    worker.start().join();
    for (String name : List.of("double", "echo", "size", "flaky", "slow", "hang", "trace", "nested")) apply(name, name, Map.of());
  }

  @AfterAll
  static void stop() {
    worker.close(Duration.ofSeconds(1));
    client.close();
    server.close();
  }

  private static void apply(String name, String resource, Map<String, Object> more) {
    Map<String, Object> task = new java.util.HashMap<>(more);
    task.putAll(Map.of("Type", "Task", "Resource", resource, "End", true));
    task.putIfAbsent("Retry", List.of(Map.of("ErrorEquals", List.of("Busy"))));
    client.applyStateMachine(name, Map.of("StartAt", "A", "States", Map.of("A", task)));
  }

  @Test
  @DisplayName("a worker's result is the execution's output")
  void run() {
    Execution execution = client.runExecution(new StartExecution("double").input(21));
    assertEquals(ExecutionStatus.SUCCEEDED, execution.status());
    assertEquals(42, execution.output(Integer.class));
  }

  @Test
  @DisplayName("numbers beyond 2^53 and Unicode come back as they went")
  void faithful() {
    String text = "{\"big\":9007199254740993,\"text\":\"ü😀\"}";
    Execution execution = client.runExecution(new StartExecution("echo").input(JsonText.of(text)));
    assertEquals(text, execution.outputText());
  }

  @Test
  @DisplayName("a large input is fetched, and is whole")
  void largeInput() {
    assertEquals("200002", client.runExecution(new StartExecution("size").input("x".repeat(200_000))).outputText());
  }

  @Test
  @DisplayName("Retry takes a TaskError, and the next attempt learns of it")
  void retry() {
    assertEquals(
        JsonText.of("{\"attempt\":2,\"last\":\"Busy\"}").tree(),
        client.runExecution(new StartExecution("flaky")).output().tree());
  }

  @Test
  @DisplayName("heartbeats in the background keep a slow task")
  void heartbeats() {
    apply("beaten", "slow", Map.of("HeartbeatSeconds", 1));
    assertEquals("\"kept\"", client.runExecution(new StartExecution("beaten")).outputText());
  }

  @Test
  @DisplayName("a stopped execution's handler is told to stop, and the execution says why")
  void stopExecution() throws Exception {
    String id = client.startExecution(new StartExecution("hang")).execution().id();
    try (Watch<ExecutionUpdate> watch = client.watchExecution(id, new WatchOptions().afterEventId(1))) {
      for (ExecutionUpdate update : watch) {
        boolean isStarted = update instanceof ExecutionUpdate.Event event && event.event().type() == EventType.TASK_STARTED;
        if (isStarted) client.stopExecution(id, new ErrorValue("Stop", "test"));
      }
    }
    Execution execution = client.getExecution(id);
    assertEquals(ExecutionStatus.ABORTED, execution.status());
    assertEquals(new ErrorValue("Stop", "test"), execution.error());
    for (int i = 0; i < 100 && CANCELLED.isEmpty(); i++) Thread.sleep(20);
    assertEquals(List.of(TaskCancelReason.EXECUTION_STOPPED), CANCELLED);
  }

  @Test
  @DisplayName("a wait ends in time, and leaves the execution alone")
  void waitInTime() {
    String id = client.startExecution(new StartExecution("slow")).execution().id();
    PawlError error = assertThrows(PawlError.class, () -> client.waitForExecution(id, Duration.ofMillis(300)));
    assertEquals(Status.Code.DEADLINE_EXCEEDED, error.code());
    assertEquals(ExecutionStatus.SUCCEEDED, client.waitForExecution(id).status());
  }

  @Test
  @DisplayName("the history has every event once and in order")
  void history() {
    String id = client.runExecution(new StartExecution("double").input(1)).id();
    List<Long> ids = client.listExecutionEvents(id).pageSize(2).stream().map(ExecutionEvent::id).toList();
    assertEquals(IntStream.rangeClosed(1, ids.size()).mapToObj(Long::valueOf).toList(), ids);
  }

  @Test
  @DisplayName("pipelined starts bring their results; the same names start nothing twice")
  void pipelined() throws Exception {
    for (boolean isFirst : new boolean[] {true, false}) {
      List<StartExecution> starts = IntStream.range(0, 200)
          .mapToObj(i -> new StartExecution("double").name("p-" + i).input(i)
              .conflictPolicy(StartExecution.ConflictPolicy.USE_EXISTING))
          .toList();
      long sum = 0;
      List<CompletableFuture<Execution>> results = new ArrayList<>();
      try (Watch<StartOutcome> watch = client.startExecutions(starts, new StarterOptions().maxInFlight(50))) {
        for (StartOutcome outcome : watch) {
          assertEquals(isFirst, outcome.started().created());
          results.add(outcome.started().result());
        }
        for (CompletableFuture<Execution> result : results) sum += result.get().output(Integer.class);
      }
      assertEquals(199 * 200, sum);
    }
    assertEquals(200, client.countExecutions(new ExecutionFilter().namePrefix("p-")).count());
  }

  @Test
  @DisplayName("a batch starts one execution for each input; items come in the order of their index")
  void batch() {
    List<Integer> inputs = IntStream.range(0, 2_500).boxed().toList();
    Batch batch = client.createBatch(BatchInput.start("double", inputs).namePrefix("b").maxConcurrency(500));
    long done = 0;
    try (Watch<BatchUpdate> watch = client.watchBatch(batch.id(), new WatchBatchOptions().items().fromStart())) {
      done = watch.stream()
          .filter(update -> update instanceof BatchUpdate.Item item && item.item().status() == BatchItem.Status.SUCCEEDED)
          .count();
    }
    assertEquals(2_500, done);
    assertEquals(
        inputs.stream().map(n -> n * 2).toList(),
        client.listBatchItems(batch.id(), PayloadView.FULL).pageSize(1_000).stream()
            .map(item -> item.output().as(Integer.class))
            .toList());
  }

  @Test
  @DisplayName("a message wakes the execution that waits for it")
  void message() {
    client.applyStateMachine("waits", """
        StartAt: A
        States:
          A: { Type: Message, CorrelationKey: order, CorrelationValuePath: $.order, End: true }
        """);
    String id = client.startExecution(new StartExecution("waits").input(Map.of("order", 42))).execution().id();
    SentMessage sent =
        client.sendMessage(new SendMessage("order", 42).data(Map.of("paid", true)).timeToLive(Duration.ofMinutes(1)));
    assertTrue(sent.buffered() || sent.executions().equals(List.of(id)));
    assertEquals(ExecutionStatus.SUCCEEDED, client.waitForExecution(id).status());
  }

  @Test
  @DisplayName("a chained execution has another one's output as its input, and the link is listed")
  void chain() {
    Execution source = client.runExecution(new StartExecution("double").input(5));
    Execution target = client.runExecution(
        new StartExecution("double").chain(new ChainSource(source.id()).jsonata("$states.input + 1")));
    assertEquals("22", target.outputText());
    assertEquals(
        List.of(target.id()),
        client.listExecutionLinks(new ExecutionLinkFilter().sourceExecution(source.id())).stream()
            .map(ExecutionLink::targetExecution)
            .toList());
  }

  @Test
  @DisplayName("what a handler starts belongs to the trace of its execution")
  void trace() {
    String traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    Execution parent = client.runExecution(new StartExecution("nested").traceparent(traceparent));
    String child = parent.output().tree().get("child").asText();
    String traceId = client.waitForExecution(child).output(String.class).split("-")[1];
    assertEquals(traceparent.split("-")[1], traceId);
  }

  @Test
  @DisplayName("versions and aliases name what is started")
  void versions() {
    apply("versioned", "double", Map.of());
    long version = client.publishStateMachineVersion("versioned", "first").version();
    client.putStateMachineAlias(new StateMachineAlias("versioned", "live", new StateMachineAlias.Route(version, 100)));
    Execution execution = client.runExecution(new StartExecution("versioned:live").input(2));
    assertEquals("live", execution.stateMachineAlias());
    assertEquals(1, client.listStateMachineVersions("versioned").stream().count());
    client.deleteStateMachineAlias("versioned", "live");
    assertEquals(0, client.listStateMachineAliases("versioned").stream().count());
  }

  @Test
  @DisplayName("diagnostics of a wrong definition come all at once")
  void validate() {
    ValidationResult result = client.validateDefinition("{\"StartAt\": \"A\", \"States\": {}}");
    assertTrue(!result.valid() && !result.diagnostics().isEmpty());
  }

  @Test
  @DisplayName("counts, statistics, workers and the server's facts can be read; a deleted execution is gone")
  void records() {
    Execution execution = client.runExecution(new StartExecution("echo").name("gone"));
    assertTrue(client.getExecutionStatistics(new StatisticsQuery().groupBy(List.of("status"))).size() > 0);
    assertTrue(client.listWorkers().stream().anyMatch(info -> info.status() == WorkerInfo.Status.CONNECTED));
    assertTrue(client.getServerInfo().isDevelopment());
    client.deleteExecution(execution.id());
    PawlError error = assertThrows(PawlError.class, () -> client.getExecution("echo/gone"));
    assertEquals(Status.Code.NOT_FOUND, error.code());
    assertEquals(Stream.of().toList(), client.listExecutions(new ExecutionFilter().name("gone")).stream().toList());
  }

  @Test
  @DisplayName("the testing helper says what it could not run")
  void noServer() {
    IllegalStateException error = assertThrows(IllegalStateException.class, () -> PawlServer.start("/nowhere/pawl"));
    assertTrue(error.getMessage().contains("PAWL_COMMAND"), error.getMessage());
  }
}
