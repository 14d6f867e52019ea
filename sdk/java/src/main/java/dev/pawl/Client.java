package dev.pawl;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.v1.ExecutionServiceGrpc;
import dev.pawl.v1.GetExecutionRequest;
import dev.pawl.v1.GetServerInfoRequest;
import dev.pawl.v1.ListExecutionEventsResponse;
import dev.pawl.v1.ListExecutionsRequest;
import dev.pawl.v1.ListExecutionsResponse;
import dev.pawl.v1.ListMessageWaitsRequest;
import dev.pawl.v1.ListMessageWaitsResponse;
import dev.pawl.v1.ListWorkersRequest;
import dev.pawl.v1.ListWorkersResponse;
import dev.pawl.v1.PauseExecutionRequest;
import dev.pawl.v1.ResumeExecutionRequest;
import dev.pawl.v1.SendMessageResponse;
import dev.pawl.v1.StopExecutionRequest;
import dev.pawl.v1.SystemServiceGrpc;
import dev.pawl.v1.TaskQueueServiceGrpc;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Starts, watches and manages executions.
 *
 * <pre>{@code
 * try (Client client = Client.connect("localhost:7300")) {
 *   Execution execution = client.runExecution(new StartExecution("orders").input(order));
 *   System.out.println(execution.status() + " " + execution.outputText());
 * }
 * }</pre>
 *
 * <p>Calls block; an interrupt of the calling thread gives them up (CANCELLED). Each has a deadline of 30 s, retries
 * included ({@link #withTimeout}). A call is tried again after UNAVAILABLE, with growing, jittered delays, and after any
 * refusal that names a time, after that time. That is safe for every method: writes carry a name or a request id.
 */
public final class Client extends BatchClient implements AutoCloseable {
  private final EventLoop loop;
  private final Set<Starter> starters;

  private Client(
      Connection connection, ObjectMapper mapper, Duration timeout, EventLoop loop, Set<Starter> starters) {
    super(connection, mapper, timeout);
    this.loop = loop;
    this.starters = starters;
  }

  /** A client with the defaults, for servers at these addresses. */
  public static Client connect(String... addresses) {
    return builder().address(addresses).build();
  }

  /** A client of your making. */
  public static Builder builder() {
    return new Builder();
  }

  /** This client, over the same connections, with another deadline of each call. */
  public Client withTimeout(Duration timeout) {
    return new Client(connection, mapper, timeout, loop, starters);
  }

  // ---- executions

  /** Starts an execution; once it returns the start is durable. Repeats itself safely. */
  public StartedExecution startExecution(StartExecution start) {
    return UnaryCall.await(startExecutionAsync(start));
  }

  /** As {@link #startExecution}, without blocking. */
  public CompletableFuture<StartedExecution> startExecutionAsync(StartExecution start) {
    return callAsync(ExecutionServiceGrpc.getStartExecutionMethod(), start.message(mapper)).thenApply(
        response -> new StartedExecution(Execution.of(response.getExecution(), mapper), response.getCreated()));
  }

  /**
   * Starts an execution and waits until it has closed, however long that takes and however often the connection breaks.
   * Returns a FAILED one too: look at the status. For many of them at once see {@link #starter}.
   */
  public Execution runExecution(StartExecution start) {
    return waitForExecution(startExecution(start).execution().id());
  }

  /**
   * As {@link #runExecution(StartExecution)}, but not for ever: the time bounds the wait, not the execution.
   *
   * @throws PawlError DEADLINE_EXCEEDED when the execution is still open then
   */
  public Execution runExecution(StartExecution start, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    String id = withTimeout(timeout).startExecution(start).execution().id();
    return waitForExecution(id, Duration.ofNanos(deadline - System.nanoTime()));
  }

  /** Waits until an execution has closed; its output is included. */
  public Execution waitForExecution(String execution) {
    try (Watch<ExecutionUpdate> watch = watchEnd(execution)) {
      return endOf(execution, watch);
    }
  }

  /**
   * As {@link #waitForExecution(String)}, but not for ever.
   *
   * @throws PawlError DEADLINE_EXCEEDED when the execution is still open then
   */
  public Execution waitForExecution(String execution, Duration timeout) {
    AtomicBoolean isLate = new AtomicBoolean();
    try (Watch<ExecutionUpdate> watch = watchEnd(execution)) {
      EventLoop.Timer timer = loop.schedule(timeout.toMillis(), () -> {
        isLate.set(true);
        watch.close();
      });
      try {
        return endOf(execution, watch);
      } finally {
        timer.cancel();
      }
    } catch (PawlError error) {
      if (!isLate.get()) throw error;
      String message = "execution " + execution + " has not closed within " + timeout.toMillis() + " ms";
      throw new PawlError(Status.Code.DEADLINE_EXCEEDED, message);
    }
  }

  private Watch<ExecutionUpdate> watchEnd(String execution) {
    return watchExecution(execution, new WatchOptions().payloads(PayloadView.FULL).snapshotsOnly());
  }

  private Execution endOf(String execution, Watch<ExecutionUpdate> watch) {
    for (ExecutionUpdate update : watch) {
      if (update instanceof ExecutionUpdate.Snapshot snapshot && snapshot.isTerminal()) return snapshot.execution();
    }
    return getExecution(execution);
  }

  /** A snapshot, then each event once and in order until the execution has closed; resumes by itself. */
  public Watch<ExecutionUpdate> watchExecution(String execution) {
    return watchExecution(execution, new WatchOptions());
  }

  /** As {@link #watchExecution(String)}; with {@code afterEventId(1)} it begins with the history. */
  public Watch<ExecutionUpdate> watchExecution(String execution, WatchOptions options) {
    return ExecutionCursor.watch(connection, execution, options, mapper);
  }

  /**
   * An execution as it is now.
   *
   * @param execution id, ARN, or {@code stateMachine/name}
   */
  public Execution getExecution(String execution) {
    return UnaryCall.await(getExecutionAsync(execution));
  }

  /** As {@link #getExecution}, without blocking. */
  public CompletableFuture<Execution> getExecutionAsync(String execution) {
    GetExecutionRequest request = GetExecutionRequest.newBuilder()
        .setExecution(execution)
        .setPayloadView(PayloadView.FULL.message())
        .build();
    return callAsync(ExecutionServiceGrpc.getGetExecutionMethod(), request)
        .thenApply(response -> Execution.of(response.getExecution(), mapper));
  }

  /** Newest first, without inputs and outputs. */
  public Pages<Execution> listExecutions(ExecutionFilter filter) {
    return listExecutions(filter, PayloadView.NONE);
  }

  /** Newest first. */
  public Pages<Execution> listExecutions(ExecutionFilter filter, PayloadView payloads) {
    return new Pages<>(page -> {
      ListExecutionsResponse response = call(
          ExecutionServiceGrpc.getListExecutionsMethod(),
          ListExecutionsRequest.newBuilder()
              .setPage(page.setFilter(filter.text()))
              .setPayloadView(payloads.message())
              .build());
      return pageOf(response.getExecutionsList(), message -> Execution.of(message, mapper), response.getPage());
    });
  }

  /** The history, oldest first. */
  public Pages<ExecutionEvent> listExecutionEvents(String execution) {
    return listExecutionEvents(execution, new ListEventsOptions());
  }

  /** As {@link #listExecutionEvents(String)}, or in part, or newest first. */
  public Pages<ExecutionEvent> listExecutionEvents(String execution, ListEventsOptions options) {
    return new Pages<>(page -> {
      ListExecutionEventsResponse response =
          call(ExecutionServiceGrpc.getListExecutionEventsMethod(), options.message(execution, page));
      return pageOf(response.getEventsList(), message -> ExecutionEvent.of(message, mapper), response.getPage());
    });
  }

  /**
   * Stops a running execution and cancels its tasks.
   *
   * @throws PawlError FAILED_PRECONDITION once it has closed
   */
  public Execution stopExecution(String execution) {
    return stopExecution(execution, new ErrorValue("", ""));
  }

  /** As {@link #stopExecution(String)}, with what is recorded as the reason. */
  public Execution stopExecution(String execution, ErrorValue error) {
    StopExecutionRequest request = StopExecutionRequest.newBuilder()
        .setExecution(execution)
        .setError(error.message())
        .setRequestId(UUID.randomUUID().toString())
        .build();
    return Execution.of(call(ExecutionServiceGrpc.getStopExecutionMethod(), request).getExecution(), mapper);
  }

  /**
   * Begins nothing new until it is resumed. What workers have goes on; how it ends is recorded, and what follows from it
   * waits. One that is paused stays as it is.
   *
   * @throws PawlError FAILED_PRECONDITION when it has closed
   */
  public Execution pauseExecution(String execution, OperatorAction action) {
    PauseExecutionRequest request = PauseExecutionRequest.newBuilder()
        .setExecution(execution)
        .setOperator(action.operator())
        .setReason(action.reason())
        .build();
    return Execution.of(call(ExecutionServiceGrpc.getPauseExecutionMethod(), request).getExecution(), mapper);
  }

  /**
   * Has a paused execution go on exactly where it stood; one that is not paused stays as it is.
   *
   * @throws PawlError FAILED_PRECONDITION when it has closed
   */
  public Execution resumeExecution(String execution, OperatorAction action) {
    ResumeExecutionRequest request = ResumeExecutionRequest.newBuilder()
        .setExecution(execution)
        .setOperator(action.operator())
        .setReason(action.reason())
        .build();
    return Execution.of(call(ExecutionServiceGrpc.getResumeExecutionMethod(), request).getExecution(), mapper);
  }

  /** A FAILED, TIMED_OUT or ABORTED execution goes on from where it failed, under its id and with its input. */
  public Execution redriveExecution(String execution) {
    return redriveExecution(execution, new RedriveExecution());
  }

  /**
   * As {@link #redriveExecution(String)}, but not as it was.
   *
   * @throws PawlError FAILED_PRECONDITION when it can not be redriven; {@link Execution#redriveReason} says why
   */
  public Execution redriveExecution(String execution, RedriveExecution redrive) {
    return Execution.of(
        call(ExecutionServiceGrpc.getRedriveExecutionMethod(), redrive.message(execution, mapper)).getExecution(),
        mapper);
  }

  // ---- many starts

  /** Many starts over one stream, which brings their ends, too. */
  public Starter starter() {
    return starter(new StarterOptions());
  }

  /** As {@link #starter()}. */
  public Starter starter(StarterOptions options) {
    Starter starter = new Starter(connection, loop, mapper, options, starters::remove);
    starters.add(starter);
    return starter;
  }

  /**
   * Starts whatever the source yields, over one stream, and gives each outcome as it comes, in any order. A refused start
   * is an outcome, not an exception. The source is read by the thread that reads the outcomes, no faster than it does.
   *
   * <p>With follow each {@link Started#result} completes when its execution has closed; closing the watch gives up those
   * that have not.
   */
  public Watch<StartOutcome> startExecutions(Iterable<StartExecution> starts, StarterOptions options) {
    return StartPipeline.watch(starter(options), starts, options.maxInFlight);
  }

  // ---- messages

  /** Wakes Message states that wait for this key and value. Once it returns, they have the message, or it is kept. */
  public SentMessage sendMessage(SendMessage message) {
    SendMessageResponse sent = call(ExecutionServiceGrpc.getSendMessageMethod(), message.message(mapper));
    return new SentMessage(List.copyOf(sent.getExecutionsList()), sent.getBuffered(), sent.getDuplicate());
  }

  /** Who waits for a message, longest first. */
  public Pages<MessageWait> listMessageWaits(MessageWaitFilter filter) {
    return new Pages<>(page -> {
      ListMessageWaitsResponse response = call(
          ExecutionServiceGrpc.getListMessageWaitsMethod(),
          ListMessageWaitsRequest.newBuilder().setPage(page.setFilter(filter.text(mapper))).build());
      return pageOf(response.getWaitsList(), message -> MessageWait.of(message, mapper), response.getPage());
    });
  }

  // ---- tasks, by their tokens

  /**
   * Ends a task that waits for its token ({@code $$.Task.Token}), from any process. The same again changes nothing.
   *
   * @throws PawlError FAILED_PRECONDITION when the task is over or its execution has closed
   */
  public void completeTask(String taskToken, Object output) {
    TaskCallbacks.requireRecorded(call(TaskCallbacks.REPORT, TaskCallbacks.success(taskToken, Json.text(mapper, output))));
  }

  /**
   * Fails a task under its token.
   *
   * @param error a TaskError, or whatever was thrown.
   * @throws PawlError as completeTask
   */
  public void failTask(String taskToken, Throwable error) {
    TaskCallbacks.requireRecorded(call(TaskCallbacks.REPORT, TaskCallbacks.failure(taskToken, error)));
  }

  /** Says that the work under a token goes on; for tasks with HeartbeatSeconds. */
  public void heartbeatTask(String taskToken) {
    TaskCallbacks.requireActive(call(TaskCallbacks.HEARTBEAT, TaskCallbacks.beat(taskToken, "")));
  }

  /** As {@link #heartbeatTask(String)}, with what the next attempt finds. */
  public void heartbeatTask(String taskToken, Object details) {
    TaskCallbacks.requireActive(call(TaskCallbacks.HEARTBEAT, TaskCallbacks.beat(taskToken, Json.text(mapper, details))));
  }

  // ---- workers and the server

  /** The workers' sessions, newest first. */
  public Pages<WorkerInfo> listWorkers() {
    return new Pages<>(page -> {
      ListWorkersResponse response =
          call(TaskQueueServiceGrpc.getListWorkersMethod(), ListWorkersRequest.newBuilder().setPage(page).build());
      return pageOf(response.getWorkersList(), WorkerInfo::of, response.getPage());
    });
  }

  /** Facts about the server that answers. */
  public ServerInfo getServerInfo() {
    return ServerInfo.of(
        call(SystemServiceGrpc.getGetServerInfoMethod(), GetServerInfoRequest.getDefaultInstance()));
  }

  /** Ends the connections, those of clients made by {@link #withTimeout} too; calls in flight fail with CANCELLED. */
  @Override
  public void close() {
    starters.forEach(Starter::abort);
    connection.close();
    loop.close();
  }

  /** Where a client connects, and how. */
  public static final class Builder extends ConnectionBuilder<Builder> {
    private Duration timeout = Duration.ofSeconds(30);

    private Builder() {}

    /** Default deadline of each call, retries included; 30 s. Waiting for an end has none. */
    public Builder timeout(Duration timeout) {
      this.timeout = timeout;
      return this;
    }

    /** The client; it connects when it is first used. */
    public Client build() {
      return new Client(
          connect(), mapper, timeout, new EventLoop("pawl-client"), ConcurrentHashMap.newKeySet());
    }

    @Override
    Builder self() {
      return this;
    }
  }
}
