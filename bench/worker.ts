/** The worker process of the benchmark: answers every task at once with what it was given. */
import { Worker, silentLog } from "@pawl/sdk";

const address = process.argv[2]!;
const worker = new Worker({ address, log: silentLog });
worker.task("bench:step", { concurrency: 1_000 }, (input) => input);
process.on("SIGTERM", () => void worker.close({ graceMs: 1_000 }).then(() => process.exit(0)));
await worker.run();
