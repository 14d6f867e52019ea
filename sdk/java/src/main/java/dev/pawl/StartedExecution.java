package dev.pawl;

/**
 * What the server answered to a start.
 *
 * @param execution as it was when the start became durable
 * @param created false: an execution of that name and input was there already
 */
public record StartedExecution(Execution execution, boolean created) {}
