package dev.pawl;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JavaType;
import com.google.protobuf.ByteString;
import dev.pawl.SlotPool.Registration;
import dev.pawl.v1.GetTaskInputRequest;
import dev.pawl.v1.Hello;
import dev.pawl.v1.RuntimeInfo;
import dev.pawl.v1.WorkerServiceGrpc;
import io.grpc.Status;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Works on tasks over one stream to a server.
 *
 * <pre>{@code
 * try (Worker worker = Worker.connect("localhost:7300")) {
 *   worker.task("payments:charge", Order.class, (order, context) -> Map.of("charged", order.amount()));
 *   worker.run();
 * }
 * }</pre>
 *
 * <p>Each attempt's outcome is sent until the server has recorded or finally refused it, over as many connections as
 * that takes. A task may still run more than once (a worker dies, a lease is lost): act once by
 * {@link TaskContext#idempotencyKey}.
 *
 * <p>Handlers may block: each runs on a thread of its own, a virtual one where the JVM has them. A handler that is to
 * stop is interrupted, and told by {@link TaskContext#cancellation}.
 */
public final class Worker implements AutoCloseable {
  private static final Duration GRACE = Duration.ofSeconds(30);

  private final Builder options;
  private final String workerId = UUID.randomUUID().toString();
  private final Connection connection;
  private final EventLoop loop = new EventLoop("pawl-worker");
  private final Map<String, SlotPool> pools = new LinkedHashMap<>();
  private final @Nullable ExecutorService ownThreads;
  private final TaskRuns runs;
  private final SessionLink link;
  private final CountDownLatch closed = new CountDownLatch(1);
  private boolean isStarted;
  private boolean isClosing;

  private Worker(Builder options) {
    this.options = options;
    this.connection = options.connect();
    this.ownThreads = options.executor == null ? HandlerThreads.create() : null;
    Executor executor = options.executor == null ? ownThreads : options.executor;
    this.runs = new TaskRuns(loop, options, pools, executor, this::fetchInput);
    this.link = new SessionLink(connection, loop, options.log, runs, pools.values(), this::hello);
  }

  /** A worker with the defaults, for servers at these addresses. */
  public static Worker connect(String... addresses) {
    return builder().address(addresses).build();
  }

  /** A worker of your making. */
  public static Builder builder() {
    return new Builder();
  }

  /** Registers the handler of a resource with the default options, before {@link #start}. */
  public <I> Worker task(String resource, Class<I> input, TaskHandler<? super I> handler) {
    return task(resource, input, new TaskOptions(), handler);
  }

  /**
   * Registers the handler of a resource, before {@link #start}.
   *
   * @param resource a name, an ARN, or a prefix with {@code *} ({@code payments:*})
   * @param input what the task's input is read as; {@link JsonText} for the text itself
   * @throws IllegalArgumentException for a resource that is registered already
   */
  public <I> Worker task(String resource, Class<I> input, TaskOptions options, TaskHandler<? super I> handler) {
    return register(resource, this.options.mapper.constructType(input), options, handler);
  }

  /** As {@link #task(String, Class, TaskHandler)}, for generic types. */
  public <I> Worker task(String resource, TypeReference<I> input, TaskHandler<? super I> handler) {
    return task(resource, input, new TaskOptions(), handler);
  }

  /** As {@link #task(String, Class, TaskOptions, TaskHandler)}, for generic types. */
  public <I> Worker task(String resource, TypeReference<I> input, TaskOptions options, TaskHandler<? super I> handler) {
    return register(resource, this.options.mapper.constructType(input), options, handler);
  }

  /**
   * Connects in the background, and keeps connecting for ever.
   *
   * @return completes once a server has welcomed the worker, fails when one has refused it for good
   * @throws IllegalStateException for a worker without tasks
   */
  public synchronized CompletableFuture<Void> start() {
    if (pools.isEmpty()) throw new IllegalStateException("the worker has no tasks");
    if (isStarted || isClosing) return link.connected.copy();
    isStarted = true;
    Thread thread = new Thread(link::run, "pawl-worker-link");
    thread.setDaemon(true);
    thread.start();
    return link.connected.copy();
  }

  /**
   * Starts, and works until {@link #close} is called or the process is told to end (SIGTERM, SIGINT), which drains the
   * worker.
   *
   * @throws PawlError when a server has refused the worker for good; CANCELLED when this thread is interrupted
   */
  public void run() {
    run(GRACE);
  }

  /** As {@link #run()}, with a grace of its own for the end of the process. */
  public void run(Duration grace) {
    Thread hook = new Thread(() -> close(grace), "pawl-worker-shutdown");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      awaitStart();
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PawlError.cancelled("the calling thread was interrupted");
    } finally {
      removeHook(hook);
    }
  }

  /** {@link #close(Duration)} with a grace of 30 s. */
  @Override
  public void close() {
    close(GRACE);
  }

  /**
   * Takes no more tasks, lets running handlers finish, and returns once every outcome is acknowledged.
   *
   * <p>After the grace handlers are interrupted ({@code WORKER_CLOSED}) and their tasks handed back, attempt not
   * counted.
   */
  public void close(Duration grace) {
    boolean isFirst;
    synchronized (this) {
      isFirst = !isClosing;
      isClosing = true;
    }
    if (isFirst) {
      CompletableFuture.supplyAsync(() -> closeAll(grace), loop)
          .thenCompose(done -> done)
          .whenComplete((done, error) -> shutDown());
    }
    awaitClosed();
  }

  /** An interrupt does not shorten the end: outcomes would be lost. */
  private void awaitClosed() {
    boolean isInterrupted = false;
    while (closed.getCount() > 0) {
      try {
        closed.await();
      } catch (InterruptedException e) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) Thread.currentThread().interrupt();
  }

  /** On the loop. */
  private CompletableFuture<Void> closeAll(Duration grace) {
    long graceEndsAt = System.nanoTime() + grace.toNanos();
    runs.refuse();
    return link.drain(grace)
        .thenComposeAsync(drained -> runs.idleWithin((graceEndsAt - System.nanoTime()) / 1_000_000, null), loop)
        .thenComposeAsync(isIdle -> {
          if (isIdle) return CompletableFuture.completedFuture(true);
          runs.cancelAll(TaskCancelReason.WORKER_CLOSED);
          return runs.idleWithin(1_000, null);
        }, loop)
        .thenComposeAsync(isIdle -> {
          runs.releaseAll();
          return link.close();
        }, loop);
  }

  private void shutDown() {
    if (ownThreads != null) ownThreads.shutdownNow();
    connection.close();
    loop.close();
    closed.countDown();
  }

  private void awaitStart() {
    try {
      UnaryCall.await(start());
    } catch (PawlError error) {
      synchronized (this) {
        if (!isClosing || Thread.currentThread().isInterrupted()) throw error;
      }
    }
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the process is ending: the hook is at work
    }
  }

  @SuppressWarnings("unchecked") // Jackson makes the input what the handler takes
  private synchronized Worker register(String resource, JavaType input, TaskOptions options, TaskHandler<?> handler) {
    if (isStarted) throw new IllegalStateException("task " + resource + " comes after the worker's start");
    if (resource.isEmpty()) throw new IllegalArgumentException("a task's resource is empty");
    for (SlotPool pool : pools.values()) {
      if (pool.resources().contains(resource))
        throw new IllegalArgumentException("task " + resource + " is registered twice");
    }
    String name = options.pool == null ? resource : options.pool;
    pools.computeIfAbsent(name, key -> new SlotPool(key, slots(options)))
        .registrations.add(new Registration(resource, input, (TaskHandler<Object>) handler, options.autoHeartbeat));
    return this;
  }

  private int slots(TaskOptions task) {
    Integer shared = task.pool == null ? null : options.pools.get(task.pool);
    if (shared != null) return shared;
    return task.concurrency != 0 ? task.concurrency : options.concurrency;
  }

  private String fetchInput(ByteString taskToken) {
    GetTaskInputRequest request = GetTaskInputRequest.newBuilder().setTaskToken(taskToken).build();
    Duration timeout = Duration.ofSeconds(30);
    return UnaryCall.await(
            UnaryCall.start(connection, WorkerServiceGrpc.getGetTaskInputMethod(), request, timeout))
        .getInput();
  }

  private Hello hello(int sessionIndex, Iterable<ByteString> held) {
    Hello.Builder hello = Hello.newBuilder()
        .setProtocolVersion(1)
        .setWorkerId(workerId)
        .setSessionIndex(sessionIndex)
        .setIdentity(options.identity == null ? ProcessHandle.current().pid() + "@" + hostName() : options.identity)
        .setBuildId(options.buildId)
        .putAllLabels(options.labels)
        .setRuntime(RuntimeInfo.newBuilder()
            .setSdkName(Sdk.NAME)
            .setSdkVersion(Sdk.VERSION)
            .setLanguage("java")
            .setLanguageVersion(System.getProperty("java.version", ""))
            .setOs(System.getProperty("os.name", "").toLowerCase(java.util.Locale.ROOT)))
        .addAllHeldTaskTokens(held)
        .setMaxInlineInputBytes(options.maxInlineInputBytes);
    for (SlotPool pool : pools.values()) {
      hello.addPools(dev.pawl.v1.SlotPool.newBuilder()
          .setName(pool.name)
          .addAllResources(pool.resources())
          .setSlots(pool.concurrency));
    }
    return hello.build();
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  /** Where a worker connects, and what it tells about itself. */
  public static final class Builder extends ConnectionBuilder<Builder> {
    private @Nullable String identity;
    private String buildId = "";
    private Map<String, String> labels = Map.of();
    private final Map<String, Integer> pools = new HashMap<>();
    private int concurrency = 100;
    private int maxInlineInputBytes = 64 * 1024;
    private @Nullable Executor executor;
    System.Logger log = System.getLogger("dev.pawl");
    Consumer<ReportedOutcome> onOutcome = outcome -> {};

    private Builder() {}

    /** For humans; default {@code pid@host}. */
    public Builder identity(String identity) {
      this.identity = identity;
      return this;
    }

    /** Version of the worker's code, shown beside it. */
    public Builder buildId(String buildId) {
      this.buildId = buildId;
      return this;
    }

    /** Shown beside the worker. */
    public Builder labels(Map<String, String> labels) {
      this.labels = Map.copyOf(labels);
      return this;
    }

    /** Slots of a pool that tasks share by {@link TaskOptions#pool}. */
    public Builder pool(String name, int slots) {
      pools.put(name, slots);
      return this;
    }

    /** Most at one time of each task that says nothing else; default 100. */
    public Builder concurrency(int concurrency) {
      this.concurrency = concurrency;
      return this;
    }

    /** Inputs over this size are fetched by a call of their own instead of coming on the stream; default 64 KiB. */
    public Builder maxInlineInputBytes(int maxInlineInputBytes) {
      this.maxInlineInputBytes = maxInlineInputBytes;
      return this;
    }

    /** Runs the handlers, each for as long as it takes; default threads of the worker's own. Never shut down. */
    public Builder executor(Executor executor) {
      this.executor = executor;
      return this;
    }

    /** Default {@code System.getLogger("dev.pawl")}. */
    public Builder log(System.Logger log) {
      this.log = log;
      return this;
    }

    /**
     * Told of the server's answer to each outcome: for metrics, and for tests that compare what was acknowledged. Must
     * not block: it runs on the worker's own thread.
     */
    public Builder onOutcome(Consumer<ReportedOutcome> onOutcome) {
      this.onOutcome = onOutcome;
      return this;
    }

    /** The worker, not yet connected. */
    public Worker build() {
      return new Worker(this);
    }

    @Override
    Builder self() {
      return this;
    }
  }
}
