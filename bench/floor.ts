/**
 * The floor: the rows of `sequential`, written by the commit pipeline alone, in one process. No RPC,
 * no worker, no interpreter: what the persistence costs, and so the most that could be reached.
 *
 * The rows are those of a real execution: one is turned in memory, its writes are replayed under new ids.
 */
import {
  compileDefinition,
  newExecution,
  step,
  type Event,
  type Turn,
} from "../server/asl/index.ts";
import { readConfig } from "../server/config.ts";
import { newUuidV7 } from "../server/engine/ids.ts";
import type { Resident } from "../server/engine/resident.ts";
import { planTurn } from "../server/engine/turn-writes.ts";
import { silentLog } from "../server/observe/log.ts";
import { CommitPipeline } from "../server/store/commit-pipeline.ts";
import { openStore } from "../server/store/open-store.ts";
import type { StartWrite, TurnWrites } from "../server/store/turn-writes.ts";
import { inputOf, scenarios, type Load } from "./scenarios.ts";

const { databaseUrl, loads } = JSON.parse(process.argv[2]!) as {
  databaseUrl: string;
  loads: readonly Load[];
};
const store = await openStore(readConfig({ databaseUrl }), silentLog);
const serverId = newUuidV7(Date.now());
const machine = { id: newUuidV7(Date.now()), revisionId: newUuidV7(Date.now()) };
await store.pool.query(
  "insert into state_machines (id, name, type, revision_id) values ($1, $2, 'STANDARD', $3)",
  [machine.id, `floor-${machine.id}`, machine.revisionId],
);
const pipeline = new CommitPipeline({
  serverId,
  lanes: 2,
  connect: () => store.newConnection(),
  onDatabaseTime: () => undefined,
  onError: (error) => {
    throw error;
  },
});
await pipeline.open();
const writes = await recordedWrites();
for (const load of loads) process.stdout.write(`${JSON.stringify(await run(load))}\n`);
await pipeline.close();
await store.close();

async function run(load: Load): Promise<object> {
  let next = 0;
  const latencies: number[] = [];
  const loop = async (): Promise<void> => {
    while (next < load.executions) {
      next += 1;
      const began = performance.now();
      const id = newUuidV7(Date.now());
      for (const write of writes) {
        const { kind } = await pipeline.submit({
          ...write,
          executionId: id,
          ...(write.start !== undefined && { start: { ...write.start, name: id } }),
        });
        if (kind !== "Committed") throw new Error(kind);
      }
      latencies.push(performance.now() - began);
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: load.inFlight }, loop));
  const seconds = (performance.now() - began) / 1000;
  latencies.sort((a, b) => a - b);
  return {
    inFlight: load.inFlight,
    executions: load.executions,
    perSecond: load.executions / seconds,
    p50Ms: latencies[latencies.length >> 1],
  };
}

async function recordedWrites(): Promise<readonly TurnWrites[]> {
  const { resident, start } = newExecutionInMemory();
  const { state, definition } = resident;
  const turn: Turn = {
    nowMs: state.facts.startTimeMs,
    random: () => 0.5,
    newUuid: () => resident.id,
    limits: { payloadBytesMax: 262_144, historyEventsMax: 25_000, transitionsPerTurnMax: 1_000 },
    aws: { region: "us-east-1", accountId: "000000000000" },
  };
  // The row says "delivered to a session", as it does when a worker has credit.
  const session = { session: { sessionId: serverId } } as never;
  const recorded: TurnWrites[] = [];
  let event: Event = { type: "Started" };
  while (state.status === "RUNNING") {
    const result = await step(definition, state, [event], turn);
    const plan = planTurn(resident, result, {
      nowMs: turn.nowMs,
      reserve: () => session,
      taken: [{ event, settle: () => undefined }],
      ...(resident.rev === 0 && { start }),
    });
    recorded.push(plan.writes);
    resident.rev += 1;
    event = {
      type: "TaskSucceeded",
      taskId: plan.scheduled[0]?.task.taskId ?? 0,
      output: state.facts.input,
      start: { atMs: turn.nowMs, workerName: "bench" },
    };
  }
  return recorded;
}

function newExecutionInMemory(): { readonly resident: Resident; readonly start: StartWrite } {
  const scenario = scenarios.find(({ name }) => name === "sequential")!;
  const text = JSON.stringify(scenario.definition);
  const { definition } = compileDefinition(text, { type: "STANDARD" });
  const input = JSON.stringify(inputOf({ inFlight: 1, executions: 1 }, 7));
  const nowMs = Date.now();
  const arn = "arn:aws:states:us-east-1:000000000000";
  const id = newUuidV7(nowMs);
  const facts = {
    executionArn: `${arn}:execution:floor:${id}`,
    name: id,
    roleArn: "",
    startTimeMs: nowMs,
    stateMachineArn: `${arn}:stateMachine:floor`,
    stateMachineName: "floor",
    type: "STANDARD",
    isSync: false,
  } as const;
  const resident: Resident = {
    id,
    definition: definition!,
    revisionId: machine.revisionId,
    state: newExecution({ ...facts, input }),
    labels: {},
    trace: undefined,
    rev: 0,
    tasks: new Map(),
    hasTurnRow: false,
    queue: [],
    isTurning: false,
    isOutdated: false,
    stoppedAtMs: undefined,
  };
  const start: StartWrite = {
    stateMachineId: machine.id,
    stateMachineName: "floor",
    revisionId: machine.revisionId,
    name: id,
    facts: JSON.stringify(facts),
    input,
    startedAtMs: nowMs,
  };
  return { resident, start };
}
