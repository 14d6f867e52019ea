/** Carries a Map Run out: the task that a distributed Map waits for. */
import type pg from "pg";
import {
  childInputs,
  mapAt,
  parseJson,
  StatesError,
  type AwsNames,
  type ChildInput,
  type Definition,
  type ExecutionFacts,
  type Failure,
  type Json,
  type Limits,
  type MapRunArguments,
  type Turn,
} from "../../asl/index.ts";
import { noteMapRun } from "../../store/control/map-runs.ts";
import type { ExecutionAttempt } from "../../store/sql/begun-at.ts";
import { childStatuses } from "../../store/sql/map-run-children.ts";
import { findMapRun } from "../../store/reads/map-runs.ts";
import type { MapRunRecord } from "../../store/reads/map-runs.ts";
import type { Arns } from "../arns.ts";
import type { Clock } from "../clock.ts";
import { isDatabaseAway } from "../database-away.ts";
import type { Execution, Task, TaskOutcome } from "../engine.ts";
import { newRandom, newUuid } from "../ids.ts";
import type { ObjectStore } from "../../items/object-store.ts";
import { openItems } from "../../items/open-items.ts";
import type { NativeHandler } from "../native-worker.ts";
import type { TurnLoop } from "../turn-loop.ts";
import type { Updates } from "../updates.ts";
import { childNames } from "./child-names.ts";
import { mapRunResult } from "./map-run-result.ts";
import { Children } from "./run-children.ts";
import { startChild } from "./start-child.ts";
import { takeUpChild, type TakeUpOptions } from "./take-up-child.ts";

export interface MapRunOptions extends Pick<TakeUpOptions, "redriveChild"> {
  readonly stopAttempt: (attempt: ExecutionAttempt) => Promise<unknown>;
  readonly sql: pg.Pool;
  readonly turns: TurnLoop;
  readonly updates: Updates<Execution>;
  readonly clock: Clock;
  readonly arns: Arns;
  readonly aws: AwsNames;
  readonly limits: Limits;
  readonly objects: ObjectStore;
  readonly definitionOf: (revisionId: string) => Promise<Definition>;
  /** Children of one run at a time, whatever its definition says. */
  readonly concurrencyMax: number;
  /** A run is over while children of it may be running. */
  readonly onEnd: () => void;
}

/**
 * Delivered again after a crash, it goes on where it was: children are named by run and index, and what
 * a reader reads must not have changed.
 */
export function mapRunHandler(options: MapRunOptions): NativeHandler {
  return async ({ task, signal }) => {
    const parameters = parseJson(task.input) as unknown as MapRunArguments;
    try {
      for (;;) {
        const result = await attempt(options, { task, parameters, signal });
        if (result !== "DatabaseAway") return result;
        await new Promise((resolve) => setTimeout(resolve, databaseAwayMs));
        signal.throwIfAborted();
      }
    } finally {
      options.onEnd();
    }
  };
}

/** The database is asked again this long after it did not answer. */
const databaseAwayMs = 1_000;

async function attempt(
  options: MapRunOptions,
  work: Omit<Work, "run">,
): Promise<TaskOutcome["result"] | "DatabaseAway"> {
  const { task, parameters } = work;
  try {
    const run = await findMapRun(options.sql, parameters.mapRunId);
    if (run === undefined || run.executionId !== task.executionId)
      throw new Error(`no Map Run ${parameters.mapRunId} in execution ${task.executionId}`);
    return await carryOut(options, { ...work, run });
  } catch (error) {
    if (error instanceof StatesError) return failed(causeOf(error, task, parameters));
    if (isDatabaseAway(error)) return "DatabaseAway";
    throw error;
  }
}

interface Work {
  readonly run: MapRunRecord;
  readonly task: Task;
  readonly parameters: MapRunArguments;
  readonly signal: AbortSignal;
}

async function carryOut(options: MapRunOptions, work: Work): Promise<TaskOutcome["result"]> {
  const { run, task, parameters, signal } = work;
  const { sql, turns, limits } = options;
  const parent = JSON.parse(run.parentFacts) as ExecutionFacts;
  const map =
    parent.mapRun === undefined
      ? parameters.map
      : `${parent.mapRun.map}/ItemProcessor${parameters.map}`;
  const state = mapAt(await options.definitionOf(run.revisionId), map);
  const { distributed } = state;
  if (distributed === undefined) throw new Error(`the Map at ${map} is not distributed`);
  const names = childNames(run.arn);
  const { machine, executionType: type } = distributed;
  const { roleArn } = parent;
  const starting = { ...options, run, names, machine, type, map, roleArn, task };
  const children = new Children(run, {
    ...options,
    names,
    signal,
    isResident: (id) => turns.get(id) !== undefined,
    start: (index, child) => startChild(starting, index, child),
    stop: options.stopAttempt,
    takeUp: (left, index, child) =>
      takeUpChild(starting, left, () => startChild(starting, index, child)),
  });
  const inputs = withinLimit(
    childInputs(await itemsOf(options, work), state, parameters, newTurn(options)),
    limits.payloadBytesMax,
  );
  const end = await children.run(inputs);
  const result = { sql, names, run: (await findMapRun(sql, run.id)) ?? run };
  const output = await mapRunResult(
    {
      ...result,
      objects: options.objects,
      bytesMax: limits.payloadBytesMax,
      stateName: task.stateName,
    },
    parameters.writer,
    end,
  );
  return end === "Exceeded" ? failed(toleranceExceeded) : { kind: "Succeeded", output };
}

const toleranceExceeded: Failure = {
  error: "States.ExceedToleratedFailureThreshold",
  cause: "The specified tolerated failure threshold was exceeded",
};

function failed(failure: Failure): TaskOutcome["result"] {
  return { kind: "Failed", failure };
}

/** What went wrong in an expression is told as of a state; a reader's or writer's failure speaks for itself. */
function causeOf(
  { error, message }: StatesError,
  { stateName }: Task,
  parameters: MapRunArguments,
): Failure {
  const isOfExpression =
    error === "States.Runtime" ||
    error === "States.QueryEvaluationError" ||
    error === "States.IntrinsicFailure";
  if (!isOfExpression) return { error, cause: message };
  const where = `(entered at the event id #${parameters.enteredEventId})`;
  return {
    error,
    cause: `An error occurred while executing the state '${stateName}' ${where}. ${message}`,
  };
}

async function itemsOf(
  { sql, objects }: MapRunOptions,
  { run, parameters }: Work,
): Promise<AsyncIterable<Json> | readonly Json[]> {
  const { items, reader } = parameters;
  if (reader === undefined) return items ?? [];
  const { source, read } = await openItems(objects, reader);
  const isChanged = run.source !== null && run.source !== source;
  // As long as no child has begun, it may have been put right for a redrive.
  if (isChanged && (await childStatuses(sql, [childNames(run.arn).of(0).id])).length > 0) {
    const cause = "The source of the items has changed since the Map Run began to read it.";
    throw new StatesError("States.ItemReaderFailed", cause);
  }
  await noteMapRun(sql, run.id, { source });
  return read();
}

async function* withinLimit(
  inputs: AsyncIterable<ChildInput>,
  bytesMax: number,
): AsyncGenerator<ChildInput> {
  let index = 0;
  for await (const child of inputs) {
    const bytes = Buffer.byteLength(child.input);
    if (bytes > bytesMax) {
      const cause = `The input of child execution ${index} is ${bytes} bytes; the limit is ${bytesMax}.`;
      throw new StatesError("States.DataLimitExceeded", cause);
    }
    yield child;
    index += 1;
  }
}

function newTurn({ clock, limits, aws }: MapRunOptions): Turn {
  return { nowMs: clock.nowMs(), random: newRandom(), newUuid, limits, aws, pause: nextTick };
}

async function nextTick(): Promise<void> {
  await new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
}
