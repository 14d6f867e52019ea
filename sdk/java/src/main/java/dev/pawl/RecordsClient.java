package dev.pawl;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.v1.CountExecutionLinksRequest;
import dev.pawl.v1.CountExecutionLinksResponse;
import dev.pawl.v1.CountExecutionsRequest;
import dev.pawl.v1.CountExecutionsResponse;
import dev.pawl.v1.DeleteExecutionRequest;
import dev.pawl.v1.ExecutionServiceGrpc;
import dev.pawl.v1.ListExecutionLinksRequest;
import dev.pawl.v1.ListExecutionLinksResponse;
import java.time.Duration;
import java.util.List;

/** The part of a {@link Client} that counts, measures, links and removes executions. */
public abstract class RecordsClient extends MapRunClient {
  RecordsClient(Connection connection, ObjectMapper mapper, Duration timeout) {
    super(connection, mapper, timeout);
  }

  /** {@link #countExecutions(ExecutionFilter, int)} with the server's limit. */
  public ExecutionCount countExecutions(ExecutionFilter filter) {
    return countExecutions(filter, 0);
  }

  /**
   * How many executions there are.
   *
   * @param limit where counting stops for filters that no statistics are kept for (name, labels, end, current state,
   *     map run, links); 0: 50,000, and 10,000 by links
   */
  public ExecutionCount countExecutions(ExecutionFilter filter, int limit) {
    CountExecutionsResponse response = call(
        ExecutionServiceGrpc.getCountExecutionsMethod(),
        CountExecutionsRequest.newBuilder().setFilter(filter.text()).setLimit(limit).build());
    return new ExecutionCount(response.getCount(), response.getLimited());
  }

  /** Counts and durations, by bucket and group, in this order. */
  public List<StatisticsRow> getExecutionStatistics(StatisticsQuery query) {
    return call(ExecutionServiceGrpc.getGetExecutionStatisticsMethod(), query.message())
        .getRowsList().stream().map(StatisticsRow::of).toList();
  }

  /** Which execution's output became which one's input, newest first. */
  public Pages<ExecutionLink> listExecutionLinks(ExecutionLinkFilter filter) {
    return new Pages<>(page -> {
      ListExecutionLinksResponse response = call(
          ExecutionServiceGrpc.getListExecutionLinksMethod(),
          ListExecutionLinksRequest.newBuilder().setPage(page.setFilter(filter.text())).build());
      return pageOf(response.getLinksList(), ExecutionLink::of, response.getPage());
    });
  }

  /** {@link #countExecutionLinks(ExecutionLinkFilter, int)} with the server's limit. */
  public ExecutionCount countExecutionLinks(ExecutionLinkFilter filter) {
    return countExecutionLinks(filter, 0);
  }

  /**
   * How many links there are between executions.
   *
   * @param limit where counting stops; 0: 50,000, and 10,000 by the source's status
   */
  public ExecutionCount countExecutionLinks(ExecutionLinkFilter filter, int limit) {
    CountExecutionLinksResponse response = call(
        ExecutionServiceGrpc.getCountExecutionLinksMethod(),
        CountExecutionLinksRequest.newBuilder().setFilter(filter.text()).setLimit(limit).build());
    return new ExecutionCount(response.getCount(), response.getLimited());
  }

  /**
   * Removes a closed execution with its history; its name can be used again.
   *
   * @throws PawlError FAILED_PRECONDITION while it runs; NOT_FOUND also when an earlier try has removed it
   */
  public Execution deleteExecution(String execution) {
    DeleteExecutionRequest request = DeleteExecutionRequest.newBuilder().setExecution(execution).build();
    return Execution.of(call(ExecutionServiceGrpc.getDeleteExecutionMethod(), request).getExecution(), mapper);
  }
}
