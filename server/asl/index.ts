/**
 * The pure core: what the Amazon States Language means.
 *
 * `compileDefinition` turns a text into a frozen Definition or says everything that is wrong with it;
 * `step` takes events and moves an execution until it must wait for the outside. No clock, no I/O, no
 * randomness: time, chance and ids come in as `Turn`. The rest of the server imports this door only.
 */
export type { Json, JsonObject, RawNumber } from "./json.ts";
export type { Failure } from "./states-error.ts";
export type { Turn, Limits, AwsNames } from "./turn.ts";
export type { Definition } from "./definition/definition.ts";
export type { Diagnostic } from "./definition/diagnostic.ts";
export type { Event, Verdict, TaskStart } from "./event.ts";
export type { Effect, ScheduleTask, CancelTask } from "./effect.ts";
export type { HistoryEvent, HistoryEventType } from "./history-event.ts";
export type { ExecutionFacts, ExecutionState, ExecutionStatus, Step, ActiveState } from "./execution-state.ts";
export type { Scope } from "./scope.ts";
// Functions, to be exported by their owners:
//   parseJson(text): Json, stringifyJson(value): string, checkPayload(text, limits): PayloadProblem | undefined     (json.ts)
//   compileDefinition(text, options): { definition, diagnostics }   (definition/compile.ts)
//   newExecution(facts): ExecutionState                             (execution-state.ts)
//   step(definition, execution, events, turn): Promise<Step>        (step.ts)
//   activeStates(definition, execution): ActiveState[]              (active-states.ts)
