package dev.pawl;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.v1.ExecutionServiceGrpc;
import dev.pawl.v1.GetMapRunRequest;
import dev.pawl.v1.ListMapRunsRequest;
import dev.pawl.v1.ListMapRunsResponse;
import java.time.Duration;

/** The part of a {@link Client} that is about the runs of distributed Maps. */
public abstract class MapRunClient extends StateMachineClient {
  MapRunClient(Connection connection, ObjectMapper mapper, Duration timeout) {
    super(connection, mapper, timeout);
  }

  /**
   * A map run as it is now.
   *
   * @param mapRun id or ARN
   */
  public MapRun getMapRun(String mapRun) {
    GetMapRunRequest request = GetMapRunRequest.newBuilder().setMapRun(mapRun).build();
    return MapRun.of(call(ExecutionServiceGrpc.getGetMapRunMethod(), request).getMapRun());
  }

  /** The map runs of one execution, newest first, without their counts. */
  public Pages<MapRun> listMapRuns(String execution) {
    return new Pages<>(page -> {
      ListMapRunsResponse response = call(
          ExecutionServiceGrpc.getListMapRunsMethod(),
          ListMapRunsRequest.newBuilder().setExecution(execution).setPage(page).build());
      return pageOf(response.getMapRunsList(), MapRun::of, response.getPage());
    });
  }

  /** A run that goes on takes the change up within about a second. */
  public MapRun updateMapRun(String mapRun, MapRunChange change) {
    return MapRun.of(call(ExecutionServiceGrpc.getUpdateMapRunMethod(), change.message(mapRun)).getMapRun());
  }
}
