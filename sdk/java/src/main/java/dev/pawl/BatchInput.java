package dev.pawl;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.v1.BatchOperation;
import dev.pawl.v1.ChainItems;
import dev.pawl.v1.CreateBatchRequest;
import dev.pawl.v1.DeleteItems;
import dev.pawl.v1.StartItems;
import dev.pawl.v1.StopExecutionRequest;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a batch does, how, and to what.
 *
 * <pre>{@code BatchInput.start("orders", orders).namePrefix("nightly-7").maxConcurrency(200)}</pre>
 */
public final class BatchInput {
  private final dev.pawl.v1.Batch.Builder batch = dev.pawl.v1.Batch.newBuilder();
  private final BatchOperation.Builder operation;
  private @Nullable RedriveExecution redrive;
  private @Nullable Iterable<?> inputs;
  private @Nullable List<String> executions;
  private @Nullable ExecutionFilter filter;

  private BatchInput(BatchOperation.Builder operation) {
    this.operation = operation;
  }

  /**
   * One execution of this state machine for each input.
   *
   * @param stateMachine bare name, {@code name:version}, {@code name:alias} or ARN
   * @param inputs values that JSON can hold, read as they are sent
   */
  public static BatchInput start(String stateMachine, Iterable<?> inputs) {
    BatchInput input = loading(stateMachine);
    input.inputs = inputs;
    return input;
  }

  /** As {@link #start}, but its inputs come by {@link Client#addBatchItems}; until then it is LOADING. */
  public static BatchInput loading(String stateMachine) {
    return new BatchInput(
        BatchOperation.newBuilder().setStart(StartItems.newBuilder().setStateMachine(stateMachine)));
  }

  /**
   * Chains one execution of this state machine from each of these, by id, ARN or {@code machine/name}.
   *
   * @param source how; made without an execution, which is the item's
   */
  public static BatchInput chain(String stateMachine, ChainSource source, List<String> executions) {
    return chainOf(stateMachine, source).of(executions);
  }

  /** As {@link #chain(String, ChainSource, List)}, from the executions that the filter finds. */
  public static BatchInput chain(String stateMachine, ChainSource source, ExecutionFilter filter) {
    return chainOf(stateMachine, source).of(filter);
  }

  /** Deletes closed executions by id, ARN or {@code machine/name}. */
  public static BatchInput delete(List<String> executions) {
    return delete().of(executions);
  }

  /** Deletes the closed executions that the filter finds when the batch is created. */
  public static BatchInput delete(ExecutionFilter filter) {
    return delete().of(filter);
  }

  /** Stops executions by id, ARN or {@code machine/name}. */
  public static BatchInput stop(ErrorValue error, List<String> executions) {
    return stopOf(error).of(executions);
  }

  /** Stops the executions that the filter finds when the batch is created. */
  public static BatchInput stop(ErrorValue error, ExecutionFilter filter) {
    return stopOf(error).of(filter);
  }

  /** Redrives executions by id, ARN or {@code machine/name}; an item is done when its execution goes on. */
  public static BatchInput redrive(List<String> executions) {
    return redrive(new RedriveExecution(), executions);
  }

  /** As {@link #redrive(List)}, but not as they were. */
  public static BatchInput redrive(RedriveExecution redrive, List<String> executions) {
    return redriveOf(redrive).of(executions);
  }

  /** Redrives the executions that the filter finds when the batch is created. */
  public static BatchInput redrive(ExecutionFilter filter) {
    return redrive(new RedriveExecution(), filter);
  }

  /** As {@link #redrive(ExecutionFilter)}, but not as they were. */
  public static BatchInput redrive(RedriveExecution redrive, ExecutionFilter filter) {
    return redriveOf(redrive).of(filter);
  }

  /**
   * Executions are named {@code <namePrefix>-<index>}; default the batch's id. Under one prefix nothing starts twice.
   *
   * @throws IllegalStateException unless it starts or chains executions
   */
  public BatchInput namePrefix(String namePrefix) {
    if (operation.hasChain()) operation.getChainBuilder().setNamePrefix(namePrefix);
    else startOf("a name prefix").setNamePrefix(namePrefix);
    return this;
  }

  /**
   * Put on every execution that is started.
   *
   * @throws IllegalStateException unless it starts executions from inputs
   */
  public BatchInput labels(Map<String, String> labels) {
    startOf("labels").putAllLabels(labels);
    return this;
  }

  /** Unique among open batches; default its id. */
  public BatchInput name(String name) {
    batch.setName(name);
    return this;
  }

  /** Most items under way at a time; default 100. */
  public BatchInput maxConcurrency(int maxConcurrency) {
    batch.setMaxConcurrency(maxConcurrency);
    return this;
  }

  /** Items that the failure policy judges together; default 1,000. */
  public BatchInput microBatchSize(int microBatchSize) {
    batch.setMicroBatchSize(microBatchSize);
    return this;
  }

  /** The first item that fails ends the batch. What has begun goes on to its end. */
  public BatchInput stopOnError() {
    batch.setStopOnError(true);
    return this;
  }

  /** When to pause, and when to fail; default never. */
  public BatchInput failurePolicy(FailurePolicy failurePolicy) {
    batch.setFailurePolicy(failurePolicy.message());
    return this;
  }

  /** The request under an id of its own, its items from the filter or streamed. */
  CreateBatchRequest.Builder request(ObjectMapper mapper) {
    if (redrive != null) operation.setRedrive(redrive.message(mapper));
    CreateBatchRequest.Builder request = CreateBatchRequest.newBuilder()
        .setBatch(batch.setOperation(operation))
        .setRequestId(UUID.randomUUID().toString());
    return filter == null ? request.setStreamed(true) : request.setFilter(filter.text());
  }

  /** The items as they are sent; null: a filter finds them, or they come later. */
  @Nullable Iterator<String> items(ObjectMapper mapper) {
    if (executions != null) return executions.iterator();
    return inputs == null ? null : Json.texts(mapper, inputs);
  }

  private BatchInput of(List<String> executions) {
    this.executions = List.copyOf(executions);
    return this;
  }

  private BatchInput of(ExecutionFilter filter) {
    this.filter = filter;
    return this;
  }

  private StartItems.Builder startOf(String what) {
    if (!operation.hasStart()) throw new IllegalStateException("only a batch of starts has " + what);
    return operation.getStartBuilder();
  }

  private static BatchInput stopOf(ErrorValue error) {
    return new BatchInput(
        BatchOperation.newBuilder().setStop(StopExecutionRequest.newBuilder().setError(error.message())));
  }

  private static BatchInput chainOf(String stateMachine, ChainSource source) {
    ChainItems items = ChainItems.newBuilder().setStateMachine(stateMachine).setSource(source.message()).build();
    return new BatchInput(BatchOperation.newBuilder().setChain(items));
  }

  private static BatchInput delete() {
    return new BatchInput(BatchOperation.newBuilder().setDelete(DeleteItems.getDefaultInstance()));
  }

  private static BatchInput redriveOf(RedriveExecution redrive) {
    BatchInput input = new BatchInput(BatchOperation.newBuilder());
    input.redrive = redrive;
    return input;
  }
}
