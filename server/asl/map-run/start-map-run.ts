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
import type { Scope } from "../scope.ts";
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

/** A distributed Map begins its run, and waits for it as for a task. Also every retry. */
export async function startMapRun(
  progress: Progress,
  scope: Scope,
  distributed: DistributedMap,
  { items, evaluation, tolerance, maxConcurrency }: MapRunSettings,
): Promise<void> {
  const { itemReader, itemBatcher, resultWriter, label } = distributed;
  const { turn } = progress;
  const mapRunId = turn.newUuid();
  const mapRunArn = `${mapRunPrefix(progress)}/${label ?? turn.newUuid()}:${mapRunId}`;
  const input: MapRunArguments = {
    mapRunId,
    mapRunArn,
    map: mapPointer(progress, scope),
    enteredEventId: scope.enteredEventId,
    snapshot: snapshotOf(progress, scope, evaluation),
    ...(items !== undefined && { items: items.map(({ value }) => value) }),
    ...(itemReader !== undefined && { reader: await readerArguments(itemReader, evaluation) }),
    ...(itemBatcher !== undefined && { batcher: await batcherArguments(itemBatcher, evaluation) }),
    ...(resultWriter !== undefined && { writer: await writerArguments(resultWriter, evaluation) }),
  };
  const taskId = progress.advance(scope, "MapRunStarted", { details: { mapRunArn } });
  scope.position = { kind: "Task", taskId, isStarted: true, mapRunId };
  progress.index.tasks.set(taskId, scope.id);
  progress.effect({
    type: "StartMapRun",
    mapRunId,
    mapRunArn,
    taskId,
    maxConcurrency,
    tolerance,
    ...(items !== undefined && { itemCount: items.length }),
  });
  const statePath = scope.path + scope.stateName;
  progress.effect({
    type: "ScheduleTask",
    taskId,
    scopeId: scope.id,
    queue: mapRunQueue,
    resource: mapRunQueue,
    input: stringifyJson(input as unknown as Json),
    stateName: scope.stateName,
    statePath,
    attempt: scope.attempt,
    visit: `${statePath}#${scope.enteredEventId}`,
  });
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
