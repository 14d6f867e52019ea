package dev.pawl;

/**
 * How the server took an outcome.
 *
 * @param taskId for logs
 * @param resource the queue the task came from
 * @param execution the execution's id
 * @param status the verdict
 */
public record ReportedOutcome(String taskId, String resource, String execution, OutcomeStatus status) {}
