// DBOS: an in-process workflow of three steps, awaited by its handle; the result is durable when told.
import { DBOS } from "@dbos-inc/dbos-sdk";
import { closedLoop, options, print } from "./closed-loop.mjs";

const { databaseUrl, loads } = options();
DBOS.setConfig({
  name: "pawl-bench",
  systemDatabaseUrl: databaseUrl,
  systemDatabasePoolSize: 20,
  runAdminServer: false,
  logLevel: "error",
});
const step = async (order) => ({ ...order, done: true });
const workflow = DBOS.registerWorkflow(
  async (order) => {
    const one = await DBOS.runStep(() => step(order), { name: "step1" });
    const two = await DBOS.runStep(() => step(one), { name: "step2" });
    return DBOS.runStep(() => step(two), { name: "step3" });
  },
  { name: "sequential" },
);
await DBOS.launch();
const run = async (index) => {
  const handle = await DBOS.startWorkflow(workflow)({ order: "A-1", amount: 250, index });
  return handle.getResult();
};
await closedLoop({ inFlight: 8, executions: 50, run });
for (const load of loads) print({ peer: "DBOS", ...(await closedLoop({ ...load, run })) });
await DBOS.shutdown();
process.exit(0);
