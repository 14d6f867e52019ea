// pg-boss: three queues, each handler sends to the next; the clock stops in the last handler,
// before its completion is committed (pg-boss tells nobody later), which flatters it.
import { PgBoss } from "pg-boss";
import { closedLoop, options, print } from "./closed-loop.mjs";

const { databaseUrl, loads } = options();
const boss = new PgBoss({
  connectionString: databaseUrl,
  max: 20,
  useListenNotify: true,
  schedule: false,
  supervise: false,
});
boss.on("error", () => undefined);
await boss.start();
const waiting = new Map();
const queues = ["step1", "step2", "step3"];
for (const queue of queues) await boss.createQueue(queue, { notify: true });
for (const [index, queue] of queues.entries()) {
  const next = queues[index + 1];
  await boss.work(
    queue,
    { batchSize: 50, localConcurrency: 2, burstWhenBatchFull: true, pollingIntervalSeconds: 0.5 },
    async (jobs) => {
      if (next !== undefined) {
        await boss.insert(
          next,
          jobs.map(({ data }) => ({ data })),
        );
        return;
      }
      for (const { data } of jobs) waiting.get(data.id)?.();
    },
  );
}
let sequence = 0;
const run = () =>
  new Promise((resolve, reject) => {
    const id = ++sequence;
    waiting.set(id, () => {
      waiting.delete(id);
      resolve();
    });
    boss.send("step1", { id, order: "A-1", amount: 250 }).catch(reject);
  });
await closedLoop({ inFlight: 8, executions: 50, run });
for (const load of loads) print({ peer: "pg-boss", ...(await closedLoop({ ...load, run })) });
await boss.stop({ graceful: false, close: true });
process.exit(0);
