/**
 * From SendMessage to the woken execution's end, with few and with many executions waiting for other
 * messages. Prints a JSON line for each number of waits. Run by bench/main.ts.
 */
import { Client } from "@pawl/sdk";

const { address, rounds } = JSON.parse(process.argv[2] ?? "{}") as {
  readonly address: string;
  readonly rounds: number;
};
const client = new Client({ address });
const definition = {
  StartAt: "Wait",
  States: {
    Wait: { Type: "Message", CorrelationKey: "id", CorrelationValuePath: "$.id", End: true },
  },
};
await client.createStateMachine({ name: "messages", definition });

let started = 0;
for (const waits of [100, 100_000]) {
  await startUntil(waits);
  process.stdout.write(`${JSON.stringify({ waits, ...(await measure()) })}\n`);
}
client.close();

async function startUntil(count: number): Promise<void> {
  const requests = Array.from({ length: count - started }, (_, index) => ({
    stateMachine: "messages",
    input: { id: `idle-${started + index}` },
  }));
  for await (const _ of client.startExecutions(requests, { maxInFlight: 512 })) started += 1;
}

/** One at a time: a new execution waits, is sent its message, and has closed. */
async function measure(): Promise<{ perSecond: number; p50Ms: number; p99Ms: number }> {
  const took: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const id = `woken-${started}-${round}`;
    const { execution } = await client.startExecution({ stateMachine: "messages", input: { id } });
    const ended = client.waitForExecution(execution.id);
    const sentAt = performance.now();
    const { executions } = await client.sendMessage({
      correlationKey: "id",
      correlationValue: id,
      data: { round },
    });
    if (executions.length !== 1) throw new Error(`${executions.length} executions were woken`);
    await ended;
    took.push(performance.now() - sentAt);
  }
  const sorted = took.toSorted((a, b) => a - b);
  const p50Ms = sorted[Math.floor(rounds * 0.5)]!;
  return { perSecond: 1000 / p50Ms, p50Ms, p99Ms: sorted[Math.floor(rounds * 0.99)]! };
}
