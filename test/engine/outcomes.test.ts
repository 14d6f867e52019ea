import { afterAll, beforeAll, expect, test } from "vitest";
import type { TaskOutcome } from "../../server/engine/engine.ts";
import { EngineWorker, failWith, succeed } from "../support/engine-worker.ts";
import { createEngines, endOf, historyOf, makeMachine, oneTask } from "../support/engines.ts";
import type { Engines, TestEngine } from "../support/engines.ts";

let engines: Engines;
let engine: TestEngine;
let worker: EngineWorker;
let machine: string;
let twoTasks: string;
beforeAll(async () => {
  engines = await createEngines();
  engine = await engines.open({ payloadBytesMax: 4_096 });
  machine = await makeMachine(engine, oneTask("outcome"));
  twoTasks = await makeMachine(engine, {
    StartAt: "A",
    States: {
      A: {
        Type: "Task",
        Resource: "outcome",
        Next: "B",
        TimeoutSeconds: 1,
        Catch: [{ ErrorEquals: ["States.Timeout"], Next: "B" }],
      },
      B: { Type: "Task", Resource: "outcome", End: true },
    },
  });
  worker = await EngineWorker.open(engine, ["outcome"], { credit: 1_000 });
});
afterAll(() => engines.close());

async function started(stateMachine = machine): Promise<{ id: string; token: Uint8Array }> {
  const { execution } = await engine.startExecution({ stateMachine });
  const task = await worker.nextTask();
  worker.session.accept([task.taskToken]);
  return { id: execution.id, token: task.taskToken };
}

const ack = async (taskToken: Uint8Array, result: TaskOutcome["result"]) =>
  (await engine.reportTasks([{ taskToken, result }]))[0]!;

test("of five concurrent equal outcomes one is recorded and the others are told so", async () => {
  for (let round = 0; round < 20; round += 1) {
    const { id, token } = await started();
    const acks = await Promise.all(Array.from({ length: 5 }, () => ack(token, succeed(round))));
    expect(acks.map(({ status }) => status).toSorted()).toEqual([
      ...Array<string>(4).fill("ALREADY_RECORDED"),
      "RECORDED",
    ]);
    const ends = (await historyOf(engine.store, id)).filter(({ type }) =>
      /^Task(Succeeded|Failed)/.test(type),
    );
    expect(ends).toHaveLength(1);
  }
});

test("of concurrent success and failure the first is the task's outcome, whoever was told RECORDED", async () => {
  for (let round = 0; round < 20; round += 1) {
    const { id, token } = await started();
    const results = [0, 1, 2, 3, 4].map((n) =>
      n % 2 === round % 2 ? succeed(n) : failWith(`Error${n}`),
    );
    const acks = await Promise.all(results.map((result) => ack(token, result)));
    const recorded = acks.findIndex(({ status }) => status === "RECORDED");
    expect(acks.filter(({ status }) => status === "ALREADY_RECORDED")).toHaveLength(4);
    const result = results[recorded]!;
    const { status, output, failure } = await endOf(engine, id);
    expect({ status, told: output ?? failure?.error }).toEqual(
      result.kind === "Succeeded"
        ? { status: "SUCCEEDED", told: result.output }
        : { status: "FAILED", told: `Error${recorded}` },
    );
  }
});

test("an outcome after the task's timeout is told TIMED_OUT while the execution goes on", async () => {
  const { id, token } = await started(twoTasks);
  const second = await worker.nextTask();
  expect(await ack(token, succeed())).toMatchObject({ status: "TIMED_OUT" });
  expect(await ack(second.taskToken, succeed("b"))).toMatchObject({ status: "RECORDED" });
  expect((await endOf(engine, id)).output).toBe('"b"');
});

test("an outcome after the execution has closed is told EXECUTION_CLOSED", async () => {
  const { id, token } = await started();
  await engine.stopExecution(id, { error: "Stopped" });
  expect(await ack(token, succeed())).toMatchObject({
    status: "EXECUTION_CLOSED",
    reason: "TASK_CANCELLED",
  });
});

test.each<[string, string, string]>([
  ["not JSON", "{", "OUTPUT_SYNTAX"],
  ["empty", "", "OUTPUT_SYNTAX"],
  ["NUL", '"a\\u0000b"', "NUL_CHARACTER"],
  ["half a surrogate pair", '"\\ud800"', "MALFORMED_UNICODE"],
  ["a number beyond a double", "1e999", "NUMBER_RANGE"],
  ["nested too deep", "[".repeat(101) + "]".repeat(101), "NESTING_TOO_DEEP"],
])(
  "an output that is %s is refused as INVALID and leaves the task open",
  async (_, output, reason) => {
    const { id, token } = await started();
    expect(await ack(token, { kind: "Succeeded", output })).toMatchObject({
      status: "INVALID",
      reason,
    });
    expect(await ack(token, succeed("right"))).toMatchObject({ status: "RECORDED" });
    expect((await endOf(engine, id)).output).toBe('"right"');
  },
);

test("an output over the limit fails the task with States.DataLimitExceeded; the worker is told the limit", async () => {
  const { id, token } = await started();
  const fits = "x".repeat(4_094);
  expect(await ack(token, succeed(`${fits}x`))).toMatchObject({
    status: "INVALID",
    reason: "OUTPUT_TOO_LARGE",
    message: expect.stringMatching(/4097 bytes; the limit is 4096/),
  });
  expect(await endOf(engine, id)).toMatchObject({
    status: "FAILED",
    failure: { error: "States.DataLimitExceeded" },
  });
  const other = await started();
  expect(await ack(other.token, succeed(fits))).toMatchObject({ status: "RECORDED" });
  expect((await endOf(engine, other.id)).status).toBe("SUCCEEDED");
});

test("a repeated oversized output is answered without harm", async () => {
  const { token } = await started();
  const result = succeed("x".repeat(5_000));
  expect((await ack(token, result)).status).toBe("INVALID");
  expect((await ack(token, result)).status).toBe("ALREADY_RECORDED");
});

test("an error name over the limit is refused; a long cause is cut with a mark", async () => {
  const { id, token } = await started();
  expect(await ack(token, failWith("E".repeat(257)))).toMatchObject({
    status: "INVALID",
    reason: "ERROR_NAME_TOO_LONG",
  });
  expect(await ack(token, failWith("E".repeat(256), "c".repeat(40_000)))).toMatchObject({
    status: "RECORDED",
  });
  const { failure } = await endOf(engine, id);
  expect(failure!.error).toHaveLength(256);
  expect(failure!.cause).toHaveLength(32_768);
  expect(failure!.cause).toMatch(/c\.\.\. \(cut\)$/);
});

test("an error and a cause that the database can not hold are recorded with replacements", async () => {
  const { id, token } = await started();
  expect(await ack(token, failWith("E\0", "half \ud800 and \0"))).toMatchObject({
    status: "RECORDED",
  });
  expect((await endOf(engine, id)).failure).toEqual({
    error: "E\uFFFD",
    cause: "half \uFFFD and \uFFFD",
  });
});

test("a token of elsewhere, cut or changed by one bit is INVALID", async () => {
  const { id, token } = await started();
  const changed = Uint8Array.from(token);
  changed[23]! ^= 1;
  for (const wrong of [changed, token.slice(0, 39), new Uint8Array(0), new Uint8Array(40)])
    expect(await ack(wrong, succeed())).toMatchObject({
      status: "INVALID",
      reason: "INVALID_TOKEN",
    });
  await ack(token, succeed());
  expect((await endOf(engine, id)).status).toBe("SUCCEEDED");
});

test("a worker that gives a task up hands it to the next one, whichever way it says so", async () => {
  const { id, token } = await started();
  expect(await ack(token, { kind: "Cancelled" })).toMatchObject({ status: "RECORDED" });
  const again = await worker.nextTask();
  expect(again).toMatchObject({ executionId: id, attempt: 1 });
  expect(await ack(token, succeed("old"))).toMatchObject({ status: "LEASE_LOST" });
  expect(await ack(again.taskToken, succeed("new"))).toMatchObject({ status: "RECORDED" });
});
