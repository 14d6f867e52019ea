import { silentLog, stderrLog, Worker } from "@pawl/sdk";
import { registerTasks } from "./tasks.ts";

const [address = "localhost:7300", identity = "worker"] = process.argv.slice(2);

const worker = new Worker({
  address,
  identity,
  log: { ...silentLog, error: (message, fields) => stderrLog.error(message, fields) },
});
registerTasks(worker);
await worker.run({ graceMs: 2_000 });
