package dev.pawl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.Message;
import dev.pawl.v1.BatchServiceGrpc;
import dev.pawl.v1.CountExecutionLinksRequest;
import dev.pawl.v1.CountExecutionsRequest;
import dev.pawl.v1.DeleteStateMachineAliasRequest;
import dev.pawl.v1.DeleteStateMachineRequest;
import dev.pawl.v1.ExecutionServiceGrpc;
import dev.pawl.v1.ListBatchItemsRequest;
import dev.pawl.v1.ListBatchesRequest;
import dev.pawl.v1.ListExecutionEventsRequest;
import dev.pawl.v1.ListMapRunsRequest;
import dev.pawl.v1.ListMessageWaitsRequest;
import dev.pawl.v1.PageRequest;
import dev.pawl.v1.PublishStateMachineVersionRequest;
import dev.pawl.v1.PutStateMachineAliasRequest;
import dev.pawl.v1.ResumeBatchRequest;
import dev.pawl.v1.StateMachineServiceGrpc;
import dev.pawl.v1.StateMachineType;
import dev.pawl.v1.TaskMock;
import dev.pawl.v1.TestStateRequest;
import dev.pawl.v1.UpdateMapRunRequest;
import dev.pawl.v1.UpdateStateMachineRequest;
import dev.pawl.v1.ValidateDefinitionRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What calls ask for. */
@Timeout(60)
class RequestsTest {
  private final RecordedCalls calls = new RecordedCalls();
  private final FakeServer server = new FakeServer(
      calls.service(ExecutionServiceGrpc.getServiceDescriptor()),
      calls.service(BatchServiceGrpc.getServiceDescriptor()),
      calls.service(StateMachineServiceGrpc.getServiceDescriptor()));
  private final Client client = Client.connect(server.address());

  @AfterEach
  void end() {
    client.close();
    server.close();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"filters", "lists", "changes", "stateMachines", "stateTests"})
  void asks(String what, Consumer<Client> call, Message request) {
    call.accept(client);
    assertEquals(List.of(request), calls.requests);
  }

  private static Arguments asks(String what, Consumer<Client> call, Message.Builder request) {
    return Arguments.of(what, call, request.build());
  }

  private static PageRequest page(String filter) {
    return PageRequest.newBuilder().setPageSize(50).setFilter(filter).build();
  }

  static List<Arguments> filters() {
    Instant time = Instant.parse("2026-01-02T03:04:05Z");
    return List.of(
        asks(
            "all links are counted",
            client -> client.countExecutionLinks(new ExecutionLinkFilter()),
            CountExecutionLinksRequest.newBuilder()),
        asks(
            "links are counted by every condition, up to a limit",
            client -> client.countExecutionLinks(
                new ExecutionLinkFilter()
                    .sourceExecution("e\"\\\n1")
                    .sourceStateMachine("a")
                    .sourceState("")
                    .sourceStatus(ExecutionStatus.FAILED)
                    .transformer("$x")
                    .targetExecution("e2")
                    .targetStateMachine("b")
                    .createdAfter(time)
                    .createdBefore(time),
                7),
            CountExecutionLinksRequest.newBuilder()
                .setFilter("source_execution = \"e\\\"\\\\\\n1\" AND source_state_machine = \"a\" AND source_state = \"\""
                    + " AND transformer = \"$x\" AND target_execution = \"e2\" AND target_state_machine = \"b\""
                    + " AND create_time > \"2026-01-02T03:04:05Z\" AND create_time < \"2026-01-02T03:04:05Z\""
                    + " AND source_status = FAILED")
                .setLimit(7)),
        asks(
            "executions are counted by what was chained from them",
            client -> client.countExecutions(new ExecutionFilter()
                .status(ExecutionStatus.SUCCEEDED)
                .notLinked(new ExecutionLinkFilter().targetStateMachine("b"))),
            CountExecutionsRequest.newBuilder()
                .setFilter("status = SUCCEEDED AND linked = false AND link.target_state_machine = \"b\"")),
        asks(
            "batches are found by every condition",
            client -> client.listBatches(new BatchFilter()
                    .status(BatchStatus.PAUSED)
                    .stateMachine("orders")
                    .name("n")
                    .namePrefix("p-")
                    .createdAfter(time)
                    .createdBefore(time)
                    .endedAfter(time)
                    .endedBefore(time))
                .stream().count(),
            ListBatchesRequest.newBuilder()
                .setPage(page("state_machine = \"orders\" AND name = \"n\" AND name = \"p-*\""
                    + " AND create_time > \"2026-01-02T03:04:05Z\" AND create_time < \"2026-01-02T03:04:05Z\""
                    + " AND end_time > \"2026-01-02T03:04:05Z\" AND end_time < \"2026-01-02T03:04:05Z\""
                    + " AND status = PAUSED"))),
        asks(
            "waits are found by what they wait for, as JSON",
            client -> client.listMessageWaits(new MessageWaitFilter()
                    .stateMachine("orders")
                    .correlationKey("order")
                    .correlationValue("A\"1"))
                .stream().count(),
            ListMessageWaitsRequest.newBuilder()
                .setPage(page("state_machine = \"orders\" AND correlation_key = \"order\""
                    + " AND correlation_value = \"\\\"A\\\\\\\"1\\\"\""))));
  }

  static List<Arguments> lists() {
    return List.of(
        asks(
            "items of a batch are found by where they stand",
            client -> client.listBatchItems("b", PayloadView.FULL, BatchItem.Status.FAILED).stream().count(),
            ListBatchItemsRequest.newBuilder()
                .setBatch("b")
                .setPage(page("status = FAILED"))
                .setPayloadView(dev.pawl.v1.PayloadView.PAYLOAD_VIEW_FULL)),
        asks(
            "a history can be read backwards, in part and without documents",
            client -> client
                .listExecutionEvents(
                    "e", new ListEventsOptions().reverse().afterEventId(3).payloads(PayloadView.NONE))
                .stream().count(),
            ListExecutionEventsRequest.newBuilder()
                .setExecution("e")
                .setPage(page(""))
                .setReverse(true)
                .setAfterEventId(3)
                .setPayloadView(dev.pawl.v1.PayloadView.PAYLOAD_VIEW_NONE)),
        asks(
            "map runs are those of an execution",
            client -> client.listMapRuns("e").stream().count(),
            ListMapRunsRequest.newBuilder().setExecution("e").setPage(page(""))));
  }

  static List<Arguments> changes() {
    return List.of(
        asks(
            "a map run keeps what is not set",
            client -> client.updateMapRun("m", new MapRunChange().toleratedFailureCount(2)),
            UpdateMapRunRequest.newBuilder().setMapRun("m").setToleratedFailureCount(2)),
        asks(
            "zero is a change of a map run",
            client -> client.updateMapRun(
                "m", new MapRunChange().maxConcurrency(0).toleratedFailurePercentage(0)),
            UpdateMapRunRequest.newBuilder().setMapRun("m").setMaxConcurrency(0).setToleratedFailurePercentage(0)),
        asks(
            "a batch goes on with its thresholds",
            client -> client.resumeBatch("b", new OperatorAction().operator("ann").reason("fixed")),
            ResumeBatchRequest.newBuilder().setBatch("b").setOperator("ann").setReason("fixed")),
        asks(
            "a batch goes on with other thresholds, from nought",
            client -> client.resumeBatch(
                "b",
                new OperatorAction(),
                new ResumeBatchOptions().failurePolicy(new FailurePolicy().softRate(0.5)).resetWindow()),
            ResumeBatchRequest.newBuilder()
                .setBatch("b")
                .setFailurePolicy(dev.pawl.v1.FailurePolicy.newBuilder().setSoftRate(0.5))
                .setResetWindow(true)));
  }

  static List<Arguments> stateMachines() {
    return List.of(
        asks(
            "what is set on a state machine is named, and nothing else",
            client -> client.updateStateMachine(new StateMachineInput("m")
                .definition("a: 1")
                .format(DefinitionFormat.YAML)
                .onTaskLost(TaskLossPolicy.SKIP)
                .maxTaskDeliveries(0)
                .etag("7")),
            UpdateStateMachineRequest.newBuilder()
                .setStateMachine(dev.pawl.v1.StateMachine.newBuilder()
                    .setName("m")
                    .setDefinition("a: 1")
                    .setDefinitionFormat(dev.pawl.v1.DefinitionFormat.DEFINITION_FORMAT_YAML)
                    .setOnTaskLost(dev.pawl.v1.TaskLossPolicy.TASK_LOSS_POLICY_SKIP)
                    .setEtag("7"))
                .setUpdateMask(com.google.protobuf.FieldMask.newBuilder()
                    .addPaths("definition")
                    .addPaths("on_task_lost")
                    .addPaths("max_task_deliveries"))),
        asks(
            "a state machine is deleted under its etag",
            client -> client.deleteStateMachine("m", true, "7"),
            DeleteStateMachineRequest.newBuilder().setStateMachine("m").setForce(true).setEtag("7")),
        asks(
            "a version is published of a revision",
            client -> client.publishStateMachineVersion("m", "first", "r"),
            PublishStateMachineVersionRequest.newBuilder()
                .setStateMachine("m")
                .setDescription("first")
                .setRevisionId("r")),
        asks(
            "an alias is put with its description, under its etag",
            client -> client.putStateMachineAlias(new StateMachineAlias(
                "m", "live", "the one", List.of(new StateMachineAlias.Route(3, 100)), "7")),
            PutStateMachineAliasRequest.newBuilder()
                .setAlias(dev.pawl.v1.StateMachineAlias.newBuilder()
                    .setStateMachine("m")
                    .setName("live")
                    .setDescription("the one")
                    .addRoutes(dev.pawl.v1.StateMachineAlias.Route.newBuilder().setVersion(3).setWeight(100))
                    .setEtag("7"))),
        asks(
            "an alias is deleted under its etag",
            client -> client.deleteStateMachineAlias("m", "live", "7"),
            DeleteStateMachineAliasRequest.newBuilder().setStateMachine("m").setAlias("live").setEtag("7")),
        asks(
            "a definition is checked for what is asked",
            client -> client.validateDefinition(
                Map.of("StartAt", "A"),
                new ValidationOptions().format(DefinitionFormat.JSON).express()),
            ValidateDefinitionRequest.newBuilder()
                .setDefinition("{\"StartAt\":\"A\"}")
                .setFormat(dev.pawl.v1.DefinitionFormat.DEFINITION_FORMAT_JSON)
                .setType(StateMachineType.STATE_MACHINE_TYPE_EXPRESS)));
  }

  static List<Arguments> stateTests() {
    return List.of(
        asks(
            "a test of a state says what was given, and nothing of what was not",
            client -> client.testState(new StateTest("{}")),
            TestStateRequest.newBuilder().setDefinition("{}")),
        asks(
            "values of a test are sent as JSON",
            client -> client.testState(new StateTest(Map.of("Type", "Map"))
                .format(DefinitionFormat.JSON)
                .stateName("A")
                .input(1)
                .variables(Map.of("v", 2))
                .context(Map.of("c", 3))
                .roleArn("arn")
                .inspectionLevel(StateTest.InspectionLevel.TRACE)
                .mockResult(List.of(4), StateTest.MockValidation.NONE)
                .mapItemReaderData("a,b")),
            TestStateRequest.newBuilder()
                .setDefinition("{\"Type\":\"Map\"}")
                .setFormat(dev.pawl.v1.DefinitionFormat.DEFINITION_FORMAT_JSON)
                .setStateName("A")
                .setInput("1")
                .setVariables("{\"v\":2}")
                .setContext("{\"c\":3}")
                .setRoleArn("arn")
                .setInspectionLevel(dev.pawl.v1.InspectionLevel.INSPECTION_LEVEL_TRACE)
                .setMock(TaskMock.newBuilder()
                    .setResult("[4]")
                    .setValidation(dev.pawl.v1.MockValidation.MOCK_VALIDATION_NONE))
                .setMapItemReaderData("a,b")),
        asks(
            "a mocked error says where it is from and what went before",
            client -> client.testState(new StateTest("{}")
                .mockError(new ErrorValue("E", "why"))
                .retrierRetryCount(2)
                .errorCausedByState("B")
                .mapIterationFailureCount(3)),
            TestStateRequest.newBuilder()
                .setDefinition("{}")
                .setMock(TaskMock.newBuilder()
                    .setError(dev.pawl.v1.ErrorValue.newBuilder().setError("E").setCause("why")))
                .setRetrierRetryCount(2)
                .setErrorCausedByState("B")
                .setMapIterationFailureCount(3)));
  }
}
