package dev.pawl;

import org.jspecify.annotations.Nullable;

/**
 * Works on one task.
 *
 * <p>What it returns is the task's result: any value that JSON can hold, a {@link JsonText}, or a
 * {@link java.util.concurrent.CompletionStage} of one. What it throws is its failure: a {@link TaskError} by its
 * name, anything else by the full name of its class, as AWS Lambda has it.
 */
@FunctionalInterface
public interface TaskHandler<I> {
  /** @param input the task's input as the registered type; null for the JSON document {@code null} */
  @Nullable Object handle(I input, TaskContext context) throws Exception;
}
