/**
 * The proof that nothing is stuck: every thread of every open execution has the row that will wake it.
 *
 * What a thread waits for is in its scope; whether the row is there is asked in the same snapshot.
 */
import type { Client } from "pg";
import { decodeScope } from "../../asl/index.ts";
import type { Event, Scope } from "../../asl/index.ts";
import type { Check, Finding } from "./check.ts";
import { examplesMax } from "./check.ts";

/** A row that should be there. `Turn`: the timer with id 0, or anything in the inbox. */
type Wake =
  | { readonly kind: "Task"; readonly taskId: number }
  | {
      readonly kind: "Timer";
      readonly timerId: number;
      readonly scopeId: number;
      readonly dueAtMs: number;
    }
  | { readonly kind: "Message"; readonly waitId: number }
  | { readonly kind: "Turn" }
  /** The scope's text can not be read. */
  | { readonly kind: "Unreadable" };

/** An open execution with the ids of its wake rows. */
interface OpenExecution {
  readonly id: string;
  readonly about: string;
  readonly owner: string | null;
  readonly isPaused: boolean;
  readonly scopes: readonly string[];
  readonly tasks: readonly number[];
  readonly timers: readonly number[];
  readonly waits: readonly number[];
  /** The task that each event in the inbox is about; null: none. */
  readonly inbox: readonly (number | null)[];
}

export const threadCheck: Check = {
  find: async (client) => {
    const stuck: { readonly about: string; readonly missing: readonly Wake[] }[] = [];
    for await (const { about, missing } of stuckExecutions(client)) stuck.push({ about, missing });
    const mended = stuck.filter(({ missing }) => missing.every(isMendable));
    const left = stuck.filter(({ missing }) => !missing.every(isMendable));
    return [
      ...findingOf(mended, {
        advice: "Look at what removed its rows: Pawl writes the next one when it removes one",
        repair:
          "lost timers are set again as they were; a lost task counts as timed out, and its Retry decides; turns go on",
      }),
      ...findingOf(left, {
        advice: "Stop each with pawl stop and take it up with pawl redrive",
      }),
    ];
  },
  repair: async (client) => {
    const ids: string[] = [];
    for await (const { id } of stuckExecutions(client)) ids.push(id);
    for (const id of ids) await mend(client, id);
  },
};

function findingOf(
  stuck: readonly { readonly about: string; readonly missing: readonly Wake[] }[],
  more: Pick<Finding, "advice" | "repair">,
): readonly Finding[] {
  if (stuck.length === 0) return [];
  const examples = stuck
    .slice(0, examplesMax)
    .map(({ about, missing }) => `${about} lacks ${missing.map(nameOf).join(", ")}`);
  const message = `${stuck.length} open executions have a state that nothing will move`;
  return [{ code: "STUCK", severity: "ERROR", message, count: stuck.length, examples, ...more }];
}

function nameOf(wake: Wake): string {
  switch (wake.kind) {
    case "Task":
      return `task ${wake.taskId}`;
    case "Timer":
      return `timer ${wake.timerId}`;
    case "Message":
      return `message wait ${wake.waitId}`;
    case "Turn":
      return "its turn";
    case "Unreadable":
      return "a scope that can be read";
  }
}

/** What a message wait is for is only in its row. */
function isMendable({ kind }: Wake): boolean {
  return kind !== "Message" && kind !== "Unreadable";
}

const pageSize = 200;

async function* stuckExecutions(
  client: Client,
): AsyncGenerator<OpenExecution & { readonly missing: readonly Wake[] }> {
  let after = "00000000-0000-0000-0000-000000000000";
  for (;;) {
    const { rows } = await client.query<OpenExecution>(
      `${openText} and e.id > $1 order by e.id limit ${pageSize}`,
      [after],
    );
    for (const row of rows) {
      const missing = missingWakes(row);
      if (missing.length > 0) yield { ...row, missing };
    }
    if (rows.length < pageSize) return;
    after = rows.at(-1)!.id;
  }
}

const openText = `
select e.id, e.state_machine_name || '/' || e.name || ' (' || e.id || ')' as about, e.owner, e.pause is not null as "isPaused",
  e.state || array(select s.state from scopes s where s.execution_id = e.id) as scopes,
  array(select task_id from tasks t where t.execution_id = e.id) as tasks,
  array(select timer_id from timers t where t.execution_id = e.id) as timers,
  array(select wait_id from message_waits w where w.execution_id = e.id) as waits,
  array(select (i.event::json ->> 'taskId')::int from inbox i where i.execution_id = e.id) as inbox
from executions e where e.status = 'RUNNING'`;

function missingWakes(execution: OpenExecution): readonly Wake[] {
  const needed = execution.scopes.flatMap(neededWakes);
  const wakes: readonly Wake[] = needed.length > 0 ? needed : [{ kind: "Turn" }];
  // A paused one begins nothing until it is resumed.
  return wakes.filter((wake) => !isThere(wake, execution) && !(isTurn(wake) && execution.isPaused));
}

function isTurn({ kind }: Wake): boolean {
  return kind === "Turn";
}

/** What a scope waits for; nothing where its children, or its siblings' ends, move it. */
function neededWakes(text: string): readonly Wake[] {
  const scope = decoded(text);
  if (scope === undefined) return [{ kind: "Unreadable" }];
  const { position, id: scopeId } = scope;
  switch (position.kind) {
    case "Turn":
    case "Ended":
      return [{ kind: "Turn" }];
    case "Task":
    case "Input":
      return [{ kind: "Task", taskId: position.taskId }];
    case "Retry":
    case "Wait": {
      const { timerId, dueAtMs } = position;
      return [{ kind: "Timer", timerId, scopeId, dueAtMs }];
    }
    case "Message": {
      const { waitId, dueAtMs } = position;
      const wait: Wake = { kind: "Message", waitId };
      if (dueAtMs === undefined) return [wait];
      return [wait, { kind: "Timer", timerId: waitId, scopeId, dueAtMs }];
    }
    case "Children":
    case "Succeeded":
    case "Failed":
      return [];
  }
}

function decoded(text: string): Scope | undefined {
  try {
    return decodeScope(text);
  } catch {
    return undefined;
  }
}

function isThere(wake: Wake, { tasks, timers, waits, inbox }: OpenExecution): boolean {
  switch (wake.kind) {
    case "Task":
      return tasks.includes(wake.taskId) || inbox.includes(wake.taskId);
    case "Timer":
      return timers.includes(wake.timerId);
    case "Message":
      return waits.includes(wake.waitId);
    case "Turn":
      return inbox.length > 0 || timers.includes(0);
    case "Unreadable":
      return false;
  }
}

/** Under the execution's lock, looked at again: what it got meanwhile is not given twice. `rev` makes its server read it anew. */
async function mend(client: Client, id: string): Promise<void> {
  await client.query("begin");
  try {
    await client.query("select from executions where id = $1 for update", [id]);
    const { rows } = await client.query<OpenExecution>(`${openText} and e.id = $1`, [id]);
    const execution = rows[0];
    const missing = execution === undefined ? [] : missingWakes(execution);
    if (missing.length > 0 && missing.every(isMendable)) {
      for (const wake of missing) await restore(client, id, wake);
      await client.query(wakeText, [id]);
    }
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  }
}

const wakeText = `
with woken as (update executions set rev = rev + 1 where id = $1 returning id, owner)
select pg_notify('pawl_inbox', owner || ' ' || id) from woken where owner is not null`;

async function restore(client: Client, executionId: string, wake: Wake): Promise<void> {
  if (wake.kind === "Task") {
    const event: Event = { type: "TaskTimedOut", taskId: wake.taskId, reason: "Timeout" };
    await client.query(
      `insert into inbox (execution_id, id, event) values ($1, md5($3)::uuid, $2) on conflict do nothing`,
      [executionId, JSON.stringify(event), `${executionId}/lost-task/${wake.taskId}`],
    );
    return;
  }
  const { timerId, scopeId, dueAtMs } =
    wake.kind === "Timer" ? wake : { timerId: 0, scopeId: 0, dueAtMs: 0 };
  await client.query(
    `insert into timers (execution_id, timer_id, scope_id, due_at)
     values ($1, $2, $3, greatest(to_timestamp($4::float8 / 1000), now())) on conflict do nothing`,
    [executionId, timerId, scopeId, dueAtMs],
  );
}
