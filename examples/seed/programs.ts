/** The programs of the library's README, as programs of `@pawl/sdk`. A worker must serve their tasks. */
import { readFile } from "node:fs/promises";
import type { Batch, Client, Execution } from "@pawl/sdk";

/** Go: `statemachine.New(...)`, then `sm.Execute(ctx, input)`. */
export async function quickStart(client: Client): Promise<Execution> {
  const stateMachine = await apply(client, "quick-start.json");
  return client.runExecution({ stateMachine, input: { orderId: "ORD-1" } });
}

/** Go: a Parallel state. Here branches may hold any state, and Retry and Catch work. */
export async function parallel(client: Client): Promise<Execution> {
  const stateMachine = await apply(client, "parallel.yaml");
  return client.runExecution({ stateMachine, input: { user: "ada", seats: 12 } });
}

/** Go: `exec.Message(ctx, request)` resumes what waits. Here nobody has to wait yet, if the message may be kept. */
export async function payment(client: Client): Promise<Execution> {
  const stateMachine = await apply(client, "payment.yaml");
  const input = { orderId: "ORD-2", patienceSeconds: 300 };
  const { execution } = await client.startExecution({ stateMachine, input });
  await client.sendMessage({
    correlationKey: "order_id",
    correlationValue: "ORD-2",
    data: { amount: 42 },
    timeToLiveMs: 60_000,
  });
  return client.waitForExecution(execution.id);
}

/** Go: the timeout of a Message state, with `Catch` on `States.Timeout`. */
export async function paymentTimeout(client: Client): Promise<Execution> {
  const stateMachine = await apply(client, "payment.yaml");
  return client.runExecution({ stateMachine, input: { orderId: "ORD-3", patienceSeconds: 1 } });
}

/** `order-processing.yaml` is what `pawl import-seed library/order_processing.yaml` makes. */
export async function orderProcessing(client: Client): Promise<Execution> {
  const stateMachine = await apply(client, "order-processing.yaml");
  const input = { order: { total: 250 }, customer: { email: "ada@example.com" } };
  return client.runExecution({ stateMachine, input });
}

/** Go: `sm.Execute(ctx, nil, WithSourceExecution(id, "Clean"), WithInputTransformer(fn), WithUniqueness(true))`. */
export async function chain(client: Client): Promise<Execution> {
  const ingest = await apply(client, "ingest.yaml");
  const report = await apply(client, "report.yaml");
  const source = await client.runExecution({ stateMachine: ingest, input: { number: 7 } });
  const transformer = { jsonata: '{"title": "of " & $string($states.input.number)}' };
  const { execution } = await client.startExecution({
    stateMachine: report,
    chain: { execution: source.id, state: "Clean", transformer, unique: true },
  });
  return client.waitForExecution(execution.id);
}

/** Go: `sm.ExecuteBulk(ctx, inputs, opts)`. Its results are in the order of the inputs, too. */
export async function bulk(client: Client): Promise<BatchOutcome> {
  const stateMachine = await apply(client, "report.yaml");
  const inputs = ["a", "b", "c"].map((title) => ({ title }));
  const { id } = await client.createBatch({ stateMachine, inputs, maxConcurrency: 2 });
  return outcomeOf(client, id);
}

/**
 * Go: `sm.ExecuteBatch(ctx, filter, "Clean", opts)` over the executions that a filter finds, with a failure
 * policy as of its micro-batches. Two of the sources have failed: what their state put out is taken all the same.
 */
export async function batch(client: Client): Promise<BatchOutcome> {
  const ingest = await apply(client, "ingest.yaml");
  const report = await apply(client, "report.yaml");
  const inputs = [1, 2, 3, 4].map((number) => ({ number }));
  const sources = await client.createBatch({ stateMachine: ingest, inputs });
  await outcomeOf(client, sources.id);
  const transformer = { jsonata: '{"title": "of " & $string($states.input.number)}' };
  const { id } = await client.createBatch({
    chain: { stateMachine: report, state: "Clean", transformer, unique: true },
    executions: { stateMachine: ingest, namePrefix: `${sources.id}-` },
    microBatchSize: 2,
    failurePolicy: { severeRate: 0.5, softRate: 0.2 },
  });
  return outcomeOf(client, id);
}

/** As of an execution; `output` has those of the items. */
type BatchOutcome = Pick<Batch, "status"> & Pick<Execution, "output" | "error">;

/** Go: `OnExecutionComplete` is an item of the watch. */
async function outcomeOf(client: Client, id: string): Promise<BatchOutcome> {
  for await (const update of client.watchBatch(id)) if (update.isTerminal) break;
  const { status } = await client.getBatch(id);
  const outputs = [];
  for await (const { output = null } of client.listBatchItems(id, { payloads: "FULL" }))
    outputs.push(output);
  return { status, output: outputs, error: undefined };
}

async function apply(client: Client, file: string): Promise<string> {
  const definition = await readFile(new URL(file, import.meta.url), "utf8");
  const name = `seed-${file.replace(/\.\w+$/, "")}`;
  const { stateMachine } = await client.applyStateMachine({ name, definition });
  return stateMachine.name;
}
