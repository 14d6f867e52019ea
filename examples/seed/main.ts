/** Runs every program against a server, `localhost:7300` unless another is named, with a worker in this process. */
import { Client, Worker } from "@pawl/sdk";
import * as programs from "./programs.ts";
import register from "./worker.ts";

const address = process.argv[2] ?? "localhost:7300";
const worker = new Worker({ address });
register(worker);
await worker.start();
using client = new Client({ address });
for (const [name, run] of Object.entries(programs)) {
  const { status, output, error } = await run(client);
  process.stdout.write(`${name} ${status} ${JSON.stringify(output ?? error)}\n`);
}
await worker.close();
