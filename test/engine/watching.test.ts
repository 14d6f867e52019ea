import { afterAll, beforeAll, expect, test } from "vitest";
import type { ExecutionUpdate } from "../../server/engine/engine.ts";
import { EngineWorker, succeed } from "../support/engine-worker.ts";
import { createEngines, endOf, makeMachine, oneTask, pause } from "../support/engines.ts";
import type { Engines, TestEngine } from "../support/engines.ts";

let engines: Engines;
let engine: TestEngine;
let other: TestEngine;
let loop: string;
beforeAll(async () => {
  engines = await createEngines();
  engine = await engines.open();
  other = await engines.open();
  // Counts down through a task: several events a round, many turns.
  loop = await makeMachine(engine, {
    StartAt: "Work",
    States: {
      Work: { Type: "Task", Resource: "count", Next: "More" },
      More: {
        Type: "Choice",
        Choices: [{ Variable: "$", NumericGreaterThan: 0, Next: "Work" }],
        Default: "Done",
      },
      Done: { Type: "Succeed" },
    },
  });
  await EngineWorker.open(engine, ["count"], {
    credit: 1_000,
    work: (task) => succeed(Number(task.input) - 1),
  });
});
afterAll(() => engines.close());

const start = async (n: number): Promise<string> =>
  (await engine.startExecution({ stateMachine: loop, input: String(n) })).execution.id;

async function collect(
  updates: AsyncIterable<ExecutionUpdate>,
  eachMs = 0,
): Promise<ExecutionUpdate[]> {
  const all: ExecutionUpdate[] = [];
  for await (const update of updates) {
    all.push(update);
    if (eachMs > 0) await pause(eachMs);
  }
  return all;
}

function expectComplete(
  updates: readonly ExecutionUpdate[],
  afterEventId: number | undefined,
): void {
  const [first] = updates;
  const last = updates.at(-1)!;
  expect(first?.kind === "Snapshot").toBe(afterEventId === undefined);
  const from = afterEventId ?? (first?.kind === "Snapshot" ? first.lastEventId : 0);
  if (last.kind !== "Snapshot") throw new Error("it does not end with a snapshot");
  expect(last).toMatchObject({ isTerminal: true, execution: { status: "SUCCEEDED" } });
  const ids = updates.flatMap((update) => (update.kind === "Event" ? [update.event.id] : []));
  expect(ids).toEqual(
    Array.from({ length: last.lastEventId - from }, (_, index) => from + 1 + index),
  );
}

const signal = (): AbortSignal => AbortSignal.timeout(20_000);

test.each([
  ["its own server", () => engine],
  ["another server", () => other],
])(
  "watchers on %s, early, late and resuming, see every event once and in order, under load",
  async (_, from) => {
    const ids = await Promise.all(Array.from({ length: 10 }, () => start(25)));
    await Promise.all(
      ids.flatMap((id, n) =>
        [undefined, 0, 3].map(async (afterEventId) => {
          await pause(n * 7);
          const watched = from().watchExecution(id, {
            signal: signal(),
            ...(afterEventId !== undefined && { afterEventId }),
          });
          expectComplete(await collect(watched), afterEventId);
        }),
      ),
    );
  },
);

test("a slow reader is served from the database without a gap", async () => {
  const id = await start(80);
  const [slow, fast] = await Promise.all([
    collect(engine.watchExecution(id, { afterEventId: 0, signal: signal() }), 2),
    collect(engine.watchExecution(id, { afterEventId: 0, signal: signal() })),
  ]);
  expectComplete(slow, 0);
  expect(slow).toEqual(fast);
});

test("a closed execution is one snapshot, or the events after the one given and the snapshot", async () => {
  const id = await start(1);
  const { eventCount } = await endOf(engine, id);
  expect(await collect(engine.watchExecution(id, { signal: signal() }))).toMatchObject([
    { kind: "Snapshot", isTerminal: true, lastEventId: eventCount },
  ]);
  expect(
    await collect(engine.watchExecution(id, { afterEventId: eventCount - 2, signal: signal() })),
  ).toMatchObject([
    { event: { id: eventCount - 1 } },
    { event: { id: eventCount } },
    { kind: "Snapshot", isTerminal: true },
  ]);
  expect(
    await collect(engine.watchExecution(id, { afterEventId: eventCount, signal: signal() })),
  ).toMatchObject([{ kind: "Snapshot", isTerminal: true }]);
});

test("a watch from beyond the last event ends with the execution", async () => {
  const id = await start(30);
  const updates = await collect(
    engine.watchExecution(id, { afterEventId: 100_000, signal: signal() }),
  );
  expect(updates.at(-1)).toMatchObject({ kind: "Snapshot", isTerminal: true });
});

test("an aborted watch ends, and an unknown execution is refused", async () => {
  const machine = await makeMachine(engine, oneTask("nobody"));
  const { execution } = await engine.startExecution({ stateMachine: machine });
  const updates = await collect(
    engine.watchExecution(execution.id, { signal: AbortSignal.timeout(100) }),
  );
  expect(updates).toMatchObject([
    {
      kind: "Snapshot",
      isTerminal: false,
      execution: { activeStates: [{ stateName: "Work", isQueued: true, hasNoWorker: true }] },
    },
  ]);
  await expect(
    collect(engine.watchExecution(`${loop}/none`, { signal: signal() })),
  ).rejects.toMatchObject({ code: "ExecutionDoesNotExist" });
});

test("waiting gives the end, on any server, at once when it is over, and the present state when time is up", async () => {
  const id = await start(20);
  const [here, there] = await Promise.all([endOf(engine, id), endOf(other, id)]);
  expect(here).toMatchObject({ status: "SUCCEEDED", output: "0" });
  expect(there).toMatchObject({ status: "SUCCEEDED", output: "0" });
  expect((await endOf(other, id, 5)).status).toBe("SUCCEEDED");
  const machine = await makeMachine(engine, oneTask("nobody-2"));
  const { execution } = await engine.startExecution({ stateMachine: machine });
  expect((await endOf(engine, execution.id, 50)).status).toBe("RUNNING");
});
