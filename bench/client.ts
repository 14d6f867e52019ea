/**
 * The client process of the benchmark: a closed loop. One execution's time runs from the call that
 * starts it to the moment the client knows its output, told by the server's stream after COMMIT.
 */
import { Client } from "@pawl/sdk";
import { inputOf, type Load } from "./scenarios.ts";

const { address, stateMachine, load, follow, prefix } = JSON.parse(process.argv[2]!) as {
  address: string;
  stateMachine: string;
  load: Load;
  /** False: the start alone is timed. */
  follow: boolean;
  prefix: string;
};
const client = new Client({ address });
const starter = client.starter({ follow, maxInFlight: load.inFlight + 1 });
const latencies: number[] = [];
let next = 0;

async function loop(): Promise<void> {
  while (next < load.executions) {
    const index = next++;
    const input = inputOf(load, index);
    const began = performance.now();
    const started = await starter.start({ stateMachine, input, name: `${prefix}-${index}` });
    if (follow) {
      const { status, output } = await started.result();
      if (status !== "SUCCEEDED" || output === undefined)
        throw new Error(`an execution ended ${status}`);
    }
    latencies.push(performance.now() - began);
  }
}

const began = performance.now();
await Promise.all(Array.from({ length: load.inFlight }, loop));
const seconds = (performance.now() - began) / 1000;
latencies.sort((a, b) => a - b);
const at = (share: number): number =>
  latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))]!;
const cpu = process.cpuUsage();
process.stdout.write(
  `${JSON.stringify({ seconds, perSecond: load.executions / seconds, p50Ms: at(0.5), p99Ms: at(0.99), cpuMs: (cpu.user + cpu.system) / 1000 })}\n`,
);
starter.abort();
client.close();
