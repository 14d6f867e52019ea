package dev.pawl;

import dev.pawl.v1.ListExecutionEventsRequest;

/** Which part of a history, and in which order. */
public final class ListEventsOptions {
  private final ListExecutionEventsRequest.Builder request =
      ListExecutionEventsRequest.newBuilder().setPayloadView(PayloadView.FULL.message());

  /** Newest first. */
  public ListEventsOptions reverse() {
    request.setReverse(true);
    return this;
  }

  /** Only those after this event. */
  public ListEventsOptions afterEventId(long afterEventId) {
    request.setAfterEventId(afterEventId);
    return this;
  }

  /** How much of the JSON documents to send; default FULL. */
  public ListEventsOptions payloads(PayloadView payloads) {
    request.setPayloadView(payloads.message());
    return this;
  }

  ListExecutionEventsRequest message(String execution, dev.pawl.v1.PageRequest.Builder page) {
    return request.clone().setExecution(execution).setPage(page).build();
  }
}
