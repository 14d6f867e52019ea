import type { Pool } from "pg";
import type { HistoryEvent } from "../../server/asl/index.ts";
import { kinds, withoutRuns } from "./workload.ts";

/** What the client was told, by execution name. */
export interface ClientLog {
  /** The start was acknowledged. */
  readonly started: ReadonlyMap<
    string,
    { readonly id: string; readonly kind: string; readonly n: number }
  >;
  /** The end was told. */
  readonly ended: ReadonlyMap<
    string,
    { readonly status: string; readonly output: string | undefined }
  >;
  /** A stop was acknowledged. */
  readonly stopped: ReadonlySet<string>;
}

export interface WorkerLog {
  /** Token of a run's outcome by run id. */
  readonly runs: ReadonlyMap<string, string>;
  /** Tokens whose outcome was acknowledged as recorded. */
  readonly recorded: ReadonlySet<string>;
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly machine: string;
  readonly status: string;
  readonly output: string | null;
  readonly events: readonly string[];
}

/** Compares what was told with what is recorded. Every line is a broken promise; none: all were kept. */
export async function audit(
  sql: Pool,
  client: ClientLog,
  workers: WorkerLog,
): Promise<readonly string[]> {
  const problems: string[] = [];
  const { rows } = await sql.query<Row>(`
    select e.id, e.name, e.state_machine_name as machine, e.status, e.output,
      (select json_agg(h.events order by h.first_event_id) from history h where h.execution_id = e.id) as events
    from executions e`);
  const byName = new Map(rows.map((row) => [row.name, row]));
  for (const [name, { id }] of client.started) {
    const row = byName.get(name);
    if (row === undefined) problems.push(`lost: ${name} was acknowledged and is not there`);
    else if (row.id !== id) problems.push(`${name} was acknowledged as ${id} and is ${row.id}`);
  }
  for (const [name, told] of client.ended) {
    const row = byName.get(name);
    if (
      row !== undefined &&
      (row.status !== told.status || (row.output ?? undefined) !== told.output)
    ) {
      problems.push(
        `${name}: told ${told.status} ${told.output ?? ""}, recorded ${row.status} ${row.output ?? ""}`,
      );
    }
  }
  for (const name of client.stopped) {
    const row = byName.get(name);
    if (row?.status !== "ABORTED")
      problems.push(`${name}: a stop was acknowledged and it is ${row?.status ?? "missing"}`);
  }
  const seenRuns = new Map<string, string>();
  for (const row of rows) problems.push(...checkExecution(row, client, workers, seenRuns));
  problems.push(...checkAcknowledgedRuns(workers, seenRuns));
  problems.push(...(await leftovers(sql)));
  return problems;
}

function checkExecution(
  row: Row,
  client: ClientLog,
  workers: WorkerLog,
  seenRuns: Map<string, string>,
): readonly string[] {
  const problems: string[] = [];
  const say = (problem: string): void =>
    void problems.push(`${row.name} (${row.machine}): ${problem}`);
  const events = (row.events ?? []).flatMap((text) => JSON.parse(text) as HistoryEvent[]);
  checkHistory(events, row.status, say);
  if (row.status === "RUNNING") say("stuck: it is still running");
  if (row.status === "FAILED" || row.status === "TIMED_OUT")
    say(`ended ${row.status}: ${JSON.stringify(events.at(-1)?.details)}`);
  for (const event of events.filter(isWorkersSuccess)) {
    const run = withoutRuns(JSON.parse(event.details?.["output"] as string)).runs.at(-1) ?? "";
    const before = seenRuns.get(run);
    if (before !== undefined) say(`run ${run} is recorded twice (also in ${before})`);
    if (!workers.runs.has(run)) say(`run ${run} was never made by a worker`);
    seenRuns.set(run, row.name);
  }
  const started = client.started.get(row.name);
  if (row.status === "SUCCEEDED" && started !== undefined && row.output !== null) {
    const { value } = withoutRuns(JSON.parse(row.output));
    const expected = kinds.find(({ name }) => name === started.kind)!.expected(started.n);
    if (JSON.stringify(value) !== JSON.stringify(expected))
      say(`output is ${JSON.stringify(value)}, must be ${JSON.stringify(expected)}`);
  }
  return problems;
}

/** What a nested execution gives is in its own history. */
function isWorkersSuccess({ type, details }: HistoryEvent): boolean {
  if (type === "LambdaFunctionSucceeded") return true;
  return type === "TaskSucceeded" && details?.["resource"] !== "startExecution.sync:2";
}

const outcomeTypes = /^(Task|LambdaFunction|Activity)(Succeeded|Failed|TimedOut)$/;
const terminalTypes = /^Execution(Succeeded|Failed|Aborted|TimedOut)$/;

function checkHistory(
  events: readonly HistoryEvent[],
  status: string,
  say: (problem: string) => void,
): void {
  let lastMs = 0;
  const outcomes = new Map<number, number>();
  for (const [index, event] of events.entries()) {
    if (event.id !== index + 1)
      return say(`event ${index + 1} has id ${event.id}: a gap or a double`);
    if (event.previousEventId >= event.id)
      say(`event ${event.id} follows ${event.previousEventId}`);
    if (event.timestampMs < lastMs) say(`event ${event.id} is earlier than the one before`);
    lastMs = event.timestampMs;
    const next = events[index + 1]?.type;
    if (next !== undefined && terminalTypes.test(event.type) !== (next === "ExecutionRedriven"))
      say(`event ${event.id} ${event.type} is followed by ${next}`);
    if (outcomeTypes.test(event.type)) {
      const scheduled = scheduledOf(events, event);
      outcomes.set(scheduled, (outcomes.get(scheduled) ?? 0) + 1);
    }
  }
  for (const [scheduled, count] of outcomes)
    if (count > 1) say(`the task scheduled at ${scheduled} has ${count} outcomes`);
  const isClosed = status !== "RUNNING";
  if (isClosed !== terminalTypes.test(events.at(-1)?.type ?? ""))
    say(`is ${status} and its last event is ${events.at(-1)?.type}`);
}

function scheduledOf(events: readonly HistoryEvent[], outcome: HistoryEvent): number {
  const before = events[outcome.previousEventId - 1];
  return before !== undefined && before.type.endsWith("Started")
    ? before.previousEventId
    : outcome.previousEventId;
}

/** What a worker was told is recorded must be in a history. */
function checkAcknowledgedRuns(
  workers: WorkerLog,
  seenRuns: ReadonlyMap<string, string>,
): readonly string[] {
  const runsOf = new Map<string, string[]>();
  for (const [run, token] of workers.runs) runsOf.set(token, [...(runsOf.get(token) ?? []), run]);
  return [...workers.recorded].flatMap((token) => {
    const runs = runsOf.get(token) ?? [];
    if (runs.length === 0 || runs.some((run) => seenRuns.has(run))) return []; // none: it reported a failure
    return [`lost: the outcome of run ${runs.join(", ")} was acknowledged and is in no history`];
  });
}

async function leftovers(sql: Pool): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const table of ["tasks", "timers", "scopes", "inbox", "message_waits"]) {
    // Scopes of what did not succeed stay, with its root, for a redrive.
    const isKept = table === "scopes" ? "and e.state is null" : "";
    const { rows } = await sql.query<{ name: string; row: object }>(
      `select e.name, to_json(t) as row from ${table} t left join executions e on e.id = t.execution_id where e.status is distinct from 'RUNNING' ${isKept}`,
    );
    for (const { name, row } of rows)
      problems.push(`${name} has closed and left a row of ${table}: ${JSON.stringify(row)}`);
  }
  const { rows } = await sql.query<{ name: string }>(`
    select name from executions e where status = 'RUNNING'
      and not exists (select 1 from tasks t where t.execution_id = e.id)
      and not exists (select 1 from timers t where t.execution_id = e.id)
      and not exists (select 1 from message_waits w where w.execution_id = e.id)
      and not exists (select 1 from inbox i where i.execution_id = e.id)`);
  for (const { name } of rows) problems.push(`${name} is open and nothing will ever move it`);
  return problems;
}
