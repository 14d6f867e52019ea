import { Client } from "@pawl/sdk";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Cluster } from "../chaos/cluster.ts";

const total = 12_000;
const cluster = new Cluster();
let client: Client;
let sql: pg.Client;
beforeAll(async () => {
  await cluster.start({ servers: 2, workers: 0 });
  client = new Client({ address: cluster.addresses, timeoutMs: 60_000 });
  sql = new pg.Client({ connectionString: cluster.databaseUrl });
  await sql.connect();
}, 60_000);
afterAll(async () => {
  client.close();
  await sql.end();
  await cluster.stop();
});

const done = { Type: "Pass", End: true };

test(
  "kill -9 while a filter's executions are found and chained: each starts one execution, in their order",
  { timeout: 240_000 },
  async () => {
    await client.createStateMachine({
      name: "source",
      definition: { StartAt: "Done", States: { Done: done } },
    });
    await client.createStateMachine({
      name: "target",
      definition: {
        StartAt: "Rest",
        States: { Rest: { Type: "Wait", Seconds: 1, Next: "Done" }, Done: done },
      },
    });
    const inputs = Array.from({ length: total }, (_, n) => ({ n }));
    const { id: first } = await client.createBatch({
      stateMachine: "source",
      inputs,
      maxConcurrency: 500,
    });
    await ended(first);
    const { id, status } = await client.createBatch({
      chain: { stateMachine: "target", transformer: { jsonata: '{"n": $states.input.n + 1}' } },
      executions: { stateMachine: "source", status: "SUCCEEDED" },
      maxConcurrency: 1_000,
    });
    expect(status).toBe("LOADING");
    cluster.killServer(0);
    let kills = 1;
    for await (const update of client.watchBatch(id)) {
      if (update.type !== "progress") continue;
      const { succeeded } = update.batch.counts;
      if (succeeded < kills * 3_000 || kills === 4) continue;
      cluster.killServer(kills % 2);
      kills += 1;
    }
    expect(kills).toBe(4);
    expect(await client.getBatch(id)).toMatchObject({
      status: "SUCCEEDED",
      counts: { total, succeeded: total, failed: 0, skipped: 0, running: 0, pending: 0 },
    });
    const { rows } = await sql.query<Record<string, number>>(
      `select count(*)::int as started, count(distinct l.source_execution_id)::int as sources,
         count(*) filter (where (t.output::json ->> 'n')::int = (s.input::json ->> 'n')::int + 1)::int as right,
         count(*) filter (where i.index = s.at)::int as ordered,
         (select count(*)::int from executions where state_machine_name = 'target') as targets
       from batch_items i join execution_links l on l.target_execution_id = i.execution_id and l.source_execution_id::text = i.value
         join executions t on t.id = i.execution_id and t.status = 'SUCCEEDED'
         join (select id, input, row_number() over (order by started_at desc, id desc) - 1 as at
           from executions where state_machine_name = 'source') s on s.id = l.source_execution_id
       where i.batch_id = $1`,
      [id],
    );
    expect(rows).toEqual([
      { started: total, sources: total, right: total, ordered: total, targets: total },
    ]);
  },
);

async function ended(id: string): Promise<void> {
  for await (const update of client.watchBatch(id)) if (update.isTerminal) return;
}
