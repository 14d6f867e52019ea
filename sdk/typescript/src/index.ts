/**
 * Client and worker for Pawl.
 *
 * `Client` starts, runs, watches, lists, stops and redrives executions, and manages state machines. `Worker` takes
 * tasks over one stream and reports their outcomes. Both speak gRPC; `@pawl/sdk/web` has a client for
 * browsers. Every failure of a call is a `PawlError`.
 */
export type {
  Batch,
  BatchChain,
  BatchCounts,
  BatchExecutions,
  BatchInput,
  BatchItem,
  BatchSettings,
  BatchStatus,
  FailurePolicy,
} from "./batch.ts";
export type { BatchAction } from "./batch-client.ts";
export type { BatchFilter } from "./batch-filter.ts";
export { Client } from "./client.ts";
export type { ClientOptions } from "./client.ts";
export type { ClientBaseOptions, ServerInfo } from "./client-base.ts";
export type { StateMachineChange } from "./state-machine-client.ts";
export type { ChannelOptions, TlsOptions } from "./channel.ts";
export type { DefinitionGraph, GraphEdge, GraphNode } from "./definition-graph.ts";
export { PawlError, TaskCancelledError, TaskError } from "./errors.ts";
export type {
  FieldViolation,
  PawlErrorCode,
  PawlErrorDetails,
  TaskCancelReason,
  TaskErrorOptions,
} from "./errors.ts";
export { isTerminal } from "./execution.ts";
export type {
  ActiveState,
  ActiveStateKind,
  Execution,
  ExecutionError,
  ExecutionEvent,
  ExecutionEventType,
  ExecutionStatus,
  StartedExecution,
} from "./execution.ts";
export type { ExecutionFilter } from "./execution-filter.ts";
export type {
  ChainSource,
  ExecutionLink,
  ExecutionLinkFilter,
  LinkConditions,
} from "./execution-link.ts";
export { JsonText } from "./json.ts";
export type { Json } from "./json.ts";
export { silentLog, stderrLog } from "./log.ts";
export type { Log, LogFields } from "./log.ts";
export type { MapRun, MapRunChange, MapRunCounts } from "./map-run.ts";
export type { MessageWait, MessageWaitFilter, SendMessage, SentMessage } from "./message.ts";
export type { ListOptions } from "./pages.ts";
export type { Pause, PauseAction } from "./pause.ts";
export type { ExecutionCount } from "./records-client.ts";
export type { RedriveExecution } from "./redrive-execution.ts";
export type { RetryOptions } from "./retry.ts";
export type { StartExecution } from "./start-execution.ts";
export type { StartOutcome } from "./start-executions.ts";
export type { StatisticsQuery, StatisticsRow } from "./statistics.ts";
export { Starter } from "./starter.ts";
export type { Started, StarterOptions } from "./starter.ts";
export type {
  DefinitionFormat,
  Diagnostic,
  StateMachine,
  StateMachineAlias,
  StateMachineAliasInput,
  StateMachineInput,
  StateMachineResult,
  StateMachineRoute,
  StateMachineType,
  TaskLossPolicy,
  ValidationResult,
} from "./state-machine.ts";
export type {
  InspectionLevel,
  StateMock,
  StateTest,
  TestedState,
  TestStateStatus,
} from "./state-test.ts";
export type { TaskContext } from "./task-context.ts";
export type { CallOptions } from "./transport.ts";
export { sdkVersion } from "./version.ts";
export type { ExecutionUpdate, WatchOptions } from "./watch.ts";
export type { BatchUpdate, WatchBatchOptions } from "./watch-batch.ts";
export { Worker } from "./worker.ts";
export type {
  CloseOptions,
  ReportedOutcome,
  TaskHandler,
  TaskOptions,
  WorkerOptions,
} from "./worker-options.ts";
export type { WorkerInfo } from "./worker-info.ts";
