package dev.pawl;

/**
 * How many executions or links there are.
 *
 * @param count so many were counted
 * @param limited counting stopped at the limit: there may be more
 */
public record ExecutionCount(long count, boolean limited) {}
