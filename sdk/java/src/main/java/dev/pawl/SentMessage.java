package dev.pawl;

import java.util.List;

/**
 * What became of a message.
 *
 * @param executions ids of the executions that received it
 * @param buffered nobody waits; it is kept until its time to live ends
 * @param duplicate it was sent before; nothing was done
 */
public record SentMessage(List<String> executions, boolean buffered, boolean duplicate) {}
