package dev.pawl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.pawl.v1.AddBatchItemsRequest;
import dev.pawl.v1.AddBatchItemsResponse;
import dev.pawl.v1.BatchOperation;
import dev.pawl.v1.BatchServiceGrpc;
import dev.pawl.v1.ChainItems;
import dev.pawl.v1.CreateBatchRequest;
import dev.pawl.v1.CreateBatchResponse;
import dev.pawl.v1.DeleteItems;
import dev.pawl.v1.RedriveExecutionRequest;
import dev.pawl.v1.StartItems;
import dev.pawl.v1.StopExecutionRequest;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How batches and their items get to the server. */
@Timeout(60)
class BatchTest {
  private final RecordedCalls calls = new RecordedCalls();
  private final FakeServer server = new FakeServer(calls.service(BatchServiceGrpc.getServiceDescriptor()));
  private final Client client = Client.connect(server.address());

  BatchTest() {
    dev.pawl.v1.Batch batch = dev.pawl.v1.Batch.newBuilder().setId("b").build();
    calls.answers.put(CreateBatchRequest.class, CreateBatchResponse.newBuilder().setBatch(batch).build());
    calls.answers.put(AddBatchItemsRequest.class, AddBatchItemsResponse.newBuilder().setBatch(batch).build());
  }

  @AfterEach
  void end() {
    client.close();
    server.close();
  }

  static List<Arguments> operations() {
    ExecutionFilter filter = new ExecutionFilter().stateMachine("orders").notLinked(new ExecutionLinkFilter());
    return List.of(
        Arguments.of(
            "starts",
            BatchInput.loading("orders").namePrefix("n").labels(Map.of("a", "b")),
            BatchOperation.newBuilder()
                .setStart(StartItems.newBuilder()
                    .setStateMachine("orders")
                    .setNamePrefix("n")
                    .putLabels("a", "b"))
                .build(),
            ""),
        Arguments.of(
            "chains what a filter finds",
            BatchInput.chain("bills", new ChainSource().state("Price").jsonata("1").unique(), filter).namePrefix("n"),
            BatchOperation.newBuilder()
                .setChain(ChainItems.newBuilder()
                    .setStateMachine("bills")
                    .setNamePrefix("n")
                    .setSource(dev.pawl.v1.ChainSource.newBuilder()
                        .setState("Price")
                        .setJsonata("1")
                        .setUnique(true)))
                .build(),
            "state_machine = \"orders\" AND linked = false"),
        Arguments.of(
            "deletes",
            BatchInput.delete(filter),
            BatchOperation.newBuilder().setDelete(DeleteItems.getDefaultInstance()).build(),
            "state_machine = \"orders\" AND linked = false"),
        Arguments.of(
            "stops",
            BatchInput.stop(new ErrorValue("E", "why"), filter),
            BatchOperation.newBuilder()
                .setStop(StopExecutionRequest.newBuilder()
                    .setError(dev.pawl.v1.ErrorValue.newBuilder().setError("E").setCause("why")))
                .build(),
            "state_machine = \"orders\" AND linked = false"),
        Arguments.of(
            "redrives from a state",
            BatchInput.redrive(new RedriveExecution().fromState("A").stateMachine("orders:2"), filter),
            BatchOperation.newBuilder()
                .setRedrive(RedriveExecutionRequest.newBuilder().setFromState("A").setStateMachine("orders:2"))
                .build(),
            "state_machine = \"orders\" AND linked = false"));
  }

  @ParameterizedTest(name = "a batch {0}")
  @MethodSource("operations")
  void operation(String what, BatchInput input, BatchOperation operation, String filter) {
    client.createBatch(input);
    CreateBatchRequest request = (CreateBatchRequest) calls.requests.get(0);
    assertEquals(operation, request.getBatch().getOperation());
    assertEquals(filter, request.getFilter());
    assertEquals(filter.isEmpty(), request.getStreamed());
  }

  @Test
  @DisplayName("names and labels are refused where nothing is started")
  void namesOfNothing() {
    assertThrows(IllegalStateException.class, () -> BatchInput.delete(List.of()).namePrefix("n"));
    assertThrows(
        IllegalStateException.class,
        () -> BatchInput.chain("bills", new ChainSource(), List.of()).labels(Map.of()));
  }

  @Test
  @DisplayName("as many items as one call takes go with the batch")
  void shortList() {
    List<String> executions = names(1_000);
    client.createBatch(BatchInput.delete(executions));
    CreateBatchRequest request = (CreateBatchRequest) calls.requests.get(0);
    assertEquals(executions, request.getInline().getValuesList());
    assertEquals(1, calls.requests.size());
  }

  @Test
  @DisplayName("a longer list of executions follows the batch, in order, and is closed")
  void longList() {
    List<String> executions = names(1_001);
    assertEquals("b", client.createBatch(BatchInput.delete(executions)).id());
    assertEquals(true, ((CreateBatchRequest) calls.requests.get(0)).getStreamed());
    AddBatchItemsRequest.Builder added = AddBatchItemsRequest.newBuilder().setBatch("b");
    assertEquals(
        List.of(
            added.clone().addAllValues(executions.subList(0, 1_000)).build(),
            added.clone().setFirstIndex(1_000).addValues("e1000").build(),
            added.clone().setFirstIndex(1_001).setLast(true).build()),
        calls.requests.subList(1, 4));
  }

  @Test
  @DisplayName("a dry run over more items than one call takes counts them all and keeps nothing")
  void dryRun() {
    Batch batch = client.countBatch(BatchInput.start("orders", names(2_500)));
    assertEquals(2_500, batch.counts().total());
    assertEquals(2_500, batch.counts().pending());
    assertEquals(
        List.of(1_000, 1_000, 500),
        calls.requests.stream()
            .map(CreateBatchRequest.class::cast)
            .filter(CreateBatchRequest::getDryRun)
            .map(request -> request.getInline().getValuesCount())
            .toList());
  }

  private static List<String> names(int count) {
    return IntStream.range(0, count).mapToObj(i -> "e" + i).toList();
  }
}
