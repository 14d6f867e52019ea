package dev.pawl;

import dev.pawl.v1.BatchOperation;
import dev.pawl.v1.ChainItems;
import dev.pawl.v1.DeleteItems;
import dev.pawl.v1.InlineItems;
import dev.pawl.v1.RedriveExecutionRequest;
import dev.pawl.v1.StartItems;
import dev.pawl.v1.StopExecutionRequest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a batch does, how, and to what.
 *
 * <pre>{@code BatchInput.start("orders", orders).namePrefix("nightly-7").maxConcurrency(200)}</pre>
 */
public final class BatchInput {
  final @Nullable Iterable<?> inputs;
  private final dev.pawl.v1.Batch.Builder batch = dev.pawl.v1.Batch.newBuilder();
  private final StartItems.@Nullable Builder start;
  private @Nullable List<String> executions;
  private @Nullable ExecutionFilter filter;

  private BatchInput(StartItems.@Nullable Builder start, @Nullable Iterable<?> inputs) {
    this.start = start;
    this.inputs = inputs;
  }

  /**
   * One execution of this state machine for each input.
   *
   * @param stateMachine bare name, {@code name:version}, {@code name:alias} or ARN
   * @param inputs values that JSON can hold, read as they are sent
   */
  public static BatchInput start(String stateMachine, Iterable<?> inputs) {
    return new BatchInput(StartItems.newBuilder().setStateMachine(stateMachine), inputs);
  }

  /** As {@link #start}, but its inputs come by {@link Client#addBatchItems}; until then it is LOADING. */
  public static BatchInput loading(String stateMachine) {
    return new BatchInput(StartItems.newBuilder().setStateMachine(stateMachine), null);
  }

  /**
   * Chains one execution of this state machine from each of these, by id, ARN or {@code machine/name}.
   *
   * @param source how; made without an execution, which is the item's
   */
  public static BatchInput chain(String stateMachine, ChainSource source, List<String> executions) {
    return new BatchInput(null, null).operation(chainOf(stateMachine, source)).of(executions);
  }

  /** As {@link #chain(String, ChainSource, List)}, from the executions that the filter finds. */
  public static BatchInput chain(String stateMachine, ChainSource source, ExecutionFilter filter) {
    return new BatchInput(null, null).operation(chainOf(stateMachine, source)).of(filter);
  }

  /** Deletes closed executions by id, ARN or {@code machine/name}. */
  public static BatchInput delete(List<String> executions) {
    return new BatchInput(null, null).operation(delete()).of(executions);
  }

  /** Deletes the closed executions that the filter finds when the batch is created. */
  public static BatchInput delete(ExecutionFilter filter) {
    return new BatchInput(null, null).operation(delete()).of(filter);
  }

  /** Stops executions by id, ARN or {@code machine/name}. */
  public static BatchInput stop(ErrorValue error, List<String> executions) {
    return new BatchInput(null, null).operation(stopOf(error)).of(executions);
  }

  /** Stops the executions that the filter finds when the batch is created. */
  public static BatchInput stop(ErrorValue error, ExecutionFilter filter) {
    return new BatchInput(null, null).operation(stopOf(error)).of(filter);
  }

  /** Redrives executions by id, ARN or {@code machine/name}; an item is done when its execution goes on. */
  public static BatchInput redrive(List<String> executions) {
    return new BatchInput(null, null).operation(redrive()).of(executions);
  }

  /** Redrives the executions that the filter finds when the batch is created. */
  public static BatchInput redrive(ExecutionFilter filter) {
    return new BatchInput(null, null).operation(redrive()).of(filter);
  }

  /** Executions are named {@code <namePrefix>-<index>}; default the batch's id. Under one prefix nothing starts twice. */
  public BatchInput namePrefix(String namePrefix) {
    if (start != null) start.setNamePrefix(namePrefix);
    return this;
  }

  /** Put on every execution that is started. */
  public BatchInput labels(Map<String, String> labels) {
    if (start != null) start.putAllLabels(labels);
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

  dev.pawl.v1.Batch message() {
    return start == null ? batch.build() : batch.setOperation(BatchOperation.newBuilder().setStart(start)).build();
  }

  /** Items that are not inputs; without any they are streamed. */
  void addItems(dev.pawl.v1.CreateBatchRequest.Builder request) {
    if (executions != null) request.setInline(InlineItems.newBuilder().addAllValues(executions));
    else if (filter != null) request.setFilter(filter.text());
    else request.setStreamed(true);
  }

  private BatchInput operation(BatchOperation operation) {
    batch.setOperation(operation);
    return this;
  }

  private BatchInput of(List<String> executions) {
    this.executions = List.copyOf(executions);
    return this;
  }

  private BatchInput of(ExecutionFilter filter) {
    this.filter = filter;
    return this;
  }

  private static BatchOperation stopOf(ErrorValue error) {
    return BatchOperation.newBuilder().setStop(StopExecutionRequest.newBuilder().setError(error.message())).build();
  }

  private static BatchOperation chainOf(String stateMachine, ChainSource source) {
    ChainItems items = ChainItems.newBuilder()
        .setStateMachine(stateMachine)
        .setSource(source.message())
        .build();
    return BatchOperation.newBuilder().setChain(items).build();
  }

  private static BatchOperation delete() {
    return BatchOperation.newBuilder().setDelete(DeleteItems.getDefaultInstance()).build();
  }

  private static BatchOperation redrive() {
    return BatchOperation.newBuilder().setRedrive(RedriveExecutionRequest.getDefaultInstance()).build();
  }
}
