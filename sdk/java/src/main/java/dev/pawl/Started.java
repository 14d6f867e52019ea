package dev.pawl;

import java.util.concurrent.CompletableFuture;

/**
 * A start that is durable.
 *
 * @param execution as it was when the start became durable
 * @param created false: an execution of that name and input was there already
 * @param result completes with the closed execution (its output, not its input), whatever its status; fails when the
 *     starter is closed first, or was made without follow
 */
public record Started(Execution execution, boolean created, CompletableFuture<Execution> result) {}
