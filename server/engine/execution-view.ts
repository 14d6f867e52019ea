import type { ExecutionFacts, Pause } from "../asl/index.ts";
import type { ExecutionRecord } from "../store/reads/executions.ts";
import type { Execution } from "./engine.ts";
import { notRedrivable, type RedriveMoment } from "./redrivable.ts";
import { redrivesOf } from "./redrives.ts";
import { failureOf, type Resident } from "./resident.ts";

/** What callers see of an execution in memory, as of its last commit. */
export function executionOf(resident: Resident, moment: RedriveMoment): Execution {
  const { facts, status, output, failure, pause, redrive, scopes } = resident.state;
  const eventCount = resident.state.nextEventId - 1;
  const refusal = notRedrivable(
    {
      status,
      type: facts.type,
      hasState: scopes.size > 0,
      isOfMapRun: facts.mapRun !== undefined,
      stateMachineStatus: "ACTIVE",
      eventCount,
      startedAtMs: facts.startTimeMs,
      stoppedAtMs: resident.stoppedAtMs ?? null,
    },
    moment,
  );
  return {
    id: resident.id,
    name: facts.name,
    arn: facts.executionArn,
    stateMachineArn: facts.stateMachineArn,
    stateMachineName: facts.stateMachineName,
    type: facts.type,
    revisionId: resident.revisionId,
    status,
    startedAtMs: facts.startTimeMs,
    input: facts.input,
    labels: resident.labels,
    ...(facts.chain !== undefined && { chain: facts.chain }),
    ...(facts.parent !== undefined && { parent: facts.parent }),
    eventCount,
    redrive: { count: 0, ...redrive, ...(refusal !== undefined && { refusal }) },
    ...mapRunOf(facts),
    ...(pause !== undefined && { pause }),
    ...(resident.stoppedAtMs !== undefined && { stoppedAtMs: resident.stoppedAtMs }),
    ...(output !== undefined && { output }),
    ...(failure !== undefined && { failure }),
    ...(resident.trace !== undefined && { trace: resident.trace }),
    ...routeOf(facts),
  };
}

/** When it was started, or redriven last: which attempt of it this is. Milliseconds since the epoch. */
export function begunAtMsOf({ redrive, startedAtMs }: Execution): number {
  return redrive.timeMs ?? startedAtMs;
}

type Row = Omit<ExecutionRecord, "status" | "position"> & { readonly status: string };

/** What callers see of an execution by its row, loaded alone or listed. */
export function executionOfRow(row: Row, moment: RedriveMoment): Execution {
  const facts = JSON.parse(row.facts) as Omit<ExecutionFacts, "input">;
  const failure = failureOf(row.error, row.cause);
  const eventCount = row.nextEventId - 1;
  const redrives = redrivesOf(row.redrive);
  const { type } = facts;
  const isOfMapRun = facts.mapRun !== undefined;
  const refusal = notRedrivable({ ...row, type, isOfMapRun, eventCount }, moment);
  return {
    id: row.id,
    name: row.name,
    arn: facts.executionArn,
    stateMachineArn: facts.stateMachineArn,
    stateMachineName: row.stateMachineName,
    type,
    revisionId: row.revisionId,
    status: row.status as Execution["status"],
    startedAtMs: row.startedAtMs,
    labels: row.labels ?? {},
    ...(facts.chain !== undefined && { chain: facts.chain }),
    ...(facts.parent !== undefined && { parent: facts.parent }),
    eventCount,
    redrive: {
      count: redrives?.count ?? 0,
      ...(redrives !== undefined && { timeMs: redrives.timeMs }),
      ...(refusal !== undefined && { refusal }),
    },
    ...mapRunOf(facts),
    ...(row.pause !== null && { pause: JSON.parse(row.pause) as Pause }),
    ...(row.stoppedAtMs !== null && { stoppedAtMs: row.stoppedAtMs }),
    ...(row.input !== null && { input: row.input }),
    ...(row.output !== null && { output: row.output }),
    ...(failure !== undefined && { failure }),
    ...(row.trace !== null && { trace: row.trace }),
    ...routeOf(facts),
  };
}

/** What it was started through. */
function routeOf({
  stateMachineVersionArn,
  stateMachineAliasArn,
}: Omit<ExecutionFacts, "input">): Partial<Execution> {
  return {
    ...(stateMachineVersionArn !== undefined && { stateMachineVersionArn }),
    ...(stateMachineAliasArn !== undefined && { stateMachineAliasArn }),
  };
}

function mapRunOf({ mapRun }: Pick<ExecutionFacts, "mapRun">): Pick<Execution, "mapRun"> {
  return mapRun === undefined ? {} : { mapRun: { arn: mapRun.arn, itemCount: mapRun.itemCount } };
}
