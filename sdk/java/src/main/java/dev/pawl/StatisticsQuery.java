package dev.pawl;

import dev.pawl.v1.GetExecutionStatisticsRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which executions to count and measure, and how to divide them. */
public final class StatisticsQuery {
  private ExecutionFilter filter = new ExecutionFilter();
  private @Nullable Instant from;
  private @Nullable Instant to;
  private @Nullable Duration bucket;
  private List<String> groupBy = List.of();

  /** Which executions; default all. */
  public StatisticsQuery filter(ExecutionFilter filter) {
    this.filter = filter;
    return this;
  }

  /** Started at this time or later. */
  public StatisticsQuery from(Instant from) {
    this.from = from;
    return this;
  }

  /** Started before this time. */
  public StatisticsQuery to(Instant to) {
    this.to = to;
    return this;
  }

  /** A row for each stretch of this length; default one for all. Whole hours are quickest. */
  public StatisticsQuery bucket(Duration bucket) {
    this.bucket = bucket;
    return this;
  }

  /**
   * {@code status}, {@code state_machine}, {@code error.error}, {@code labels.KEY}, {@code state_name}; at most 4. With
   * {@code state_name} a row is about the visits to a state. It is read from histories, of at most 5,000 executions; by
   * labels, 250,000.
   */
  public StatisticsQuery groupBy(List<String> groupBy) {
    this.groupBy = List.copyOf(groupBy);
    return this;
  }

  GetExecutionStatisticsRequest message() {
    GetExecutionStatisticsRequest.Builder request =
        GetExecutionStatisticsRequest.newBuilder().setFilter(filter.text()).addAllGroupBy(groupBy);
    if (from != null) request.setStartTime(Times.protoOf(from));
    if (to != null) request.setEndTime(Times.protoOf(to));
    if (bucket != null) request.setBucket(Times.protoOf(bucket));
    return request.build();
  }
}
