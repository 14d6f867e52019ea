import type { HistoryEvent } from "../../server/asl/index.ts";
import { Arns } from "../../server/engine/arns.ts";
import { deriveExecutionId, newUuidV7 } from "../../server/engine/ids.ts";
import type { Store } from "../../server/store/open-store.ts";

interface Machine {
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  readonly revisionId: string;
  readonly type: "STANDARD" | "EXPRESS";
}

interface ExecutionRowOptions {
  /** Absent: made from the id, as by the engine. */
  readonly name?: string;
  readonly status?: string;
  readonly startedAtMs?: number;
  readonly stoppedAtMs?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly output?: string;
  readonly error?: string;
  /** Events by turn. */
  readonly turns?: readonly (readonly HistoryEvent[])[];
}

const arns = new Arns({ region: "us-east-1", accountId: "000000000000" });

/** Puts an execution's rows into the database, as turns would have written them, for tests of what is read. */
export async function insertExecution(
  store: Pick<Store, "pool">,
  machine: Machine,
  options: ExecutionRowOptions,
): Promise<{ id: string; name: string; arn: string }> {
  const startedAtMs = options.startedAtMs ?? Date.now();
  const id =
    options.name === undefined
      ? newUuidV7(startedAtMs)
      : deriveExecutionId(machine.name, options.name);
  const name = options.name ?? id;
  const arn = arns.execution(machine, name, id);
  const facts = {
    executionArn: arn,
    name,
    roleArn: "",
    startTimeMs: startedAtMs,
    stateMachineArn: machine.arn,
    stateMachineName: machine.name,
    type: machine.type,
    isSync: false,
  };
  const turns = options.turns ?? [];
  await store.pool.query(
    `insert into executions (id, state_machine_id, state_machine_name, revision_id, name, status, rev, next_event_id, next_scope_id,
       facts, input, output, error, labels, started_at, stopped_at)
     values ($1, $2, $3, $4, $5, $6, 0, $7, 1, $8, $9, $10, $11, $12, to_timestamp($13 / 1000.0), to_timestamp($14::float8 / 1000.0))`,
    [
      id,
      machine.id,
      machine.name,
      machine.revisionId,
      name,
      options.status ?? "RUNNING",
      (turns.at(-1)?.at(-1)?.id ?? 0) + 1,
      JSON.stringify(facts),
      options.input ?? "{}",
      options.output ?? null,
      options.error ?? null,
      options.labels === undefined ? null : JSON.stringify(options.labels),
      startedAtMs,
      options.stoppedAtMs ?? null,
    ],
  );
  if ((options.status ?? "RUNNING") === "RUNNING")
    await store.pool.query(
      "insert into timers (execution_id, timer_id, scope_id, due_at) values ($1, 1, 0, now() + interval '1 day')",
      [id],
    );
  for (const events of turns) {
    await store.pool.query(
      "insert into history (execution_id, first_event_id, last_event_id, events) values ($1, $2, $3, $4)",
      [id, events[0]!.id, events.at(-1)!.id, JSON.stringify(events)],
    );
  }
  return { id, name, arn };
}
