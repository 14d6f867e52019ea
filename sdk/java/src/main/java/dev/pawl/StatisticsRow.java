package dev.pawl;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One group in one bucket. Durations are those of closed executions, null while there is none; percentiles are within
 * 2.6 %.
 *
 * @param bucketStart when the bucket begins; null: there is one only
 * @param group name of the {@code groupBy} item to value; empty text: it has none
 * @param count executions in it
 * @param firstStartTime when the first of them was started
 * @param lastStartTime when the last of them was started
 * @param min shortest
 * @param avg mean
 * @param p50 median
 * @param p95 95 % took at most this
 * @param p99 99 % took at most this
 * @param max longest
 */
public record StatisticsRow(
    @Nullable Instant bucketStart,
    Map<String, String> group,
    long count,
    @Nullable Instant firstStartTime,
    @Nullable Instant lastStartTime,
    @Nullable Duration min,
    @Nullable Duration avg,
    @Nullable Duration p50,
    @Nullable Duration p95,
    @Nullable Duration p99,
    @Nullable Duration max) {

  static StatisticsRow of(dev.pawl.v1.StatisticsRow message) {
    return new StatisticsRow(
        message.hasBucketStart() ? Times.instantOf(message.getBucketStart()) : null,
        Map.copyOf(message.getGroupMap()),
        message.getCount(),
        message.hasFirstStartTime() ? Times.instantOf(message.getFirstStartTime()) : null,
        message.hasLastStartTime() ? Times.instantOf(message.getLastStartTime()) : null,
        message.hasMin() ? Times.durationOf(message.getMin()) : null,
        message.hasAvg() ? Times.durationOf(message.getAvg()) : null,
        message.hasP50() ? Times.durationOf(message.getP50()) : null,
        message.hasP95() ? Times.durationOf(message.getP95()) : null,
        message.hasP99() ? Times.durationOf(message.getP99()) : null,
        message.hasMax() ? Times.durationOf(message.getMax()) : null);
  }
}
