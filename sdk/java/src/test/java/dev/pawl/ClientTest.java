package dev.pawl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.pawl.v1.ExecutionServiceGrpc.ExecutionServiceImplBase;
import dev.pawl.v1.GetExecutionRequest;
import dev.pawl.v1.GetExecutionResponse;
import dev.pawl.v1.ListExecutionsRequest;
import dev.pawl.v1.ListExecutionsResponse;
import dev.pawl.v1.NameConflictPolicy;
import dev.pawl.v1.PageInfo;
import dev.pawl.v1.StartExecutionRequest;
import dev.pawl.v1.StartExecutionResponse;
import dev.pawl.v1.StartExecutionsRequest;
import dev.pawl.v1.StartExecutionsResponse;
import dev.pawl.v1.WatchExecutionRequest;
import dev.pawl.v1.WatchExecutionResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a client makes of a server's answers, and of their absence. */
@Timeout(60)
class ClientTest {
  /** Executions as a test says. */
  private static final class Executions extends ExecutionServiceImplBase {
    final List<StartExecutionRequest> starts = new CopyOnWriteArrayList<>();
    final List<WatchExecutionRequest> watches = new CopyOnWriteArrayList<>();
    final BlockingQueue<StreamObserver<StartExecutionsResponse>> streams = new LinkedBlockingQueue<>();
    final BlockingQueue<StartExecutionsRequest.Start> streamed = new LinkedBlockingQueue<>();
    volatile List<StatusRuntimeException> refusals = List.of();

    @Override
    public void startExecution(StartExecutionRequest request, StreamObserver<StartExecutionResponse> answer) {
      starts.add(request);
      if (starts.size() <= refusals.size()) {
        answer.onError(refusals.get(starts.size() - 1));
        return;
      }
      answer.onNext(StartExecutionResponse.newBuilder().setExecution(execution(request.getName())).setCreated(true).build());
      answer.onCompleted();
    }

    /** No answer. */
    @Override
    public void getExecution(GetExecutionRequest request, StreamObserver<GetExecutionResponse> answer) {}

    @Override
    public void listExecutions(ListExecutionsRequest request, StreamObserver<ListExecutionsResponse> answer) {
      int page = request.getPage().getPageToken().isEmpty() ? 0 : Integer.parseInt(request.getPage().getPageToken());
      answer.onNext(ListExecutionsResponse.newBuilder()
          .addExecutions(execution("e" + 2 * page))
          .addExecutions(execution("e" + (2 * page + 1)))
          .setPage(PageInfo.newBuilder().setNextPageToken(page == 2 ? "" : String.valueOf(page + 1)))
          .build());
      answer.onCompleted();
    }

    /** Breaks after two events each time. */
    @Override
    public void watchExecution(WatchExecutionRequest request, StreamObserver<WatchExecutionResponse> answer) {
      watches.add(request);
      int from = request.getResumeToken().isEmpty() ? 1 : Integer.parseInt(request.getResumeToken());
      for (int id = from; id < from + 2; id++) // the first comes again
        answer.onNext(WatchExecutionResponse.newBuilder()
            .setEvent(dev.pawl.v1.ExecutionEvent.newBuilder().setId(id))
            .setResumeToken(String.valueOf(id))
            .setTerminal(id == 4)
            .build());
      answer.onError(Status.UNAVAILABLE.asRuntimeException());
    }

    @Override
    public StreamObserver<StartExecutionsRequest> startExecutions(StreamObserver<StartExecutionsResponse> answers) {
      streams.add(answers);
      return new StreamObserver<>() {
        @Override
        public void onNext(StartExecutionsRequest message) {
          streamed.addAll(message.getStartsList());
        }

        @Override
        public void onError(Throwable thrown) {}

        @Override
        public void onCompleted() {
          answers.onCompleted();
        }
      };
    }
  }

  private final Executions executions = new Executions();
  private final FakeServer server = new FakeServer(executions);
  private final Client client = Client.connect(server.address());

  @AfterEach
  void end() {
    client.close();
    server.close();
  }

  private static dev.pawl.v1.Execution.Builder execution(String name) {
    return dev.pawl.v1.Execution.newBuilder().setId("id-" + name).setName(name);
  }

  private static StatusRuntimeException refusal(Status.Code code, Any... details) {
    return StatusProto.toStatusRuntimeException(com.google.rpc.Status.newBuilder()
        .setCode(code.value())
        .setMessage("no ☹")
        .addAllDetails(List.of(details))
        .build());
  }

  @Test
  @DisplayName("a start is sent again after UNAVAILABLE, under the same name and request id")
  void startAgain() {
    executions.refusals = List.of(refusal(Status.Code.UNAVAILABLE), refusal(Status.Code.UNAVAILABLE));
    assertTrue(client.startExecution(new StartExecution("orders")).created());
    assertEquals(3, executions.starts.size());
    StartExecutionRequest first = executions.starts.get(0);
    assertFalse(first.getName().isEmpty());
    assertEquals(NameConflictPolicy.NAME_CONFLICT_POLICY_USE_EXISTING, first.getConflictPolicy());
    assertEquals(List.of(first, first, first), executions.starts);
  }

  @Test
  @DisplayName("RetryInfo names the time of the next try, whatever the code")
  void retryInfo() {
    Any retryInfo = Any.pack(RetryInfo.newBuilder()
        .setRetryDelay(com.google.protobuf.Duration.newBuilder().setNanos(300_000_000))
        .build());
    executions.refusals = List.of(refusal(Status.Code.RESOURCE_EXHAUSTED, retryInfo));
    long startedAt = System.nanoTime();
    client.startExecution(new StartExecution("orders"));
    assertTrue(System.nanoTime() - startedAt >= 300_000_000L);
  }

  @Test
  @DisplayName("a refusal has code, message, reason, metadata and fields, and is not tried again")
  void refusalDetails() {
    executions.refusals = List.of(refusal(
        Status.Code.INVALID_ARGUMENT,
        Any.pack(ErrorInfo.newBuilder().setReason("INPUT_TOO_LARGE").putMetadata("limit", "7").build()),
        Any.pack(BadRequest.newBuilder()
            .addFieldViolations(BadRequest.FieldViolation.newBuilder().setField("input").setDescription("too large"))
            .build())));
    PawlError error = assertThrows(PawlError.class, () -> client.startExecution(new StartExecution("orders")));
    assertEquals(Status.Code.INVALID_ARGUMENT, error.code());
    assertEquals("no ☹", error.getMessage());
    assertEquals("INPUT_TOO_LARGE", error.reason());
    assertEquals("7", error.metadata().get("limit"));
    assertEquals(List.of(new PawlError.FieldViolation("input", "too large", "")), error.fieldViolations());
    assertEquals(1, executions.starts.size());
  }

  @Test
  @DisplayName("a call without an answer ends at its deadline")
  void deadline() {
    Client hurried = client.withTimeout(Duration.ofMillis(200));
    PawlError error = assertThrows(PawlError.class, () -> hurried.getExecution("e"));
    assertEquals(Status.Code.DEADLINE_EXCEEDED, error.code());
  }

  @Test
  @DisplayName("an interrupt gives a call up, and the thread stays interrupted")
  void interrupt() {
    Thread.currentThread().interrupt();
    PawlError error = assertThrows(PawlError.class, () -> client.getExecution("e"));
    assertEquals(Status.Code.CANCELLED, error.code());
    assertTrue(Thread.interrupted());
  }

  @Test
  @DisplayName("a list fetches its pages as it is read, and begins anew each time")
  void pages() {
    Pages<Execution> pages = client.listExecutions(new ExecutionFilter());
    assertEquals(List.of("e0", "e1", "e2"), pages.stream().limit(3).map(Execution::name).toList());
    assertEquals(6, pages.stream().count());
  }

  @Test
  @DisplayName("a watch whose stream breaks is resumed: each event once and in order")
  void watchResumes() {
    List<Long> ids = new ArrayList<>();
    try (Watch<ExecutionUpdate> watch = client.watchExecution("e")) {
      for (ExecutionUpdate update : watch) ids.add(((ExecutionUpdate.Event) update).event().id());
    }
    assertEquals(List.of(1L, 2L, 3L, 4L), ids);
    assertEquals(List.of("", "2", "3"), executions.watches.stream().map(WatchExecutionRequest::getResumeToken).toList());
  }

  @Test
  @DisplayName("pipelined starts without an answer are sent again under the same names when the stream breaks")
  void starterResumes() throws Exception {
    try (Starter starter = client.starter()) {
      var first = starter.start(new StartExecution("orders"));
      StartExecutionsRequest.Start sent = executions.streamed.poll(10, TimeUnit.SECONDS);
      executions.streams.take().onError(Status.UNAVAILABLE.asRuntimeException());
      StartExecutionsRequest.Start again = executions.streamed.poll(10, TimeUnit.SECONDS);
      assertEquals(sent, again);
      StreamObserver<StartExecutionsResponse> stream = executions.streams.take();
      dev.pawl.v1.Execution.Builder execution = execution(again.getRequest().getName());
      stream.onNext(StartExecutionsResponse.newBuilder()
          .addOutcomes(StartExecutionsResponse.Outcome.newBuilder()
              .setSequence(again.getSequence())
              .setResponse(StartExecutionResponse.newBuilder().setExecution(execution).setCreated(true)))
          .build());
      Started started = first.get(10, TimeUnit.SECONDS);
      assertEquals(sent.getRequest().getName(), started.execution().name());
      stream.onError(Status.UNAVAILABLE.asRuntimeException());
      StartExecutionsRequest.Start followed = executions.streamed.poll(10, TimeUnit.SECONDS);
      assertEquals(NameConflictPolicy.NAME_CONFLICT_POLICY_USE_EXISTING, followed.getRequest().getConflictPolicy());
      executions.streams.take().onNext(StartExecutionsResponse.newBuilder()
          .addOutcomes(StartExecutionsResponse.Outcome.newBuilder()
              .setSequence(followed.getSequence())
              .setEnded(execution.setOutput("9007199254740993")))
          .build());
      assertEquals("9007199254740993", started.result().get(10, TimeUnit.SECONDS).outputText());
    }
  }
}
