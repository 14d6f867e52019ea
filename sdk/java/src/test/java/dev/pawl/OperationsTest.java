package dev.pawl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pawl.testing.PawlServer;
import io.grpc.Status;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators do, against a real server. */
@Timeout(120)
class OperationsTest {
  private static final Map<String, Object> TASK = Map.of("Type", "Task", "Resource", "double", "End", true);
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
        .task("double", Integer.class, (n, context) -> n * 2);
    worker.start().join();
    client.applyStateMachine("double", machine(TASK));
    client.applyStateMachine("waits", machine(Map.of("Type", "Wait", "Seconds", 3_600, "End", true)));
  }

  @AfterAll
  static void stop() {
    worker.close();
    client.close();
    server.close();
  }

  private static Map<String, Object> machine(Map<String, Object> state) {
    return machine("A", state);
  }

  private static Map<String, Object> machine(String name, Map<String, Object> state) {
    return Map.of("StartAt", name, "States", Map.of(name, state));
  }

  private static List<String> doubled(int count) {
    return IntStream.range(0, count)
        .mapToObj(n -> client.runExecution(new StartExecution("double").input(n)).id())
        .toList();
  }

  private static Batch endOf(Batch batch) {
    try (Watch<BatchUpdate> watch = client.watchBatch(batch.id())) {
      watch.stream().forEach(update -> {});
    }
    return client.getBatch(batch.id());
  }

  private static Map<String, Object> distributed(Map<String, Object> state) {
    Map<String, Object> processor = new HashMap<>(machine("Item", state));
    processor.put("ProcessorConfig", Map.of("Mode", "DISTRIBUTED", "ExecutionType", "STANDARD"));
    return machine(Map.of("Type", "Map", "ItemProcessor", processor, "End", true));
  }

  /** The map run of an execution, as soon as it fulfils the condition. */
  private static MapRun mapRun(String execution, Predicate<MapRun> condition) throws InterruptedException {
    while (true) {
      for (MapRun run : client.listMapRuns(execution)) {
        assertNull(run.itemCounts());
        MapRun whole = client.getMapRun(run.id());
        if (condition.test(whole)) return whole;
      }
      Thread.sleep(20);
    }
  }

  @Test
  @DisplayName("the run of a distributed Map says how its items and executions fare")
  void mapRuns() throws Exception {
    client.applyStateMachine("doubles", distributed(TASK));
    Execution execution = client.runExecution(new StartExecution("doubles").input(List.of(1, 2, 3)));
    assertEquals("[2,4,6]", execution.outputText());
    MapRun run = mapRun(execution.id(), it -> it.endTime() != null);
    assertEquals(ExecutionStatus.SUCCEEDED, run.status());
    assertEquals(execution.id(), run.execution());
    assertEquals(3, run.itemCounts().succeeded());
    assertEquals(3, run.executionCounts().total());
    assertEquals(run, client.getMapRun(run.arn()));
    assertEquals(3, client.countExecutions(new ExecutionFilter().mapRun(run.id())).count());
  }

  @Test
  @DisplayName("a map run can be changed while it goes on; what is not set stays")
  void updateMapRun() throws Exception {
    client.applyStateMachine("slowly", distributed(Map.of("Type", "Wait", "Seconds", 3_600, "End", true)));
    String id = client.startExecution(new StartExecution("slowly").input(List.of(1, 2))).execution().id();
    MapRun run = mapRun(id, it -> it.itemCounts().running() == 2);
    client.updateMapRun(run.id(), new MapRunChange().maxConcurrency(7).toleratedFailurePercentage(12.5));
    MapRun changed = client.updateMapRun(run.id(), new MapRunChange().toleratedFailureCount(1));
    assertEquals(7, changed.maxConcurrency());
    assertEquals(12.5, changed.toleratedFailurePercentage());
    assertEquals(1, changed.toleratedFailureCount());
    client.stopExecution(id);
    assertEquals(ExecutionStatus.ABORTED, mapRun(id, it -> it.endTime() != null).status());
  }

  @Test
  @DisplayName("a state is tried on its own, its Task done by a worker")
  void testState() {
    TestedState tested = client.testState(new StateTest(TASK).input(21));
    assertEquals(TestedState.Status.SUCCEEDED, tested.status());
    assertEquals(42, tested.output().as(Integer.class));
    assertEquals(Map.of(), tested.inspection());
  }

  @Test
  @DisplayName("a mocked error is caught, and the data between the steps can be seen")
  void testStateWithMock() {
    Map<String, Object> caught = Map.of(
        "Type", "Task",
        "Resource", "double",
        "Catch", List.of(Map.of("ErrorEquals", List.of("Busy"), "ResultPath", "$.error", "Next", "B")),
        "End", true);
    TestedState tested = client.testState(new StateTest(caught)
        .input(Map.of("n", 1))
        .mockError(new ErrorValue("Busy", "why"))
        .inspectionLevel(StateTest.InspectionLevel.DEBUG));
    assertEquals(TestedState.Status.CAUGHT_ERROR, tested.status());
    assertEquals(new ErrorValue("Busy", "why"), tested.error());
    assertEquals("B", tested.nextState());
    assertEquals(JsonText.of("{\"n\":1}"), tested.inspection().get("input"));
  }

  @Test
  @DisplayName("a definition is a graph, the same on the server and off it")
  void graph() {
    DefinitionGraph graph = client.getDefinitionGraph(machine(TASK));
    assertEquals(
        List.of("End", "Start", "Task"),
        graph.nodes().stream().map(DefinitionGraph.Node::type).sorted().toList());
    assertTrue(graph.nodes().contains(new DefinitionGraph.Node("/States/A", "A", "Task", "", "double", "")));
    assertEquals(2, graph.edges().size());
    assertTrue(graph.edges().stream().allMatch(edge -> edge.kind().equals("next")));
    assertEquals(graph, client.getStateMachineGraph("double"));
  }

  @Test
  @DisplayName("a paused execution says by whom and why, and goes on when it is resumed")
  void pause() {
    client.applyStateMachine("message", """
        StartAt: A
        States:
          A: { Type: Message, CorrelationKey: paused, CorrelationValuePath: $.order, Next: B }
          B: { Type: Pass, End: true }
        """);
    String id = client.startExecution(new StartExecution("message").input(Map.of("order", 42))).execution().id();
    Execution paused = client.pauseExecution(id, new OperatorAction().operator("ann").reason("look"));
    assertEquals(ExecutionStatus.PAUSED, paused.status());
    assertEquals("ann", paused.pause().operator());
    assertEquals("look", paused.pause().reason());
    Execution resumed = client.resumeExecution(id, new OperatorAction());
    assertEquals(ExecutionStatus.RUNNING, resumed.status());
    assertNull(resumed.pause());
    client.sendMessage(new SendMessage("paused", 42).timeToLive(Duration.ofMinutes(1)));
    assertEquals(ExecutionStatus.SUCCEEDED, client.waitForExecution(id).status());
    PawlError error = assertThrows(PawlError.class, () -> client.pauseExecution(id, new OperatorAction()));
    assertEquals(Status.Code.FAILED_PRECONDITION, error.code());
  }

  @Test
  @DisplayName("waits for a message are found by machine, key and value")
  void messageWaits() throws Exception {
    client.applyStateMachine("waiting", """
        StartAt: A
        States:
          A: { Type: Message, CorrelationKey: order, CorrelationValuePath: $.order, End: true }
        """);
    String id = client.startExecution(new StartExecution("waiting").input(Map.of("order", "A-1"))).execution().id();
    MessageWaitFilter filter =
        new MessageWaitFilter().stateMachine("waiting").correlationKey("order").correlationValue("A-1");
    while (client.listMessageWaits(filter).stream().count() == 0) Thread.sleep(20);
    assertEquals(List.of(id), client.listMessageWaits(filter).stream().map(MessageWait::execution).toList());
    assertEquals(0, client.listMessageWaits(filter.correlationValue("A-2")).stream().count());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"quoted\" \\ text", "two\nlines\tand a tab", "Grüße 🙂"})
  @DisplayName("a filter takes any text")
  void filterText(String error) {
    String id = client.startExecution(new StartExecution("waits")).execution().id();
    client.stopExecution(id, new ErrorValue(error, ""));
    ExecutionFilter filter = new ExecutionFilter().error(error);
    assertEquals(List.of(id), client.listExecutions(filter).stream().map(Execution::id).toList());
  }

  @Test
  @DisplayName("a state machine says how it is written and what becomes of lost tasks; a change leaves the rest")
  void stateMachineSettings() {
    client.applyStateMachine(new StateMachineInput("careful")
        .definition(machine(TASK))
        .onTaskLost(TaskLossPolicy.FAIL)
        .maxTaskDeliveries(3));
    StateMachine changed =
        client.updateStateMachine(new StateMachineInput("careful").maxTaskDeliveries(2)).stateMachine();
    assertEquals(TaskLossPolicy.FAIL, changed.onTaskLost());
    assertEquals(2, changed.maxTaskDeliveries());
    assertEquals(DefinitionFormat.JSON, changed.definitionFormat());
    assertEquals(List.of("double"), changed.resources());
    assertEquals(TaskLossPolicy.REDELIVER, client.getStateMachine("double").onTaskLost());
    PawlError error = assertThrows(PawlError.class, () -> client.deleteStateMachine("careful", false, "other"));
    assertEquals(Status.Code.ABORTED, error.code());
  }

  @Test
  @DisplayName("a worker's session says what it runs on")
  void workers() {
    WorkerInfo info = client.listWorkers().stream().findFirst().orElseThrow();
    assertTrue(info.runtime().contains(System.getProperty("java.version")), info.runtime());
    assertEquals(List.of("double"), info.pools().get(0).resources());
  }

  @Test
  @DisplayName("the newest events of a history come first when that is asked")
  void reverseHistory() {
    String id = doubled(1).get(0);
    List<Long> ids = client.listExecutionEvents(id, new ListEventsOptions().reverse().payloads(PayloadView.NONE))
        .stream().map(ExecutionEvent::id).toList();
    assertEquals(ids.stream().sorted(Comparator.reverseOrder()).toList(), ids);
    assertEquals(1, ids.get(ids.size() - 1));
  }

  @Test
  @DisplayName("a batch chains an execution from each source, once where that is asked, and links are counted")
  void chainBatch() {
    List<String> sources = doubled(3);
    client.applyStateMachine("chained", machine(TASK));
    ChainSource source = new ChainSource().jsonata("$states.input + 1").unique();
    Batch batch = endOf(client.createBatch(BatchInput.chain("chained", source, sources).namePrefix("c")));
    assertEquals(BatchStatus.SUCCEEDED, batch.status());
    assertEquals(
        List.of("2", "6", "10"),
        client.listBatchItems(batch.id(), PayloadView.FULL).stream().map(item -> item.output().text()).toList());
    assertEquals(2, client.getExecution("chained/c-0").output(Integer.class));
    assertEquals(3, client.countExecutionLinks(new ExecutionLinkFilter().targetStateMachine("chained")).count());
    assertEquals(1, client.countExecutionLinks(new ExecutionLinkFilter().sourceExecution(sources.get(0))).count());
    assertEquals(3, endOf(client.createBatch(BatchInput.chain("chained", source, sources))).counts().skipped());
  }

  @Test
  @DisplayName("a batch deletes closed executions; one that is gone already is not among those it deleted")
  void deleteBatch() {
    List<String> executions = doubled(3);
    client.deleteExecution(executions.get(0));
    assertEquals(3, client.countBatch(BatchInput.delete(executions)).counts().total());
    Batch batch = endOf(client.createBatch(BatchInput.delete(executions)));
    assertEquals(2, batch.counts().succeeded());
    assertEquals(2, client.listBatchItems(batch.id(), PayloadView.NONE, BatchItem.Status.SUCCEEDED).stream().count());
    for (String id : executions)
      assertEquals(Status.Code.NOT_FOUND, assertThrows(PawlError.class, () -> client.getExecution(id)).code());
  }

  @Test
  @DisplayName("a paused batch begins nothing, goes on when it is resumed, and is found by where it stands")
  void pauseBatch() {
    BatchInput input = BatchInput.start("waits", List.of(1, 2, 3)).name("held").maxConcurrency(1);
    String id = client.createBatch(input).id();
    BatchFilter paused = new BatchFilter().status(BatchStatus.PAUSED).stateMachine("waits").namePrefix("hel");
    Batch held = client.pauseBatch(id, new OperatorAction().operator("ann").reason("look"));
    assertEquals(BatchStatus.PAUSED, held.status());
    assertEquals("ann", held.lastAction().operator());
    assertEquals(List.of(id), client.listBatches(paused).stream().map(Batch::id).toList());
    ResumeBatchOptions anew = new ResumeBatchOptions().failurePolicy(new FailurePolicy().softRate(0.9)).resetWindow();
    assertEquals(BatchStatus.RUNNING, client.resumeBatch(id, new OperatorAction(), anew).status());
    assertEquals(0, client.listBatches(paused).stream().count());
    client.cancelBatch(id, new OperatorAction().reason("done"), true);
    assertEquals(BatchStatus.CANCELLED, endOf(held).status());
  }
}
