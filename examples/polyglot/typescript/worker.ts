/** Serves the tasks that it is told to. node worker.ts ADDRESS IDENTITY TASK... */
import { Worker } from "@pawl/sdk";
import type { TaskHandler } from "@pawl/sdk";
import * as tasks from "./tasks.ts";

const [address = "localhost:7300", identity = "worker", ...names] = process.argv.slice(2);

const worker = new Worker({ address, identity });
const handlers: Readonly<Record<string, TaskHandler<never, unknown>>> = tasks;
for (const name of names) worker.task(`polyglot:${name}`, handlers[name]!);
await worker.run({ graceMs: 2_000 });
