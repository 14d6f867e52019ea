package dev.pawl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Duration;
import dev.pawl.v1.CancelReason;
import dev.pawl.v1.CancelTasks;
import dev.pawl.v1.ErrorValue;
import dev.pawl.v1.Task;
import dev.pawl.v1.TaskBatch;
import dev.pawl.v1.TaskFailure;
import dev.pawl.v1.TaskOutcome;
import dev.pawl.v1.WorkRequest.MessageCase;
import dev.pawl.v1.WorkResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a handler is given, and what becomes of what it returns and throws. */
@Timeout(60)
class WorkerTest {
  record Sum(int a, int b) {}

  private final FakeServer server = new FakeServer();
  private final Worker worker = Worker.builder().address(server.address()).log(new SilentLog()).build();

  @AfterEach
  void end() {
    worker.close(java.time.Duration.ZERO);
    server.close();
  }

  private FakeSession started() throws InterruptedException {
    worker.start().join();
    return server.session(0);
  }

  private static void send(FakeSession session, Task.Builder task) {
    session.send(WorkResponse.newBuilder().setTasks(TaskBatch.newBuilder().addTasks(task)));
  }

  private TaskFailure failureOf(TaskHandler<JsonText> handler) throws InterruptedException {
    worker.task("a", JsonText.class, handler);
    FakeSession session = started();
    session.tasks("a", "t");
    return session.outcome(0).getFailure();
  }

  @Test
  @DisplayName("a task's input and context reach the handler, its result the server")
  void result() throws Exception {
    CompletableFuture<List<Object>> seen = new CompletableFuture<>();
    worker.task("add", Sum.class, (sum, context) -> {
      seen.complete(List.of(
          context.attempt(), context.idempotencyKey(), context.lastError(), context.lastHeartbeatDetails().text(), context.rawResource()));
      return Map.of("sum", sum.a() + sum.b());
    });
    FakeSession session = started();
    send(session, FakeSession.task("add", "t")
        .setRawResource("arn:aws:lambda:::add")
        .setInput("{\"a\":1,\"b\":2,\"c\":3}")
        .setAttempt(2)
        .setIdempotencyKey("key")
        .setLastError(ErrorValue.newBuilder().setError("Busy").setCause("full"))
        .setLastHeartbeatDetails("{\"at\":7}"));
    assertEquals("{\"sum\":3}", session.outcome(0).getOutput());
    assertEquals(
        List.of(2, "key", new dev.pawl.ErrorValue("Busy", "full"), "{\"at\":7}", "arn:aws:lambda:::add"), seen.join());
  }

  @Test
  @DisplayName("text is byte-faithful: digits, order of keys and characters")
  void faithful() throws Exception {
    worker.task("a", JsonText.class, (input, context) -> input);
    FakeSession session = started();
    String text = "{\"z\": 9007199254740993, \"a\": 1.10, \"ü\": \"\\u00fc😀\"}";
    send(session, FakeSession.task("a", "t").setInput(text));
    assertEquals(text, session.outcome(0).getOutput());
  }

  @Test
  @DisplayName("a TaskError fails the task by its name")
  void taskError() throws Exception {
    TaskFailure failure = failureOf((input, context) -> {
      throw new TaskError("Payment.Declined", Map.of("card", "expired")).nonRetryable().retryAfter(java.time.Duration.ofSeconds(2));
    });
    assertEquals(ErrorValue.newBuilder().setError("Payment.Declined").setCause("{\"card\":\"expired\"}").build(), failure.getError());
    assertTrue(failure.getNonRetryable());
    assertEquals(2, failure.getRetryAfter().getSeconds());
  }

  @Test
  @DisplayName("any other exception fails it by its class, with AWS Lambda's shape in the cause")
  void otherException() throws Exception {
    TaskFailure failure = failureOf((input, context) -> {
      throw new IllegalStateException("oh");
    });
    assertEquals("java.lang.IllegalStateException", failure.getError().getError());
    var cause = JsonText.of(failure.getError().getCause()).tree();
    assertEquals("oh", cause.get("errorMessage").asText());
    assertEquals("java.lang.IllegalStateException", cause.get("errorType").asText());
    assertTrue(cause.get("stackTrace").get(0).asText().startsWith("dev.pawl.WorkerTest"));
  }

  @Test
  @DisplayName("a result that is no JSON fails the task with Worker.InvalidOutput")
  void noJson() throws Exception {
    TaskFailure failure = failureOf((input, context) -> new Object());
    assertEquals("Worker.InvalidOutput", failure.getError().getError());
  }

  @Test
  @DisplayName("a result that no message can carry fails the task with States.DataLimitExceeded")
  void tooLarge() throws Exception {
    TaskFailure failure = failureOf((input, context) -> "x".repeat(5 * 1024 * 1024));
    assertEquals("States.DataLimitExceeded", failure.getError().getError());
  }

  @Test
  @DisplayName("a cancelled handler is interrupted, and acknowledges by whatever it throws")
  void cancel() throws Exception {
    CompletableFuture<TaskCancelReason> told = new CompletableFuture<>();
    worker.task("a", JsonText.class, (input, context) -> {
      context.cancellation().onCancel(() -> told.complete(context.cancellation().reason()));
      Thread.sleep(60_000);
      return 1;
    });
    FakeSession session = started();
    session.tasks("a", "t");
    session.message(MessageCase.ACCEPT, 0);
    session.send(WorkResponse.newBuilder().setCancel(CancelTasks.newBuilder()
        .addTaskTokens(FakeSession.bytes("t"))
        .setReason(CancelReason.CANCEL_REASON_BRANCH_FAILED)));
    TaskOutcome outcome = session.outcome(0);
    assertTrue(outcome.getCancelled());
    assertEquals(TaskCancelReason.BRANCH_FAILED, told.join());
  }

  @Test
  @DisplayName("a busy handler does not stop heartbeats; they come at a third of HeartbeatSeconds")
  void heartbeats() throws Exception {
    CountDownLatch beaten = new CountDownLatch(1);
    worker.task("a", JsonText.class, (input, context) -> {
      while (beaten.getCount() > 0) Thread.onSpinWait();
      return 1;
    });
    FakeSession session = started();
    send(session, FakeSession.task("a", "t").setHeartbeatTimeout(Duration.newBuilder().setNanos(150_000_000)));
    session.message(MessageCase.HEARTBEATS, 3);
    beaten.countDown();
    session.outcome(0);
  }

  @Test
  @DisplayName("without autoHeartbeat only the handler beats; many calls become one message, the last details win")
  void ownHeartbeats() throws Exception {
    worker.task("a", JsonText.class, new TaskOptions().autoHeartbeat(false), (input, context) -> {
      for (int at = 0; at < 1_000; at++) context.heartbeat(Map.of("at", at), at / 1_000.0);
      Thread.sleep(400);
      return 1;
    });
    FakeSession session = started();
    send(session, FakeSession.task("a", "t").setHeartbeatTimeout(Duration.newBuilder().setNanos(300_000_000)));
    session.outcome(0);
    var beats = session.messages(MessageCase.HEARTBEATS);
    assertTrue(beats.size() <= 5, "messages: " + beats.size());
    assertEquals("{\"at\":999}", beats.get(beats.size() - 1).getHeartbeats().getBeats(0).getDetails());
  }

  @Test
  @DisplayName("a handler is told when the task's deadline has passed")
  void deadline() throws Exception {
    worker.task("a", JsonText.class, (input, context) -> {
      try {
        Thread.sleep(60_000);
        return null;
      } finally {
        assertEquals(TaskCancelReason.TASK_TIMED_OUT, context.cancellation().reason());
      }
    });
    FakeSession session = started();
    send(session, FakeSession.task("a", "t").setDeadline(Times.protoOf(Instant.now().plusMillis(200))));
    assertTrue(session.outcome(0).getCancelled());
  }

  @Test
  @DisplayName("tasks of one pool share its slots; a prefix serves what begins so, the longest first")
  void pools() throws Exception {
    Worker pooled = Worker.builder().address(server.address()).log(new SilentLog()).pool("p", 2).build();
    TaskOptions options = new TaskOptions().pool("p");
    try {
      pooled
          .task("images:*", JsonText.class, options, (input, context) -> "any")
          .task("images:crop", JsonText.class, options, (input, context) -> "crop")
          .start()
          .join();
      FakeSession session = server.session(0);
      session.until(s -> s.limits.equals(Map.of("p", 2L)));
      send(session, FakeSession.task("images:crop", "t0").setPool("p"));
      assertEquals("\"crop\"", session.outcome(0).getOutput());
      send(session, FakeSession.task("images:turn", "t1").setPool("p"));
      assertEquals("\"any\"", session.outcome(1).getOutput());
    } finally {
      pooled.close(java.time.Duration.ZERO);
    }
  }

  @Test
  @DisplayName("mistakes in the registration are said at once")
  void registration() {
    assertThrows(IllegalStateException.class, worker::start);
    worker.task("a", JsonText.class, (input, context) -> 1);
    assertThrows(IllegalArgumentException.class, () -> worker.task("a", JsonText.class, (input, context) -> 1));
    assertThrows(IllegalArgumentException.class, () ->
        worker.task("b", JsonText.class, new TaskOptions().concurrency(-1), (input, context) -> 1));
  }

  @Test
  @DisplayName("spellings of a Resource lead to its handler")
  void resourceNames() {
    assertTrue(ResourceName.serves("process:order", "arn:aws:lambda:::process:order"));
    assertTrue(ResourceName.serves("process:*", "arn:aws:states:::lambda:function:process:order"));
    assertTrue(ResourceName.serves("charge", "arn:aws:lambda:us-east-1:123456789012:function:charge:live"));
    assertEquals("sqs:sendMessage", ResourceName.of("sqs:sendMessage"));
  }
}
