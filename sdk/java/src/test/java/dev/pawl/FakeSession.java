package dev.pawl;

import static org.junit.jupiter.api.Assertions.fail;

import com.google.protobuf.ByteString;
import dev.pawl.v1.HeldTask;
import dev.pawl.v1.Hello;
import dev.pawl.v1.OutcomeAck;
import dev.pawl.v1.OutcomeAcks;
import dev.pawl.v1.Task;
import dev.pawl.v1.TaskBatch;
import dev.pawl.v1.TaskOutcome;
import dev.pawl.v1.TaskTokenState;
import dev.pawl.v1.Welcome;
import dev.pawl.v1.WorkRequest;
import dev.pawl.v1.WorkResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** One worker's stream: what came in, and what a test sends. */
final class FakeSession implements StreamObserver<WorkRequest> {
  private static final long PATIENCE_NANOS = Duration.ofSeconds(20).toNanos();

  final List<WorkRequest> received = new ArrayList<>();
  final List<TaskOutcome> outcomes = new ArrayList<>();
  /** Latest limit of each pool. */
  final Map<String, Long> limits = new HashMap<>();
  Hello hello;
  /** Acknowledge each outcome as it comes. */
  boolean isAcking = true;
  boolean isEnded;
  private final FakeServer server;
  private final StreamObserver<WorkResponse> responses;

  FakeSession(FakeServer server, StreamObserver<WorkResponse> responses) {
    this.server = server;
    this.responses = responses;
  }

  @Override
  public synchronized void onNext(WorkRequest message) {
    received.add(message);
    if (message.hasHello()) onHello(message.getHello());
    if (message.hasDemand()) limits.putAll(message.getDemand().getLimitsMap());
    if (message.hasOutcomes()) onOutcomes(message.getOutcomes().getOutcomesList());
    notifyAll();
  }

  @Override
  public synchronized void onError(Throwable thrown) {
    notifyAll();
  }

  @Override
  public synchronized void onCompleted() {
    isEnded = true;
    responses.onCompleted();
    notifyAll();
  }

  /** Waits until something is so. */
  synchronized void until(Predicate<FakeSession> condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.test(this)) {
      long left = end - System.nanoTime();
      if (left <= 0) fail("it did not come; received " + received);
      wait(left / 1_000_000 + 1);
    }
  }

  /** The n-th message (from 0) of a kind. */
  synchronized WorkRequest message(WorkRequest.MessageCase kind, int index) throws InterruptedException {
    until(session -> messages(kind).size() > index);
    return messages(kind).get(index);
  }

  synchronized List<WorkRequest> messages(WorkRequest.MessageCase kind) {
    return received.stream().filter(message -> message.getMessageCase() == kind).toList();
  }

  synchronized TaskOutcome outcome(int index) throws InterruptedException {
    until(session -> outcomes.size() > index);
    return outcomes.get(index);
  }

  /** Tokens that were accepted, in order. */
  synchronized List<String> accepted() {
    return messages(WorkRequest.MessageCase.ACCEPT).stream()
        .flatMap(message -> message.getAccept().getTaskTokensList().stream())
        .map(ByteString::toStringUtf8)
        .toList();
  }

  /** Tokens that were handed back, in order. */
  synchronized List<String> released() {
    return messages(WorkRequest.MessageCase.RELEASE).stream()
        .flatMap(message -> message.getRelease().getTaskTokensList().stream())
        .map(ByteString::toStringUtf8)
        .toList();
  }

  synchronized List<String> held() {
    return hello.getHeldTaskTokensList().stream().map(ByteString::toStringUtf8).toList();
  }

  synchronized void send(WorkResponse.Builder message) {
    responses.onNext(message.build());
  }

  /** Hands out tasks of a resource, whose pool has its name. */
  void tasks(String resource, String... tokens) {
    TaskBatch.Builder batch = TaskBatch.newBuilder();
    for (String token : tokens) batch.addTasks(task(resource, token));
    send(WorkResponse.newBuilder().setTasks(batch));
  }

  static Task.Builder task(String resource, String token) {
    return Task.newBuilder()
        .setTaskToken(bytes(token))
        .setTaskId("task-" + token)
        .setResource(resource)
        .setRawResource(resource)
        .setPool(resource)
        .setAttempt(1)
        .setInput("{}");
  }

  void ack(String token, dev.pawl.v1.OutcomeStatus status, String reason) {
    send(WorkResponse.newBuilder().setOutcomeAcks(OutcomeAcks.newBuilder()
        .addAcks(OutcomeAck.newBuilder().setTaskToken(bytes(token)).setStatus(status).setReason(reason))));
  }

  /** Ends the stream with a status. */
  synchronized void endWith(Status status) {
    responses.onError(status.asRuntimeException());
  }

  static HeldTask held(String token, TaskTokenState state) {
    return HeldTask.newBuilder().setTaskToken(bytes(token)).setState(state).build();
  }

  static ByteString bytes(String token) {
    return ByteString.copyFromUtf8(token);
  }

  private void onHello(Hello hello) {
    this.hello = hello;
    Welcome.Builder welcome = server.welcome.apply(hello, this);
    if (welcome == null) return;
    welcome.setSessionId("session").setServerId("fake").setMaxMessageBytes(1024 * 1024);
    send(WorkResponse.newBuilder().setWelcome(welcome));
  }

  private void onOutcomes(List<TaskOutcome> reported) {
    outcomes.addAll(reported);
    if (!isAcking) return;
    OutcomeAcks.Builder acks = OutcomeAcks.newBuilder();
    for (TaskOutcome outcome : reported)
      acks.addAcks(OutcomeAck.newBuilder()
          .setTaskToken(outcome.getTaskToken())
          .setStatus(dev.pawl.v1.OutcomeStatus.OUTCOME_STATUS_RECORDED));
    send(WorkResponse.newBuilder().setOutcomeAcks(acks));
  }
}
