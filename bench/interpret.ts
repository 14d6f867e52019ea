/**
 * The interpreter alone: no store, no network, tasks answered at once. Prints a JSON line for each machine
 * of interpret-machines.json; bench/peers/aws-local-stepfunctions.mjs plays the same.
 */
import { readFileSync } from "node:fs";
import { compileDefinition, newExecution, step } from "../server/asl/index.ts";
import type { Definition, Event, ExecutionFacts, Turn } from "../server/asl/index.ts";

export interface Machine {
  readonly name: string;
  readonly definition: object;
  readonly input: unknown;
}

const machines = JSON.parse(
  readFileSync(new URL("interpret-machines.json", import.meta.url), "utf8"),
) as readonly Machine[];
const { seconds } = JSON.parse(process.argv[2] ?? '{"seconds":2}') as { readonly seconds: number };

let ids = 0;
const facts: Omit<ExecutionFacts, "input"> = {
  executionArn: "arn:aws:states:us-east-1:000000000000:execution:bench:run",
  name: "run",
  roleArn: "arn:aws:iam::000000000000:role/bench",
  startTimeMs: Date.now(),
  stateMachineArn: "arn:aws:states:us-east-1:000000000000:stateMachine:bench",
  stateMachineName: "bench",
  type: "STANDARD",
  isSync: false,
};

for (const { name, definition: source, input } of machines) {
  const { definition } = compileDefinition(JSON.stringify(source));
  if (definition === undefined) throw new Error(`the machine ${name} is not valid`);
  const text = JSON.stringify(input);
  await runFor(seconds / 2, definition, text);
  const perSecond = await runFor(seconds, definition, text);
  process.stdout.write(`${JSON.stringify({ what: `interpret ${name}`, perSecond })}\n`);
}

/** @returns executions a second. */
async function runFor(forSeconds: number, definition: Definition, input: string): Promise<number> {
  const began = performance.now();
  let executions = 0;
  for (; performance.now() - began < forSeconds * 1000; executions += 1)
    await run(definition, input);
  return (executions * 1000) / (performance.now() - began);
}

async function run(definition: Definition, input: string): Promise<void> {
  const execution = newExecution({ ...facts, input });
  let events: readonly Event[] = [{ type: "Started" }];
  while (execution.status === "RUNNING") {
    const { effects, defect } = await step(definition, execution, events, turn());
    if (defect !== undefined) throw defect;
    events = effects.map((effect): Event => {
      if (effect.type === "ScheduleTask")
        return { type: "TaskSucceeded", taskId: effect.taskId, output: '{"done":true}' };
      if (effect.type === "RequestTurn") return { type: "Turn" };
      throw new Error(`the bench does not wait for a ${effect.type}`);
    });
  }
  if (execution.status !== "SUCCEEDED") throw new Error(JSON.stringify(execution.failure));
}

function turn(): Turn {
  return {
    nowMs: Date.now(),
    random: () => 0.5,
    newUuid: () => `00000000-0000-4000-8000-${String((ids += 1)).padStart(12, "0")}`,
    limits: { payloadBytesMax: 262_144, historyEventsMax: 25_000, transitionsPerTurnMax: 1_000 },
    aws: { region: "us-east-1", accountId: "000000000000" },
  };
}
