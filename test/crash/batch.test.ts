import { Client } from "@pawl/sdk";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Cluster } from "../chaos/cluster.ts";

const total = 10_000;
const cluster = new Cluster();
let client: Client;
beforeAll(async () => {
  await cluster.start({ servers: 2, workers: 0 });
  client = new Client({ address: cluster.addresses, timeoutMs: 60_000 });
}, 60_000);
afterAll(async () => {
  client.close();
  await cluster.stop();
});

test(
  "kill -9 in the middle of a batch of 10,000: every item has been started, once",
  { timeout: 150_000 },
  async () => {
    await client.createStateMachine({
      name: "short",
      definition: {
        StartAt: "Rest",
        States: {
          Rest: { Type: "Wait", Seconds: 1, Next: "Done" },
          Done: { Type: "Pass", End: true },
        },
      },
    });
    const inputs = Array.from({ length: total }, (_, index) => ({ index }));
    const settings = { stateMachine: "short", inputs, maxConcurrency: 1_000 };
    const { id } = await client.createBatch(settings);
    let kills = 0;
    const ended: number[] = [];
    for await (const update of client.watchBatch(id, { items: true, fromStart: true })) {
      if (update.type === "item" && update.item.status !== "RUNNING") ended.push(update.item.index);
      if (update.type !== "progress") continue;
      const { succeeded } = update.batch.counts;
      if (succeeded < (kills + 1) * 2_000 || kills === 3) continue;
      cluster.killServer(kills % 2);
      kills += 1;
    }
    expect(kills).toBe(3);
    expect(await client.getBatch(id)).toMatchObject({
      status: "SUCCEEDED",
      counts: { total, succeeded: total, failed: 0, skipped: 0, running: 0, pending: 0 },
    });
    expect(new Set(ended).size).toBe(total);
    expect(ended).toHaveLength(total);
    const sql = new pg.Client({ connectionString: cluster.databaseUrl });
    await sql.connect();
    const { rows } = await sql.query<{ started: number; closed: number; items: number }>(
      `select (select count(*)::int from executions) as started,
        (select count(*)::int from executions where status = 'SUCCEEDED') as closed,
        (select count(distinct execution_id)::int from batch_items) as items`,
    );
    await sql.end();
    expect(rows).toEqual([{ started: total, closed: total, items: total }]);
  },
);
