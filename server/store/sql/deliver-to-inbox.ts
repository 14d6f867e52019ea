import type pg from "pg";
import { begunAt } from "./begun-at.ts";
import { isFreeFor } from "./servers.ts";

export interface InboxDelivery {
  readonly executionId: string;
  /** Unique for what the event is about, so that a repeated delivery adds nothing. */
  readonly inboxId: string;
  /** JSON of the event. */
  readonly event: string;
  /**
   * For an outcome: the delivery it answers; refused when the task is closed or delivered anew, or when
   * one of `endInboxIds` will close the execution first.
   */
  readonly task?: {
    readonly taskId: number;
    readonly epoch: number;
    readonly endInboxIds: readonly string[];
  };
  /** For what closes the execution: when the attempt began that it is meant for; refused for another. */
  readonly begunAtMs?: number;
  /** For a message: the wait it is for; refused when that is over, or when its timeout was delivered before. */
  readonly message?: { readonly waitId: number; readonly timeoutInboxId: string };
}

export type InboxResult = "Delivered" | "Duplicate" | "Stale" | "Closed" | "Moved";

/**
 * Hands an event to an execution that another server owns. The commit is the acknowledgement.
 *
 * The row lock comes first and the checks after it, in a snapshot that sees what the owner has
 * committed meanwhile; `rev` is raised, so a turn the owner is computing right now will conflict,
 * reload and find the event. Nothing acknowledged here can be overlooked.
 *
 * @returns Moved when `owner` no longer owns it: ask again who does.
 */
export async function deliverToInbox(
  sql: pg.Pool,
  delivery: InboxDelivery,
  owner: string,
): Promise<InboxResult> {
  const client = await sql.connect();
  try {
    await client.query("begin");
    const result = await deliver(client, delivery, owner);
    await client.query("commit");
    client.release();
    return result;
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    client.release(error as Error);
    throw error;
  }
}

async function deliver(
  client: pg.PoolClient,
  { executionId, inboxId, event, task, begunAtMs, message }: InboxDelivery,
  owner: string,
): Promise<InboxResult> {
  const locked = await client.query<{ status: string; owner: string | null; begunAtMs: number }>({
    name: "inbox-lock",
    text: `select status, owner, ${begunAt} as "begunAtMs" from executions e where id = $1 for update`,
    values: [executionId],
  });
  const row = locked.rows[0];
  if (row === undefined || row.status !== "RUNNING") return "Closed";
  if (row.owner !== owner) return "Moved";
  if (begunAtMs !== undefined && begunAtMs !== row.begunAtMs) return "Stale";
  if (task !== undefined) {
    const ends = await client.query({
      name: "inbox-ends",
      text: "select from inbox where execution_id = $1 and id = any($2::uuid[])",
      values: [executionId, task.endInboxIds],
    });
    if (ends.rowCount !== 0) return "Closed";
    const open = await client.query<{ epoch: number }>({
      name: "inbox-task",
      text: "select epoch from tasks where execution_id = $1 and task_id = $2",
      values: [executionId, task.taskId],
    });
    if (open.rows[0] === undefined || open.rows[0].epoch > task.epoch) return "Stale";
  }
  if (message !== undefined) {
    const open = await client.query({
      name: "inbox-message-wait",
      text: `select from message_waits where execution_id = $1 and wait_id = $2
        and not exists (select from inbox where execution_id = $1 and id = $3)`,
      values: [executionId, message.waitId, message.timeoutInboxId],
    });
    if (open.rowCount === 0) return "Stale";
  }
  const added = await client.query({
    name: "inbox-add",
    text: "insert into inbox (execution_id, id, event) values ($1, $2, $3) on conflict do nothing",
    values: [executionId, inboxId, event],
  });
  if (added.rowCount === 0) return "Duplicate";
  await client.query({
    name: "inbox-rev",
    text: "update executions set rev = rev + 1 where id = $1",
    values: [executionId],
  });
  await client.query({
    name: "inbox-notify",
    text: "select pg_notify('pawl_inbox', $1)",
    values: [`${owner} ${executionId}`],
  });
  return "Delivered";
}

/** Executions with inbox rows that are this server's to turn: its own, or of servers that are gone. */
export async function waitingInboxes(sql: pg.Pool, serverId: string): Promise<readonly string[]> {
  const { rows } = await sql.query<{ id: string }>({
    name: "waiting-inboxes",
    text: `
select distinct i.execution_id as id from inbox i join executions e on e.id = i.execution_id
where ${isFreeFor("$1", "e.owner")}
limit 1000`,
    values: [serverId],
  });
  return rows.map(({ id }) => id);
}
