import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pawl.v1.ExecutionServiceGrpc;
import dev.pawl.v1.GetExecutionRequest;
import dev.pawl.v1.GetServerInfoRequest;
import dev.pawl.v1.GetServerInfoResponse;
import dev.pawl.v1.PayloadView;
import dev.pawl.v1.StartExecutionRequest;
import dev.pawl.v1.StartExecutionsRequest;
import dev.pawl.v1.StartExecutionsResponse;
import dev.pawl.v1.SystemServiceGrpc;
import dev.pawl.v1.WatchExecutionRequest;
import dev.pawl.v1.WatchExecutionResponse;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** The named cases of gRPC's interop suite, with the generated stubs, below the SDK. */
final class Interop {
  private Interop() {}

  static ObjectNode run(JsonNode command) throws Exception {
    String[] address = command.path("address").asText().replaceFirst("^https?://", "").split(":");
    ManagedChannel channel = ManagedChannelBuilder.forAddress(address[0], Integer.parseInt(address[1]))
        .usePlaintext()
        .maxInboundMessageSize(16 * 1024 * 1024)
        .build();
    ObjectNode answer = Driver.JSON.createObjectNode();
    try {
      perform(channel, command, answer);
      return answer.put("code", "OK").put("message", "");
    } catch (StatusRuntimeException e) {
      return described(answer, e.getStatus());
    } finally {
      channel.shutdownNow();
    }
  }

  private static ObjectNode described(ObjectNode answer, Status status) {
    String description = status.getDescription();
    return answer.put("code", status.getCode().name()).put("message", description == null ? "" : description);
  }

  private static void perform(ManagedChannel channel, JsonNode command, ObjectNode answer) throws Exception {
    switch (command.path("case").asText()) {
      case "empty_unary" -> SystemServiceGrpc.newBlockingStub(channel).getServerInfo(GetServerInfoRequest.getDefaultInstance());
      case "large_unary" -> largeUnary(channel, command, answer);
      case "cancel_after_begin" -> cancelAfterBegin(channel);
      case "cancel_after_first_response" -> cancelAfterFirstResponse(channel, command);
      case "timeout_on_sleeping_server" -> timeout(channel, command);
      case "status_code_and_message", "special_status_message" -> ExecutionServiceGrpc.newBlockingStub(channel)
          .startExecution(StartExecutionRequest.newBuilder()
              .setStateMachine(command.path("stateMachine").asText())
              .build());
      case "unimplemented_method" -> unimplemented(channel, "pawl.v1.SystemService/Nope");
      case "unimplemented_service" -> unimplemented(channel, "pawl.v1.NopeService/Nope");
      case "custom_metadata" -> customMetadata(channel, command, answer);
      default -> throw new IllegalArgumentException("no case " + command.path("case"));
    }
  }

  private static void largeUnary(ManagedChannel channel, JsonNode command, ObjectNode answer) {
    ExecutionServiceGrpc.ExecutionServiceBlockingStub stub = ExecutionServiceGrpc.newBlockingStub(channel);
    String input = "\"" + "x".repeat(command.path("bytes").asInt() - 2) + "\"";
    String execution = stub.startExecution(StartExecutionRequest.newBuilder()
            .setStateMachine(command.path("stateMachine").asText())
            .setInput(input)
            .build())
        .getExecution()
        .getId();
    GetExecutionRequest request = GetExecutionRequest.newBuilder()
        .setExecution(execution)
        .setPayloadView(PayloadView.PAYLOAD_VIEW_FULL)
        .build();
    answer.put("bytes", stub.getExecution(request).getExecution().getInput().length());
  }

  private static void cancelAfterBegin(ManagedChannel channel) throws Exception {
    CompletableFuture<Status> ended = new CompletableFuture<>();
    StreamObserver<StartExecutionsRequest> requests = ExecutionServiceGrpc.newStub(channel)
        .startExecutions(new StreamObserver<StartExecutionsResponse>() {
          @Override
          public void onNext(StartExecutionsResponse response) {}

          @Override
          public void onError(Throwable thrown) {
            ended.complete(Status.fromThrowable(thrown));
          }

          @Override
          public void onCompleted() {
            ended.complete(Status.OK);
          }
        });
    ((ClientCallStreamObserver<StartExecutionsRequest>) requests).cancel("cancelled by the driver", null);
    throw ended.get(10, TimeUnit.SECONDS).asRuntimeException();
  }

  private static void cancelAfterFirstResponse(ManagedChannel channel, JsonNode command) {
    try (Context.CancellableContext context = Context.current().withCancellation()) {
      Context previous = context.attach();
      try {
        Iterator<WatchExecutionResponse> responses =
            ExecutionServiceGrpc.newBlockingStub(channel).watchExecution(watch(command));
        responses.next();
        context.cancel(null);
        while (responses.hasNext()) responses.next();
      } finally {
        context.detach(previous);
      }
    }
  }

  private static void timeout(ManagedChannel channel, JsonNode command) {
    Iterator<WatchExecutionResponse> responses = ExecutionServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(command.path("timeoutMs").asLong(), TimeUnit.MILLISECONDS)
        .watchExecution(watch(command));
    while (responses.hasNext()) responses.next();
  }

  private static WatchExecutionRequest watch(JsonNode command) {
    return WatchExecutionRequest.newBuilder().setExecution(command.path("execution").asText()).build();
  }

  private static void unimplemented(ManagedChannel channel, String name) {
    MethodDescriptor<GetServerInfoRequest, GetServerInfoResponse> method =
        SystemServiceGrpc.getGetServerInfoMethod().toBuilder().setFullMethodName(name).build();
    ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT, GetServerInfoRequest.getDefaultInstance());
  }

  private static void customMetadata(ManagedChannel channel, JsonNode command, ObjectNode answer) {
    Metadata sent = new Metadata();
    command.path("headers").properties().forEach(header ->
        sent.put(Metadata.Key.of(header.getKey(), Metadata.ASCII_STRING_MARSHALLER), header.getValue().asText()));
    AtomicReference<Metadata> headers = new AtomicReference<>(new Metadata());
    AtomicReference<Metadata> trailers = new AtomicReference<>(new Metadata());
    SystemServiceGrpc.newBlockingStub(ClientInterceptors.intercept(
            channel,
            MetadataUtils.newAttachHeadersInterceptor(sent),
            MetadataUtils.newCaptureMetadataInterceptor(headers, trailers)))
        .getServerInfo(GetServerInfoRequest.getDefaultInstance());
    answer.set("headers", json(headers.get()));
    answer.set("trailers", json(trailers.get()));
  }

  private static ObjectNode json(Metadata metadata) {
    ObjectNode json = Driver.JSON.createObjectNode();
    for (String name : metadata.keys())
      if (!name.endsWith("-bin")) json.put(name, metadata.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER)));
    return json;
  }
}
