import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deliverToInbox } from "../../server/store/sql/deliver-to-inbox.ts";
import { EngineWorker, succeed } from "../support/engine-worker.ts";
import {
  createEngines,
  endOf,
  historyOf,
  makeMachine,
  oneTask,
  until,
} from "../support/engines.ts";
import type { Engines, TestEngine } from "../support/engines.ts";

let engines: Engines;
let engine: TestEngine;
let other: TestEngine;
beforeAll(async () => {
  engines = await createEngines();
  engine = await engines.open();
  other = await engines.open();
});
afterAll(() => engines.close());

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "OK",
    (error: { code?: string }) => error.code ?? "no code",
  );

test("a stop tells the worker, keeps its reason, and may be repeated with the same reason only", async () => {
  const machine = await makeMachine(engine, oneTask("stopped"));
  const worker = await EngineWorker.open(engine, ["stopped"]);
  const { execution } = await engine.startExecution({ stateMachine: machine });
  const task = await worker.nextTask();
  worker.session.accept([task.taskToken]);
  const stopped = await engine.stopExecution(execution.arn, {
    error: "Operator",
    cause: "no longer wanted",
  });
  expect(stopped).toMatchObject({
    status: "ABORTED",
    failure: { error: "Operator", cause: "no longer wanted" },
  });
  expect(worker.wasCancelled(task)).toBe("EXECUTION_STOPPED");
  expect(await engine.heartbeatTasks([{ taskToken: task.taskToken }])).toMatchObject([
    { state: "CANCEL_REQUESTED", cancelReason: "EXECUTION_STOPPED" },
  ]);
  expect(
    await codeOf(
      engine.stopExecution(execution.id, { error: "Operator", cause: "no longer wanted" }),
    ),
  ).toBe("OK");
  expect(
    await codeOf(engine.stopExecution(execution.id, { error: "Operator", cause: "again" })),
  ).toBe("ExecutionNotRunning");
  const events = await historyOf(engine.store, execution.id);
  expect(events.filter(({ type }) => type === "ExecutionAborted")).toHaveLength(1);
  worker.session.close(true);
});

test("stopping what is not there is refused", async () => {
  expect(await codeOf(engine.stopExecution("00000000-0000-7000-8000-000000000000", {}))).toBe(
    "ExecutionDoesNotExist",
  );
});

test("a stop for an attempt that is over is not acknowledged for the one that a redrive has begun", async () => {
  const machine = await makeMachine(engine, oneTask("attempts"));
  const { id, startedAtMs } = (await engine.startExecution({ stateMachine: machine })).execution;
  await engine.stopExecution(id, {});
  await engine.redriveExecution({ execution: id });
  const { rows } = await engine.store.pool.query<{ owner: string }>(
    "select owner from executions where id = $1",
    [id],
  );
  const { redrive } = await engine.describeExecution(id);
  const deliver = (begunAtMs: number): Promise<string> =>
    deliverToInbox(
      other.store.pool,
      {
        executionId: id,
        inboxId: randomUUID(),
        event: JSON.stringify({ type: "Stopped", failure: {}, begunAtMs }),
        begunAtMs,
      },
      rows[0]!.owner,
    );
  expect(await deliver(startedAtMs)).toBe("Stale");
  expect(await deliver(redrive.timeMs!)).toBe("Delivered");
  expect((await endOf(engine, id)).status).toBe("ABORTED");
  await other.redriveExecution({ execution: id });
  expect((await engine.stopExecution(id, {})).status).toBe("ABORTED");
});

test.each([
  ["its own server", () => engine],
  ["another server", () => other],
])(
  "a stop through %s and an outcome race: the end agrees with what both were told, two hundred times",
  async (where, stopper) => {
    const queue = `race-${where}`;
    const machine = await makeMachine(engine, oneTask(queue));
    const worker = await EngineWorker.open(engine, [queue], { credit: 1_000 });
    let stops = 0;
    for (let round = 0; round < 20; round += 1) {
      const batch = await Promise.all(
        Array.from({ length: 10 }, () => engine.startExecution({ stateMachine: machine })),
      );
      await until(() => worker.tasks.length === (round + 1) * 10);
      await Promise.all(
        batch.map(async ({ execution }, n) => {
          const task = worker.tasks.find(({ executionId }) => executionId === execution.id)!;
          const report = (): Promise<string> =>
            engine
              .reportTasks([{ taskToken: task.taskToken, result: succeed("done") }])
              .then(([ack]) => ack!.status);
          const stop = (): Promise<string> =>
            codeOf(stopper().stopExecution(execution.id, { error: "Stop" }));
          const late = <Result>(work: () => Promise<Result>, ticks: number): Promise<Result> =>
            ticks === 0
              ? work()
              : new Promise((resolve) => setImmediate(() => resolve(late(work, ticks - 1))));
          const [ack, stopped] = await Promise.all([
            late(report, n % 3),
            late(stop, (n + round) % 4),
          ]);
          const { status } = await endOf(engine, execution.id);
          const isStopped = status === "ABORTED";
          if (isStopped) stops += 1;
          expect({ status, ack, stopped }).toEqual(
            isStopped
              ? { status, ack: "EXECUTION_CLOSED", stopped: "OK" }
              : { status: "SUCCEEDED", ack: "RECORDED", stopped: "ExecutionNotRunning" },
          );
        }),
      );
    }
    expect(stops).toBeLessThan(200);
    worker.session.close(true);
  },
);
