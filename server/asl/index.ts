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
export type { Body, Definition, State, StateBase } from "./definition/definition.ts";
export type { Diagnostic } from "./definition/diagnostic.ts";
export type { Audit, Chained, Event, TaskLossPolicy, TaskStart, Verdict } from "./event.ts";
export type { Pause } from "./pause.ts";
export type {
  AwaitMessage,
  CancelTask,
  Effect,
  ScheduleTask,
  StartMapRun,
  Tolerance,
} from "./effect.ts";
export type { HistoryEvent, HistoryEventType } from "./history-event.ts";
export type {
  ChainFacts,
  ChildFacts,
  ExecutionFacts,
  ExecutionParent,
  ExecutionState,
  ExecutionStatus,
  Step,
  ActiveState,
  Transformer,
} from "./execution-state.ts";
export type { Scope } from "./scope.ts";
export { begunAtMs, newExecution } from "./execution-state.ts";
export { step } from "./step.ts";
export { taskLostError } from "./states/task-lost.ts";
export { chainQueue } from "./await-input.ts";
export { queryProblem, transformJson } from "./transform-json.ts";
export { redriveProblem } from "./redrive-problem.ts";
export { activeStates } from "./active-states.ts";
export { decodeScope, encodeScope } from "./scope.ts";
export {
  parseJson,
  stringifyJson,
  isArray,
  isNumber,
  isObject,
  isRawNumber,
  equalJson,
} from "./json.ts";
export { checkPayload, payloadDepthMax } from "./check-payload.ts";
export type { PayloadLimits, PayloadProblem } from "./check-payload.ts";
export { testState } from "./test-state/test-state.ts";
export type { WorkOutcome } from "./test-state/test-state.ts";
export { validateState } from "./test-state/isolate.ts";
export { InvalidTest } from "./test-state/state-test.ts";
export type { FieldValidationMode, StateTest, TestedState } from "./test-state/state-test.ts";
export { variableReferences } from "./definition/variable-references.ts";
export { compileDefinition } from "./definition/compile.ts";
export { definitionGraph } from "./definition/graph.ts";
export { taskResources } from "./definition/task-resources.ts";
export type { DefinitionGraph, GraphEdge, GraphNode } from "./definition/graph.ts";
export type { CompiledDefinition, CompileOptions } from "./definition/compile.ts";
export { parseDefinition } from "./definition/parse.ts";
export type { DefinitionFormat } from "./definition/parse.ts";
export { writeDefinition } from "./definition/write.ts";
export { nearestName } from "./definition/suggest.ts";
export { pointerSegment } from "./json-scan.ts";
export { utf8Length } from "./utf8-length.ts";
export { mapRunQueue } from "./map-run/arguments.ts";
export type { MapRunArguments, ReaderArguments, WriterArguments } from "./map-run/arguments.ts";
export { childInputs } from "./map-run/child-inputs.ts";
export type { ChildInput } from "./map-run/child-inputs.ts";
export { mapAt } from "./map-run/map-pointer.ts";
export { StatesError } from "./states-error.ts";
export { functionQueue, queueName } from "./definition/resource.ts";
