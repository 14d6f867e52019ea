package dev.pawl;

import java.util.List;

/**
 * A state machine as it is now, and what the server warns of.
 *
 * @param stateMachine as it is now
 * @param warnings diagnostics that do not forbid it
 */
public record StateMachineResult(StateMachine stateMachine, List<Diagnostic> warnings) {}
