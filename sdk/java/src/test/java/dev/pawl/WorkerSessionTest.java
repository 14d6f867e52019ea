package dev.pawl;

import static dev.pawl.FakeSession.bytes;
import static dev.pawl.FakeSession.held;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Duration;
import dev.pawl.v1.DrainAck;
import dev.pawl.v1.Pong;
import dev.pawl.v1.ServerDrain;
import dev.pawl.v1.TaskOutcome;
import dev.pawl.v1.TaskTokenState;
import dev.pawl.v1.Welcome;
import dev.pawl.v1.WorkRequest.MessageCase;
import dev.pawl.v1.WorkResponse;
import io.grpc.Status;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a worker's session must survive. */
@Timeout(60)
class WorkerSessionTest {
  private final FakeServer server = new FakeServer();
  private Worker worker;

  @AfterEach
  void end() {
    if (worker != null) worker.close(java.time.Duration.ZERO);
    server.close();
  }

  private Worker worker(String resource, int concurrency, TaskHandler<JsonText> handler) {
    worker = Worker.builder().address(server.address()).log(new SilentLog()).build();
    return worker.task(resource, JsonText.class, new TaskOptions().concurrency(concurrency), handler);
  }

  @Test
  @DisplayName("a worker says hello with its pools before anything else, and gives credit for its slots")
  void hello() throws Exception {
    worker("a", 3, (input, context) -> 1).start().join();
    FakeSession session = server.session(0);
    session.until(s -> s.limits.equals(Map.of("a", 3L)));
    assertTrue(session.received.get(0).hasHello());
    assertEquals(3, session.hello.getPools(0).getSlots());
    assertEquals("a", session.hello.getPools(0).getResources(0));
  }

  @Test
  @DisplayName("a running task is held over a reconnect and its outcome goes to the new session")
  void heldOverAReconnect() throws Exception {
    CompletableFuture<Integer> slow = new CompletableFuture<>();
    AtomicInteger begun = new AtomicInteger();
    worker("a", 2, (input, context) -> {
      begun.incrementAndGet();
      return slow;
    }).start().join();
    FakeSession first = server.session(0);
    first.tasks("a", "t");
    first.message(MessageCase.ACCEPT, 0);
    server.welcome = (hello, s) -> Welcome.newBuilder().addHeld(held("t", TaskTokenState.TASK_TOKEN_STATE_ACTIVE));
    first.endWith(Status.UNAVAILABLE);
    FakeSession second = server.session(1);
    assertEquals(List.of("t"), second.held());
    assertEquals(first.hello.getSessionIndex(), second.hello.getSessionIndex());
    second.message(MessageCase.ACCEPT, 0);
    assertEquals(List.of("t"), second.accepted());
    second.until(s -> s.limits.getOrDefault("a", 0L) == 1);
    slow.complete(9);
    assertEquals("9", second.outcome(0).getOutput());
    assertEquals(1, begun.get());
  }

  @Test
  @DisplayName("an outcome without an ack is sent again on the next session")
  void resend() throws Exception {
    worker("a", 1, (input, context) -> 7).start().join();
    FakeSession first = server.session(0);
    first.isAcking = false;
    first.tasks("a", "t");
    first.outcome(0);
    first.endWith(Status.UNAVAILABLE);
    FakeSession second = server.session(1);
    assertEquals(List.of("t"), second.held());
    assertEquals("7", second.outcome(0).getOutput());
    second.until(s -> s.limits.getOrDefault("a", 0L) == 1);
  }

  @Test
  @DisplayName("RETRY sends the outcome again, and its slot stays taken until a final ack")
  void retry() throws Exception {
    worker("a", 1, (input, context) -> 7).start().join();
    FakeSession session = server.session(0);
    session.isAcking = false;
    session.tasks("a", "t");
    session.outcome(0);
    session.ack("t", dev.pawl.v1.OutcomeStatus.OUTCOME_STATUS_RETRY, "");
    session.outcome(1);
    assertEquals(Map.of("a", 1L), session.limits);
    session.ack("t", dev.pawl.v1.OutcomeStatus.OUTCOME_STATUS_ALREADY_RECORDED, "");
    session.until(s -> s.limits.get("a") == 2);
  }

  @Test
  @DisplayName("duplicated and late acks change nothing")
  void duplicatedAcks() throws Exception {
    worker("a", 1, (input, context) -> 7).start().join();
    FakeSession session = server.session(0);
    session.tasks("a", "t");
    session.until(s -> s.limits.get("a") != null && s.limits.get("a") == 2);
    session.ack("t", dev.pawl.v1.OutcomeStatus.OUTCOME_STATUS_RECORDED, "");
    session.ack("u", dev.pawl.v1.OutcomeStatus.OUTCOME_STATUS_LEASE_LOST, "");
    session.tasks("a", "t2");
    session.until(s -> s.limits.get("a") == 3);
    assertEquals(2, session.outcomes.size());
  }

  @Test
  @DisplayName("credit never exceeds the slots: limit = received + free")
  void credit() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    worker("a", 2, (input, context) -> {
      release.await();
      return 1;
    }).start().join();
    FakeSession session = server.session(0);
    session.until(s -> s.limits.getOrDefault("a", 0L) == 2);
    session.tasks("a", "t0", "t1");
    session.until(s -> s.accepted().size() == 2);
    assertEquals(2, session.limits.get("a"));
    release.countDown();
    session.until(s -> s.limits.get("a") == 4);
    for (var message : session.messages(MessageCase.DEMAND))
      assertTrue(message.getDemand().getLimitsOrThrow("a") <= 4);
  }

  @Test
  @DisplayName("the verdict LEASE_LOST aborts the handler, and its result is not sent")
  void leaseLost() throws Exception {
    List<TaskCancelReason> reasons = new CopyOnWriteArrayList<>();
    worker("a", 1, (input, context) -> {
      try {
        Thread.sleep(60_000);
      } finally {
        reasons.add(context.cancellation().reason());
      }
      return 1;
    }).start().join();
    FakeSession first = server.session(0);
    first.tasks("a", "t");
    first.message(MessageCase.ACCEPT, 0);
    server.welcome = (hello, s) -> Welcome.newBuilder().addHeld(held("t", TaskTokenState.TASK_TOKEN_STATE_LEASE_LOST));
    first.endWith(Status.UNAVAILABLE);
    FakeSession second = server.session(1);
    second.until(s -> s.limits.getOrDefault("a", 0L) == 1);
    assertEquals(List.of(TaskCancelReason.LEASE_LOST), reasons);
    assertEquals(List.of(), second.outcomes);
  }

  @Test
  @DisplayName("a server that crashes and comes back finds the worker again")
  void crash() throws Exception {
    worker("a", 1, (input, context) -> 1).start().join();
    server.session(0);
    server.crash();
    Thread.sleep(300);
    server.listen();
    FakeSession again = server.session(1);
    again.tasks("a", "t");
    assertTrue(again.outcome(0).hasOutput());
  }

  @Test
  @DisplayName("a worker that starts before its server waits for it")
  void lateServer() throws Exception {
    server.crash();
    CompletableFuture<Void> started = worker("a", 1, (input, context) -> 1).start();
    Thread.sleep(200);
    server.listen();
    started.join();
    assertEquals(1, server.sessionCount());
  }

  @Test
  @DisplayName("a first session that is refused for good fails start")
  void refused() {
    server.welcome = (hello, session) -> {
      session.endWith(Status.INVALID_ARGUMENT.withDescription("resource is empty"));
      return null;
    };
    CompletableFuture<Void> started = worker("a", 1, (input, context) -> 1).start();
    PawlError error = (PawlError) assertThrows(CompletionException.class, started::join).getCause();
    assertEquals(Status.Code.INVALID_ARGUMENT, error.code());
    assertEquals("resource is empty", error.getMessage());
  }

  @Test
  @DisplayName("close drains: no outcome is lost, what still arrives goes back, and the stream is half-closed last")
  void closeDrains() throws Exception {
    CompletableFuture<Integer> slow = new CompletableFuture<>();
    worker("a", 10, (input, context) -> slow).start().join();
    FakeSession session = server.session(0);
    session.isAcking = false;
    session.tasks("a", "t0");
    session.message(MessageCase.ACCEPT, 0);
    CompletableFuture<Void> closed = CompletableFuture.runAsync(() -> worker.close(java.time.Duration.ofSeconds(20)));
    session.message(MessageCase.DRAIN, 0);
    session.tasks("a", "t1");
    session.send(WorkResponse.newBuilder().setDrainAck(DrainAck.newBuilder().setTasksSent(2)));
    session.until(s -> s.released().equals(List.of("t1")));
    slow.complete(5);
    assertEquals("5", session.outcome(0).getOutput());
    assertFalse(session.isEnded);
    session.ack("t0", dev.pawl.v1.OutcomeStatus.OUTCOME_STATUS_RECORDED, "");
    session.until(s -> s.isEnded);
    closed.join();
  }

  @Test
  @DisplayName("when the grace is over a handler is interrupted and its task handed back")
  void graceIsOver() throws Exception {
    List<TaskCancelReason> reasons = new CopyOnWriteArrayList<>();
    worker("a", 2, (input, context) -> {
      if (context.taskId().equals("task-deaf")) return new CompletableFuture<>();
      try {
        Thread.sleep(60_000);
      } finally {
        reasons.add(context.cancellation().reason());
      }
      return 1;
    }).start().join();
    FakeSession session = server.session(0);
    session.tasks("a", "polite", "deaf");
    session.until(s -> s.accepted().size() == 2);
    CompletableFuture<Void> closed = CompletableFuture.runAsync(() -> worker.close(java.time.Duration.ofMillis(100)));
    session.message(MessageCase.DRAIN, 0);
    session.send(WorkResponse.newBuilder().setDrainAck(DrainAck.newBuilder().setTasksSent(2)));
    closed.join();
    session.until(s -> s.isEnded);
    assertEquals(List.of("polite", "deaf"), session.released());
    assertEquals(List.of(), session.outcomes);
    assertEquals(List.of(TaskCancelReason.WORKER_CLOSED), reasons);
  }

  @Test
  @DisplayName("a server that drains is left only after the new session stands, and credit is not promised to both")
  void makeBeforeBreak() throws Exception {
    CompletableFuture<Integer> slow = new CompletableFuture<>();
    worker("a", 2, (input, context) -> slow).start().join();
    FakeSession old = server.session(0);
    old.until(s -> s.limits.getOrDefault("a", 0L) == 2);
    old.tasks("a", "t0");
    old.message(MessageCase.ACCEPT, 0);
    old.send(WorkResponse.newBuilder().setServerDrain(
        ServerDrain.newBuilder().setReason("deploy").setReconnectAfter(Duration.newBuilder().setNanos(10_000_000))));
    FakeSession fresh = server.session(1);
    assertEquals(List.of("t0"), fresh.held());
    assertNotEquals(old.hello.getSessionIndex(), fresh.hello.getSessionIndex());
    old.message(MessageCase.DRAIN, 0);
    old.tasks("a", "late");
    old.until(s -> s.accepted().contains("late"));
    old.send(WorkResponse.newBuilder().setDrainAck(DrainAck.newBuilder().setTasksSent(2)));
    slow.complete(3);
    assertEquals(bytes("t0"), fresh.outcome(0).getTaskToken());
    assertEquals(bytes("late"), old.outcome(0).getTaskToken());
    old.until(s -> s.isEnded);
    fresh.until(s -> s.limits.getOrDefault("a", 0L) == 2);
    assertNull(fresh.messages(MessageCase.DEMAND).stream()
        .filter(message -> message.getDemand().getLimitsOrThrow("a") > 2).findFirst().orElse(null));
  }

  @Test
  @DisplayName("pings come at the server's interval with what runs, and a silent server is given up")
  void silentServer() throws Exception {
    CompletableFuture<Integer> slow = new CompletableFuture<>();
    server.welcome = (hello, session) -> Welcome.newBuilder()
        .setPingInterval(Duration.newBuilder().setNanos(40_000_000))
        .setSessionTimeout(Duration.newBuilder().setNanos(300_000_000));
    worker("a", 1, (input, context) -> slow).start().join();
    FakeSession session = server.session(0);
    session.tasks("a", "t");
    assertEquals(Map.of("a", 1), session.message(MessageCase.PING, 2).getPing().getRunningMap());
    assertEquals(List.of("t"), server.session(1).held());
    slow.complete(1);
  }

  @Test
  @DisplayName("a Pong that counts otherwise than the worker sets its credit right")
  void pong() throws Exception {
    worker("a", 2, (input, context) -> 1).start().join();
    FakeSession session = server.session(0);
    session.until(s -> s.limits.getOrDefault("a", 0L) == 2);
    session.send(WorkResponse.newBuilder().setPong(Pong.newBuilder().setNonce(1).putTasksSent("a", 5)));
    session.until(s -> s.limits.get("a") == 7);
  }

  @Test
  @DisplayName("an output that the server refuses becomes the task's failure")
  void invalidOutput() throws Exception {
    worker("a", 1, (input, context) -> JsonText.of("no json")).start().join();
    FakeSession session = server.session(0);
    session.isAcking = false;
    session.tasks("a", "t");
    session.outcome(0);
    session.ack("t", dev.pawl.v1.OutcomeStatus.OUTCOME_STATUS_INVALID, "OUTPUT_NOT_JSON");
    TaskOutcome instead = session.outcome(1);
    assertEquals("Worker.InvalidOutput", instead.getFailure().getError().getError());
    assertTrue(instead.getFailure().getNonRetryable());
  }
}
