import type pg from "pg";
import {
  checkPayload,
  redriveProblem,
  type Definition,
  type ExecutionStatus,
  type Limits,
} from "../asl/index.ts";
import { loadExecution, type LoadedExecution } from "../store/sql/load-execution.ts";
import { findStateInput } from "../store/sql/find-state-input.ts";
import { doesNotExist } from "./arns.ts";
import type { Clock } from "./clock.ts";
import type { Execution, RedriveExecution } from "./engine.ts";
import { EngineError } from "./errors.ts";
import { executionOf, executionOfRow } from "./execution-view.ts";
import { redrivableByMapRun, type RedriveMoment } from "./redrivable.ts";
import { redriveOfRequest, redrivesOf, withRedrive } from "./redrives.ts";
import { restoreResident, type Resident } from "./resident.ts";
import type { StartTarget } from "./start-targets.ts";
import type { TurnLoop } from "./turn-loop.ts";

export interface RedriveOptions {
  readonly sql: pg.Pool;
  readonly turns: TurnLoop;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly definitionOf: (revisionId: string) => Promise<Definition>;
  /** The machine that a caller means, with the revision that this reference stands for. */
  readonly targetOf: (reference: string) => Promise<StartTarget>;
  readonly forgetTarget: (reference: string) => void;
  readonly overload: () => EngineError | undefined;
}

/** What a redrive has come to. `timeMs`: when it was made, by this request or an earlier sending of it. */
export interface Redriven {
  readonly execution: Execution;
  readonly timeMs: number;
}

/**
 * A child of a Map Run goes on, because its run does.
 *
 * @param runRedrivenAtMs by the clock of the server that redrove the run, which may be ahead of this one's.
 * @returns how it stands then, as it was where it can not be redriven; undefined when that is not known,
 *   or when it has not been stopped yet.
 */
export async function redriveChild(
  options: RedriveOptions,
  executionId: string,
  runRedrivenAtMs: number,
): Promise<ExecutionStatus | undefined> {
  const found = await loadExecution(options.sql, executionId, { forRedrive: true });
  if (found === undefined) return undefined;
  const row = { ...found, lastEventTimeMs: Math.max(found.stoppedAtMs ?? 0, runRedrivenAtMs) };
  const { status, redrive } = executionOfRow(
    { ...row, hasState: row.state !== null },
    momentOf(options),
  );
  if (redrive.refusal !== redrivableByMapRun) return status === "RUNNING" ? undefined : status;
  return (await redriveRow(options, row, { execution: executionId }))?.execution.status;
}

const triesMax = 5;

/**
 * RedriveExecution: takes up a closed execution where it stood, by a turn that `rev` guards. Of two
 * requests one redrives it; the other finds it running.
 *
 * @throws EngineError ExecutionNotRedrivable, ExecutionDoesNotExist, ValidationException
 */
export async function redriveExecution(
  options: RedriveOptions,
  executionId: string,
  request: RedriveExecution,
): Promise<Redriven> {
  const overload = options.overload();
  if (overload !== undefined) throw overload;
  for (let tries = 0; tries < triesMax; tries += 1) {
    const row = await loadExecution(options.sql, executionId, { forRedrive: true });
    if (row === undefined) throw doesNotExist("ExecutionDoesNotExist", request.execution);
    const known = answered(row, request, momentOf(options));
    if (known !== undefined) return known;
    const redriven = await redriveRow(options, row, request);
    if (redriven !== undefined) return redriven;
  }
  throw new EngineError("Unavailable", "the redrive could not be confirmed; send it again", {
    retryAfterMs: 500,
  });
}

/** @throws EngineError ExecutionNotRedrivable */
function answered(
  row: LoadedExecution,
  { requestId }: RedriveExecution,
  moment: RedriveMoment,
): Redriven | undefined {
  const execution = executionOfRow({ ...row, hasState: row.state !== null }, moment);
  const timeMs = redriveOfRequest(redrivesOf(row.redrive), requestId, moment.nowMs);
  if (timeMs !== undefined) return { execution, timeMs };
  const { refusal } = execution.redrive;
  if (refusal === undefined) return undefined;
  throw new EngineError(
    "ExecutionNotRedrivable",
    `Execution ${execution.arn} invalid for redrive as: ${refusal}`,
    {
      metadata: { status: execution.status },
      resource: { type: "Execution", name: execution.arn },
    },
  );
}

/** @returns undefined to look again: it has changed, or whether it was redriven is not known. */
async function redriveRow(
  options: RedriveOptions,
  row: LoadedExecution,
  request: RedriveExecution,
): Promise<Redriven | undefined> {
  const revisionId = await revisionOf(options, row, request.stateMachine);
  const resident = restoreResident({ ...row, revisionId }, await options.definitionOf(revisionId));
  const from = await fromOf(options, resident, request);
  const problem = redriveProblem(resident.definition, resident.state, from?.stateName);
  if (problem !== undefined)
    throw invalid(from === undefined ? "state_machine" : "from_state", problem);
  const result = await options.turns.redrive(
    resident,
    { type: "Redriven", ...(from !== undefined && { from }) },
    () => {
      const { timeoutSeconds } = resident.definition;
      const redrive = resident.state.redrive!;
      return {
        redrive: withRedrive(redrivesOf(row.redrive), redrive, request.requestId),
        revisionId,
        ...(timeoutSeconds !== undefined && {
          deadlineAtMs: redrive.timeMs + timeoutSeconds * 1000,
        }),
      };
    },
  );
  const { timeMs } = resident.state.redrive!;
  if (result === "Started") return { execution: executionOf(resident, momentOf(options)), timeMs };
  if (result === "Conflict") return undefined;
  // Look, never assume. The execution's load finds what is left to do.
  options.turns.wake(resident.id);
  const found = await loadExecution(options.sql, resident.id, { forRedrive: true });
  const isOurs = found !== undefined && redrivesOf(found.redrive)?.timeMs === timeMs;
  if (!isOurs) return undefined;
  return {
    execution: executionOfRow({ ...found, hasState: found.state !== null }, momentOf(options)),
    timeMs,
  };
}

/** The revision it goes on with: its own, or the one that the named machine has now. */
async function revisionOf(
  { targetOf, forgetTarget }: RedriveOptions,
  row: LoadedExecution,
  reference: string | undefined,
): Promise<string> {
  if (reference === undefined) return row.revisionId;
  forgetTarget(reference); // not one that another server has updated since
  const { machine } = await targetOf(reference);
  if (machine.id === row.stateMachineId) return machine.revisionId;
  throw invalid(
    "state_machine",
    `${reference} is not the state machine of this execution; that is ${row.stateMachineName}`,
  );
}

/** The state the root thread enters anew, when the caller names one or gives another input. */
async function fromOf(
  { sql, limits }: RedriveOptions,
  resident: Resident,
  { fromState, input }: RedriveExecution,
): Promise<{ stateName: string; input: string } | undefined> {
  const stateName = fromState ?? resident.state.scopes.get(0)!.stateName;
  if (input !== undefined) {
    const problem = checkPayload(input, { bytesMax: limits.payloadBytesMax });
    if (problem !== undefined) throw invalid("input_override", problem.message, problem.reason);
    return { stateName, input };
  }
  if (fromState === undefined) return undefined;
  const entered = await findStateInput(sql, resident.id, fromState);
  if (entered !== undefined) return { stateName, input: entered };
  throw invalid(
    "from_state",
    `the execution has not entered the state ${JSON.stringify(fromState)}; give its input (input_override)`,
  );
}

function momentOf({ clock, limits }: RedriveOptions): RedriveMoment {
  return { nowMs: clock.nowMs(), historyEventsMax: limits.historyEventsMax };
}

function invalid(field: string, description: string, reason = "INVALID_VALUE"): EngineError {
  return new EngineError("ValidationException", `${field}: ${description}`, {
    reason,
    violations: [{ field, description, reason }],
  });
}
