package dev.pawl;

/**
 * Where the input of a chained execution comes from: another execution's output. That must have SUCCEEDED; where a
 * state is named, closed is enough.
 */
public final class ChainSource {
  private final dev.pawl.v1.ChainSource.Builder message = dev.pawl.v1.ChainSource.newBuilder();

  /** @param execution id, ARN or {@code stateMachine/name} */
  public ChainSource(String execution) {
    message.setExecution(execution);
  }

  /** The source of a batch's items, which name their executions themselves: {@link BatchInput#chain}. */
  public ChainSource() {}

  /** The state whose last output is taken; default the execution's output. */
  public ChainSource state(String state) {
    message.setState(state);
    return this;
  }

  /** Makes the input of the output: an expression over {@code $states.input}, which the server evaluates. */
  public ChainSource jsonata(String expression) {
    message.setJsonata(expression);
    return this;
  }

  /** Makes the input of the output: a task of this resource, which workers serve. */
  public ChainSource resource(String resource) {
    message.setResource(resource);
    return this;
  }

  /** While the source runs, waits until it closes. The start is durable at once. */
  public ChainSource waitForSource() {
    message.setWaitForSource(true);
    return this;
  }

  /** At most one target for this source, state, transformer and target machine: the first one is found again. */
  public ChainSource unique() {
    message.setUnique(true);
    return this;
  }

  dev.pawl.v1.ChainSource message() {
    return message.build();
  }
}
