/**
 * The operations whose times the README of state-machine-amz-go tells, as Pawl's API has them, and the
 * room that an execution of three tasks takes. Prints a JSON line for each. Run by bench/main.ts.
 */
import { Client } from "@pawl/sdk";
import pg from "pg";
import { answerTime } from "./answer-time.ts";
import { bytesAnExecution } from "./sizes.ts";

const { address, databaseUrl, definition, executions, rounds } = JSON.parse(
  process.argv[2] ?? "{}",
) as {
  readonly address: string;
  readonly databaseUrl: string;
  readonly definition: object;
  readonly executions: number;
  readonly rounds: number;
};
const client = new Client({ address });
const stateMachine = "library";
await client.createStateMachine({ name: stateMachine, definition });

const ids: string[] = [];
const requests = Array.from({ length: executions }, (_, order) => ({
  stateMachine,
  input: { order },
}));
for await (const { started, error } of client.startExecutions(requests, { maxInFlight: 128 })) {
  if (error !== undefined) throw error;
  ids.push(started.execution.id);
}
for (const id of ids) await client.waitForExecution(id);

const sql = new pg.Client({ connectionString: databaseUrl });
await sql.connect();
const sizes = await bytesAnExecution(sql, ["executions", "history"], executions);
await sql.end();

const idOf = (round: number): string => ids[(round * 7) % ids.length]!;
const all = async (items: AsyncIterable<unknown>): Promise<void> => {
  for await (const _ of items);
};
await answerTime("save: start, durable", rounds, () =>
  client.startExecution({ stateMachine, input: { order: 1 } }),
);
await answerTime("get", rounds, (round) => client.getExecution(idOf(round)));
await answerTime("list 10", rounds, () =>
  all(client.listExecutions({ stateMachine, pageSize: 10, limit: 10 })),
);
await answerTime("get with history", rounds, (round) =>
  Promise.all([client.getExecution(idOf(round)), all(client.listExecutionEvents(idOf(round)))]),
);
client.close();
for (const size of sizes) process.stdout.write(`${JSON.stringify(size)}\n`);
