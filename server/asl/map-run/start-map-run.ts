import { contextOf } from "../context-of.ts";
import { stringifyJson } from "../json.ts";
import { countSetting, outOfRange } from "../number-setting.ts";
import { mapRunQueue } from "./arguments.ts";
import { mapPointer } from "./map-pointer.ts";
import type {
  DistributedMap,
  Evaluation,
  ItemBatcher,
  ItemReader,
  ResultWriter,
} from "../definition/definition.ts";
import type { Tolerance } from "../effect.ts";
import type { Json } from "../json.ts";
import type { Payload } from "../payload.ts";
import type { Progress } from "../progress.ts";
import type { OwnMapRun, Scope } from "../scope.ts";
import type {
  BatcherArguments,
  MapRunArguments,
  ReaderArguments,
  WriterArguments,
} from "./arguments.ts";

export interface MapRunSettings {
  /** Absent: a reader brings them. */
  readonly items: readonly Payload[] | undefined;
  readonly evaluation: Evaluation;
  readonly tolerance: Tolerance;
  readonly maxConcurrency: number;
}

/**
 * A distributed Map begins its run, and waits for it as for a task. Also every retry, with a run of its
 * own, and every redrive, with the run that there is.
 */
export async function startMapRun(
  progress: Progress,
  scope: Scope,
  distributed: DistributedMap,
  settings: MapRunSettings,
): Promise<void> {
  const takenUp = scope.mapRun?.isTakenUp === true ? scope.mapRun : undefined;
  const { id, arn } = takenUp ?? newMapRun(progress, distributed);
  const input = stringifyJson(
    (await argumentsOf(progress, scope, distributed, {
      ...settings,
      run: { id, arn },
    })) as unknown as Json,
  );
  const taskId =
    takenUp === undefined
      ? noteStarted(progress, scope, settings, { id, arn })
      : noteRedriven(progress, scope, takenUp);
  scope.position = { kind: "Task", taskId, isStarted: true, mapRunId: id };
  progress.index.tasks.set(taskId, scope.id);
  const statePath = scope.path + scope.stateName;
  progress.effect({
    type: "ScheduleTask",
    taskId,
    scopeId: scope.id,
    queue: mapRunQueue,
    resource: mapRunQueue,
    input,
    stateName: scope.stateName,
    statePath,
    attempt: scope.attempt,
    visit: `${statePath}#${scope.enteredEventId}`,
  });
}

type Named = Pick<OwnMapRun, "id" | "arn">;

function newMapRun(progress: Progress, { label }: DistributedMap): Named {
  const { turn } = progress;
  const id = turn.newUuid();
  return { id, arn: `${mapRunPrefix(progress)}/${label ?? turn.newUuid()}:${id}` };
}

/** @returns the id of the run's task. */
function noteStarted(
  progress: Progress,
  scope: Scope,
  { items, maxConcurrency, tolerance }: MapRunSettings,
  { id, arn }: Named,
): number {
  const taskId = progress.advance(scope, "MapRunStarted", { details: { mapRunArn: arn } });
  scope.mapRun = { id, arn, startedEventId: taskId, redriveCount: 0 };
  progress.effect({
    type: "StartMapRun",
    mapRunId: id,
    mapRunArn: arn,
    taskId,
    maxConcurrency,
    tolerance,
    ...(items !== undefined && { itemCount: items.length }),
  });
  return taskId;
}

/** The run keeps its concurrency and tolerance, as UpdateMapRun may have left them. */
function noteRedriven(
  progress: Progress,
  scope: Scope,
  { id, arn, startedEventId, redriveCount: before }: OwnMapRun,
): number {
  const redriveCount = before + 1;
  const details = { mapRunArn: arn, redriveCount };
  const taskId = progress.advance(scope, "MapRunRedriven", { details });
  scope.mapRun = { id, arn, startedEventId, redriveCount };
  progress.effect({ type: "RedriveMapRun", mapRunId: id, taskId });
  return taskId;
}

async function argumentsOf(
  progress: Progress,
  scope: Scope,
  { itemReader, itemBatcher, resultWriter }: DistributedMap,
  { items, evaluation, run }: MapRunSettings & { readonly run: Named },
): Promise<MapRunArguments> {
  return {
    mapRunId: run.id,
    mapRunArn: run.arn,
    map: mapPointer(progress, scope),
    enteredEventId: scope.enteredEventId,
    snapshot: snapshotOf(progress, scope, evaluation),
    ...(items !== undefined && { items: items.map(({ value }) => value) }),
    ...(itemReader !== undefined && { reader: await readerArguments(itemReader, evaluation) }),
    ...(itemBatcher !== undefined && { batcher: await batcherArguments(itemBatcher, evaluation) }),
    ...(resultWriter !== undefined && { writer: await writerArguments(resultWriter, evaluation) }),
  };
}

/** A Map inside an item of another distributed one belongs to the same machine. */
function mapRunPrefix({ turn, execution }: Progress): string {
  const [machine] = execution.facts.stateMachineName.split("/");
  return `arn:aws:states:${turn.aws.region}:${turn.aws.accountId}:mapRun:${machine}`;
}

function snapshotOf(
  progress: Progress,
  scope: Scope,
  { input, variables }: Evaluation,
): MapRunArguments["snapshot"] {
  return {
    input,
    context: contextOf(progress, scope),
    variables: Object.fromEntries<Json>(variables),
  };
}

async function readerArguments(
  { resource, parameters, config, maxItems }: ItemReader,
  evaluation: Evaluation,
): Promise<ReaderArguments> {
  const most = await countSetting("MaxItems", maxItems, evaluation);
  return {
    resource,
    parameters: (await parameters?.evaluate(evaluation)) ?? {},
    config,
    ...(most !== undefined && { maxItems: most }),
  };
}

async function batcherArguments(
  { maxItemsPerBatch, maxInputBytesPerBatch, batchInput }: ItemBatcher,
  evaluation: Evaluation,
): Promise<BatcherArguments> {
  const items = await positive("MaxItemsPerBatch", maxItemsPerBatch, evaluation);
  const bytes = await positive("MaxInputBytesPerBatch", maxInputBytesPerBatch, evaluation);
  return {
    ...(items !== undefined && { maxItemsPerBatch: items }),
    ...(bytes !== undefined && { maxInputBytesPerBatch: bytes }),
    ...(batchInput !== undefined && { batchInput: await batchInput.evaluate(evaluation) }),
  };
}

async function positive(
  field: string,
  setting: ItemBatcher["maxItemsPerBatch"],
  evaluation: Evaluation,
): Promise<number | undefined> {
  const value = await countSetting(field, setting, evaluation);
  if (value !== undefined && value <= 0)
    throw outOfRange(field, setting, `${field} must be positive.`);
  return value;
}

async function writerArguments(
  { resource, parameters, config }: ResultWriter,
  evaluation: Evaluation,
): Promise<WriterArguments> {
  return {
    config,
    ...(resource !== undefined && { resource }),
    ...(parameters !== undefined && { parameters: await parameters.evaluate(evaluation) }),
  };
}
