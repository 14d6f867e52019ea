import type { ChildInput, Definition, ExecutionStatus } from "../../asl/index.ts";
import type { MapRunRecord } from "../../store/reads/map-runs.ts";
import type { Arns } from "../arns.ts";
import type { Clock } from "../clock.ts";
import type { Task } from "../engine.ts";
import { deadlineOf, factsText, newResident } from "../resident.ts";
import type { TurnLoop } from "../turn-loop.ts";
import type { ChildNames } from "./child-names.ts";

export interface StartChildOptions {
  readonly run: MapRunRecord;
  readonly names: ChildNames;
  /** Which children this run has: what they run, as what, for whom. */
  readonly machine: Definition;
  readonly type: "STANDARD" | "EXPRESS";
  /** JSON pointer of the Map state. */
  readonly map: string;
  readonly roleArn: string;
  /** The task that carries the run out. */
  readonly task: Pick<Task, "labels" | "trace">;
  readonly turns: TurnLoop;
  readonly clock: Clock;
  readonly arns: Arns;
}

/**
 * Begins one child execution of a Map Run.
 *
 * @returns how it stands after its first turn; undefined when that is not known, or when the run is over.
 */
export async function startChild(
  options: StartChildOptions,
  index: number,
  { input, itemCount }: ChildInput,
): Promise<ExecutionStatus | undefined> {
  const { run, names, machine, type, map, roleArn, task, turns, clock, arns } = options;
  const { machineName } = names;
  const { name, id } = names.of(index);
  // The server that redrove the run may have a clock that is ahead: a child of this attempt is not before it.
  const startTimeMs = Math.max(clock.nowMs(), run.redrivenAtMs ?? 0);
  const facts = {
    executionArn: arns.execution({ name: machineName, type }, name, id),
    name,
    roleArn,
    startTimeMs,
    stateMachineArn: arns.stateMachine(machineName),
    stateMachineName: machineName,
    type,
    isSync: false,
    input,
    mapRun: { arn: run.arn, map, itemCount },
  };
  const { labels, trace } = task;
  const { revisionId } = run;
  const resident = newResident(id, { definition: machine, revisionId, facts, labels, trace });
  const result = await turns.start(resident, {
    stateMachineId: run.id,
    isChild: true,
    stateMachineName: machineName,
    revisionId,
    name,
    facts: factsText(facts),
    input,
    labels,
    startedAtMs: startTimeMs,
    ...deadlineOf(resident),
    ...(trace !== undefined && { trace }),
  });
  return result === "Started" ? resident.state.status : undefined;
}
