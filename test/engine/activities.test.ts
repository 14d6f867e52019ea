import { afterAll, beforeAll, expect, test } from "vitest";
import { EngineWorker, succeed } from "../support/engine-worker.ts";
import { createEngines, endOf, makeMachine, oneTask, pause } from "../support/engines.ts";
import type { Engines, TestEngine } from "../support/engines.ts";

let engines: Engines;
let engine: TestEngine;
beforeAll(async () => {
  engines = await createEngines();
  engine = await engines.open();
});
afterAll(() => engines.close());

const arnOf = (name: string): string => `arn:aws:states:us-east-1:000000000000:activity:${name}`;
const start = async (stateMachine: string, on = engine): Promise<string> =>
  (await on.startExecution({ stateMachine })).execution.id;

test("a task of an activity that was never made fails; as soon as it is made it runs", async () => {
  const machine = await makeMachine(engine, oneTask(arnOf("late")));
  expect(await endOf(engine, await start(machine))).toMatchObject({
    status: "FAILED",
    failure: { error: "States.Runtime" },
  });
  await engine.createActivity({ name: "late" });
  const worker = await EngineWorker.open(engine, [arnOf("late")], { work: () => succeed("ran") });
  expect(await endOf(engine, await start(machine))).toMatchObject({
    status: "SUCCEEDED",
    output: '"ran"',
  });
  worker.session.close(true);
});

test("a task of a deleted activity fails, on every server within a second or two, wherever its state is nested", async () => {
  const other = await engines.open();
  await engine.createActivity({ name: "gone" });
  const nested = {
    StartAt: "T",
    States: { T: { Type: "Task", Resource: arnOf("gone"), End: true } },
  };
  const machine = await makeMachine(engine, {
    StartAt: "M",
    States: {
      M: {
        Type: "Map",
        End: true,
        ItemsPath: "$.items",
        ItemProcessor: {
          StartAt: "P",
          States: { P: { Type: "Parallel", Branches: [nested], End: true } },
        },
      },
    },
  });
  const worker = await EngineWorker.open(engine, [arnOf("gone")], { work: () => succeed() });
  const run = async (on: TestEngine) =>
    (await on.startExecution({ stateMachine: machine, input: '{"items":[1]}' })).execution.id;
  for (const on of [engine, other])
    expect((await endOf(on, await run(on))).status).toBe("SUCCEEDED");
  await engine.deleteActivity(arnOf("gone"));
  await pause(1_100);
  for (const on of [engine, other])
    expect(await endOf(on, await run(on))).toMatchObject({
      status: "FAILED",
      failure: { error: "States.Runtime", cause: expect.stringContaining("activity:gone") },
    });
  worker.session.close(true);
  await other.shutDown();
});

test("an activity of another account is not here", async () => {
  const machine = await makeMachine(
    engine,
    oneTask("arn:aws:states:us-east-1:999999999999:activity:far"),
  );
  expect(await endOf(engine, await start(machine))).toMatchObject({
    status: "FAILED",
    failure: { error: "States.Runtime" },
  });
});
