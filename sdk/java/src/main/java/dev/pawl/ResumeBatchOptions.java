package dev.pawl;

import dev.pawl.v1.ResumeBatchRequest;

/** How a batch goes on, where not as before. */
public final class ResumeBatchOptions {
  private final ResumeBatchRequest.Builder request = ResumeBatchRequest.newBuilder();

  /** When to pause, and when to fail, from now on. */
  public ResumeBatchOptions failurePolicy(FailurePolicy failurePolicy) {
    request.setFailurePolicy(failurePolicy.message());
    return this;
  }

  /** The failures so far no longer count for the failure policy. */
  public ResumeBatchOptions resetWindow() {
    request.setResetWindow(true);
    return this;
  }

  ResumeBatchRequest message(String batch, OperatorAction action) {
    return request.setBatch(batch).setOperator(action.operator()).setReason(action.reason()).build();
  }
}
