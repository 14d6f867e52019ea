package dev.pawl;

import dev.pawl.v1.UpdateMapRunRequest;

/** Changes to a map run that goes on; what is not set stays as it is. */
public final class MapRunChange {
  private final UpdateMapRunRequest.Builder request = UpdateMapRunRequest.newBuilder();

  /** Most executions at a time; 0: no bound but the server's own. */
  public MapRunChange maxConcurrency(int maxConcurrency) {
    request.setMaxConcurrency(maxConcurrency);
    return this;
  }

  /** More failures than this fail the run. */
  public MapRunChange toleratedFailureCount(long toleratedFailureCount) {
    request.setToleratedFailureCount(toleratedFailureCount);
    return this;
  }

  /** 0 to 100; more failures than this fail the run. */
  public MapRunChange toleratedFailurePercentage(double toleratedFailurePercentage) {
    request.setToleratedFailurePercentage(toleratedFailurePercentage);
    return this;
  }

  UpdateMapRunRequest message(String mapRun) {
    return request.setMapRun(mapRun).build();
  }
}
