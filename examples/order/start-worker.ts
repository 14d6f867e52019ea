import { Worker } from "@pawl/sdk";
import register from "./worker.ts";

const worker = new Worker({ address: process.argv[2] ?? "localhost:7300" });
register(worker);
await worker.run();
