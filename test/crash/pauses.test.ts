import { Client, silentLog, Worker } from "@pawl/sdk";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Cluster } from "../chaos/cluster.ts";

const count = 60;
const cluster = new Cluster();
let client: Client;
let worker: Worker;
beforeAll(async () => {
  await cluster.start({ servers: 2, workers: 0 });
  client = new Client({ address: cluster.addresses, timeoutMs: 60_000 });
  worker = new Worker({ address: cluster.addresses, log: silentLog });
}, 60_000);
afterAll(async () => {
  await worker.close({ graceMs: 0 });
  client.close();
  await cluster.stop();
});

test(
  "kill -9 of servers and PostgreSQL while executions are paused: each goes on where it stood, once resumed",
  { timeout: 120_000 },
  async () => {
    const order = {
      StartAt: "Charge",
      States: {
        Charge: { Type: "Task", Resource: "charge", Next: "Ship" },
        Ship: { Type: "Task", Resource: "ship", End: true },
      },
    };
    await client.createStateMachine({ name: "order", definition: order });
    let letGo = (): void => undefined;
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    const shipped = new Set<string>();
    let charges = 0;
    worker.task("charge", async (_input, { execution }) => {
      charges += 1;
      await gate;
      return { execution };
    });
    worker.task("ship", (input: { readonly execution: string }, { execution }) => {
      expect(input.execution).toBe(execution);
      shipped.add(execution);
      return input;
    });
    await worker.start();
    const ids: string[] = [];
    for (let n = 0; n < count; n += 1)
      ids.push((await client.startExecution({ stateMachine: "order" })).execution.id);
    await expect.poll(() => charges, { timeout: 20_000 }).toBe(count);

    await Promise.all(ids.map((id) => client.pauseExecution(id)));
    letGo();
    cluster.killServer(0);
    const recorded = async (): Promise<number> => {
      const states = await Promise.all(ids.map((id) => client.getExecution(id)));
      return states.filter(({ eventCount }) => eventCount === recordedEvents).length;
    };
    await expect.poll(recorded, { timeout: 40_000, interval: 500 }).toBe(count);
    cluster.killPostgres();
    cluster.killServer(1);
    await expect
      .poll(() => client.countExecutions({ status: "PAUSED" }), { timeout: 20_000 })
      .toEqual({ count, limited: false });
    expect(shipped.size).toBe(0);

    await Promise.all(ids.map((id) => client.resumeExecution(id)));
    const ended = await Promise.all(ids.map((id) => client.waitForExecution(id)));
    expect(ended.filter(({ status }) => status !== "SUCCEEDED")).toEqual([]);
    expect(shipped.size).toBe(count);
  },
);

/** ExecutionStarted, StateEntered, Scheduled, Started, ExecutionPaused, Succeeded; no more until it is resumed. */
const recordedEvents = 6;
