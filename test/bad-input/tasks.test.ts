import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  CancelReason,
  OutcomeStatus,
  TaskTokenState,
  type Task,
  type TaskOutcome,
} from "../../server/gen/pawl/v1/worker_service_pb.ts";
import { EventType } from "../../server/gen/pawl/v1/execution_service_pb.ts";
import { refused } from "../support/api-server.ts";
import { machine, pass } from "./support/machines.ts";
import { startRealServer, type RealServer } from "./support/real-server.ts";

let server: RealServer;
beforeAll(async () => {
  server = await startRealServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const failed = 3;
let queues = 0;

/** A started execution of one task, and the task as a worker got it. */
async function taken(
  fields: object = {},
): Promise<{ execution: string; task: Task; queue: string }> {
  const queue = `q${(queues += 1)}`;
  const definition = machine({ Type: "Task", Resource: queue, End: true, ...fields });
  const stateMachine = await server.apply(definition);
  const { execution } = await server.executions.call("startExecution", { stateMachine });
  return { execution: execution!.id, task: await next(queue), queue };
}

async function next(queue: string): Promise<Task> {
  const { tasks } = await server.workers.call("pollTasks", {
    hello: hello(queue),
    wait: { seconds: 10n },
  });
  expect(tasks).toHaveLength(1);
  return tasks[0]!;
}

const hello = (queue: string) => ({
  workerId: "w-1",
  identity: "tester",
  pools: [{ name: "p", resources: [queue], slots: 1 }],
});

type Result = TaskOutcome["result"];
const output = (value: string): Result => ({ case: "output", value });

async function report(taskToken: Uint8Array, result: Result = output("1")) {
  const { acks } = await server.workers.call("reportTasks", { outcomes: [{ taskToken, result }] });
  return acks[0]!;
}

async function beat(taskToken: Uint8Array) {
  const { replies } = await server.workers.call("heartbeatTasks", { beats: [{ taskToken }] });
  return replies[0]!;
}

const base64url = (token: Uint8Array): string => Buffer.from(token).toString("base64url");

function flipped(token: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(token);
  copy[at]! ^= 1;
  return copy;
}

describe("row 95: task tokens", () => {
  test("a token that is garbage or has one bit changed, wherever, is INVALID_TOKEN", async () => {
    const { task, execution } = await taken();
    const tokens = [
      new Uint8Array(),
      new Uint8Array(40),
      new Uint8Array(4_000),
      Buffer.from("token"),
      Uint8Array.from([...task.taskToken, 0]),
      ...[0, 15, 16, 19, 20, 23, 24, 39].map((at) => flipped(task.taskToken, at)),
    ];
    for (const token of tokens) {
      expect(await report(token)).toMatchObject({
        status: OutcomeStatus.INVALID,
        reason: "INVALID_TOKEN",
      });
      expect(await beat(token)).toMatchObject({ state: TaskTokenState.UNKNOWN });
      expect(
        await refused(server.workers.call("getTaskInput", { taskToken: token })),
      ).toMatchObject({ code: 3, reason: "INVALID_TOKEN" });
      for (const operation of ["SendTaskSuccess", "SendTaskFailure", "SendTaskHeartbeat"]) {
        const body = { taskToken: base64url(token) || "x", output: "1" };
        expect(await server.aws(operation, body)).toMatchObject({
          status: 400,
          body: { __type: token.length > 1_500 ? "ValidationException" : "InvalidToken" },
        });
      }
    }
    expect(await report(task.taskToken)).toMatchObject({ status: OutcomeStatus.RECORDED });
    await server.executions.call("getExecution", { execution });
  });

  test("of another try it is LEASE_LOST, after the end ALREADY_RECORDED, TIMED_OUT or EXECUTION_CLOSED", async () => {
    const { task, queue } = await taken();
    await server.workers.call("reportTasks", { release: [task.taskToken] });
    const again = await next(queue);
    expect(await report(task.taskToken)).toMatchObject({ status: OutcomeStatus.LEASE_LOST });
    expect(await beat(task.taskToken)).toMatchObject({ state: TaskTokenState.LEASE_LOST });
    expect(await report(again.taskToken)).toMatchObject({ status: OutcomeStatus.RECORDED });
    expect(await report(again.taskToken, output("2"))).toMatchObject({
      status: OutcomeStatus.ALREADY_RECORDED,
    });
    expect(await beat(again.taskToken)).toMatchObject({ state: TaskTokenState.FINISHED });

    const late = await taken({ TimeoutSeconds: 1 });
    await expect
      .poll(async () => (await report(late.task.taskToken, { case: undefined })).reason)
      .toBe("FIELD_REQUIRED");
    await expect
      .poll(
        async () =>
          (await server.executions.call("getExecution", { execution: late.execution })).execution
            ?.status,
        { timeout: 10_000 },
      )
      .toBe(failed);
    expect(await report(late.task.taskToken)).toMatchObject({
      status: OutcomeStatus.TIMED_OUT,
      reason: "TASK_TIMED_OUT",
    });
    expect(
      await server.aws("SendTaskSuccess", {
        taskToken: base64url(late.task.taskToken),
        output: "1",
      }),
    ).toMatchObject({ body: { __type: "TaskTimedOut" } });

    const stopped = await taken();
    await server.executions.call("stopExecution", { execution: stopped.execution });
    expect(await report(stopped.task.taskToken)).toMatchObject({
      status: OutcomeStatus.EXECUTION_CLOSED,
      reason: "TASK_CANCELLED",
    });
  });
});

describe("row 96: outcomes", () => {
  test.each([
    { what: "an output that is not JSON", result: output("{"), reason: "OUTPUT_SYNTAX" },
    { what: "an empty output", result: output(""), reason: "OUTPUT_SYNTAX" },
    { what: "an output with NUL", result: output('"\\u0000"'), reason: "NUL_CHARACTER" },
    {
      what: "an output 101 deep",
      result: output("[".repeat(101) + "]".repeat(101)),
      reason: "NESTING_TOO_DEEP",
    },
    {
      what: "an error name of 257 characters",
      result: { case: "failure", value: { error: { error: "e".repeat(257) } } } as never,
      reason: "ERROR_NAME_TOO_LONG",
    },
  ])("$what is INVALID, and the worker may report again", async ({ result, reason }) => {
    const { task } = await taken();
    expect(await report(task.taskToken, result)).toMatchObject({
      status: OutcomeStatus.INVALID,
      reason,
    });
    const refusal = await server.aws("SendTaskSuccess", {
      taskToken: base64url(task.taskToken),
      output: result.case === "output" ? result.value : "{",
    });
    expect(refusal).toMatchObject({ status: 400, body: { __type: "InvalidOutput" } });
    expect(await report(task.taskToken)).toMatchObject({ status: OutcomeStatus.RECORDED });
  });

  test("an output of 262,145 bytes fails the task with States.DataLimitExceeded, and says so", async () => {
    const { task, execution } = await taken();
    const ack = await report(task.taskToken, output(`"${"x".repeat(262_143)}"`));
    expect(ack).toMatchObject({ status: OutcomeStatus.INVALID, reason: "OUTPUT_TOO_LARGE" });
    expect(ack.message).toMatch(/262145 .*262144/);
    const read = await server.executions.call("getExecution", { execution });
    expect(read.execution).toMatchObject({
      status: failed,
      error: { error: "States.DataLimitExceeded" },
    });
  });

  test("a cause of 32,769 characters is cut, with a mark; NUL becomes U+FFFD", async () => {
    const { task, execution } = await taken();
    const value = { error: { error: "E\0", cause: `\0${"c".repeat(32_768)}` } };
    await report(task.taskToken, { case: "failure", value } as never);
    const { error } = (await server.executions.call("getExecution", { execution })).execution!;
    expect(error!.error).toBe("E\ufffd");
    expect(error!.cause).toHaveLength(32_768);
    expect(error!.cause).toMatch(/^\ufffdc+\.\.\. \(cut\)$/);
  });
});

describe("row 97: heartbeats", () => {
  test("after a stop they are told to cancel", async () => {
    const { task, execution } = await taken({ HeartbeatSeconds: 60 });
    expect(await beat(task.taskToken)).toMatchObject({ state: TaskTokenState.ACTIVE });
    await server.executions.call("stopExecution", { execution });
    expect(await beat(task.taskToken)).toMatchObject({
      state: TaskTokenState.CANCEL_REQUESTED,
      cancelReason: CancelReason.EXECUTION_STOPPED,
    });
    expect(
      await server.aws("SendTaskHeartbeat", { taskToken: base64url(task.taskToken) }),
    ).toMatchObject({ body: { __type: "TaskTimedOut" } });
  });

  test("10,000 in one message are answered, each, within seconds", async () => {
    const { task } = await taken({ HeartbeatSeconds: 60 });
    const begun = performance.now();
    const beats = Array.from({ length: 10_000 }, () => ({
      taskToken: task.taskToken,
      details: "\0",
    }));
    const { replies } = await server.workers.call("heartbeatTasks", { beats });
    expect(replies).toHaveLength(10_000);
    expect(performance.now() - begun).toBeLessThan(3_000);
  });
});

describe("row 98: polls and hellos", () => {
  const pool = { name: "p", resources: ["nobody"], slots: 1 };
  const good = { workerId: "w", pools: [pool] };
  const tenThousand = Array.from({ length: 10_000 }, (_, at) => `r${at}`);

  test.each([
    { what: "no hello", request: {}, field: "hello" },
    {
      what: "an empty worker id",
      request: { hello: { ...good, workerId: "" } },
      field: "hello.worker_id",
    },
    {
      what: "a worker id with NUL",
      request: { hello: { ...good, workerId: "\0" } },
      field: "hello.worker_id",
    },
    { what: "no pool", request: { hello: { ...good, pools: [] } }, field: "hello.pools" },
    {
      what: "a pool without resources",
      request: { hello: { ...good, pools: [{ ...pool, resources: [] }] } },
      field: "hello.pools[0].resources",
    },
    {
      what: "two pools of one name",
      request: { hello: { ...good, pools: [pool, pool] } },
      field: "hello.pools[1].name",
    },
    {
      what: "10,000 resources",
      request: { hello: { ...good, pools: [{ ...pool, resources: tenThousand }] } },
      field: "hello.pools",
    },
    {
      what: "a resource with NUL",
      request: { hello: { ...good, pools: [{ ...pool, resources: ["\0"] }] } },
      field: "hello.pools[0].resources[0]",
    },
    {
      what: "slots of -1",
      request: { hello: { ...good, pools: [{ ...pool, slots: -1 }] } },
      field: "hello.pools[0].slots",
    },
    {
      what: "a protocol of the future",
      request: { hello: { ...good, protocolVersion: 99 } },
      field: "hello.protocol_version",
    },
    {
      what: "labels with NUL",
      request: { hello: { ...good, labels: { a: "\0" } } },
      field: "hello.labels",
    },
    {
      what: "a runtime with NUL",
      request: { hello: { ...good, runtime: { os: "\0" } } },
      field: "hello.runtime",
    },
    { what: "max_tasks 0", request: { hello: good, maxTasks: { p: 0 } }, field: 'max_tasks["p"]' },
    {
      what: "max_tasks of an unknown pool",
      request: { hello: good, maxTasks: { x: 1 } },
      field: "max_tasks",
    },
    { what: "a negative wait", request: { hello: good, wait: { seconds: -1n } }, field: "wait" },
  ])(
    "$what is INVALID_ARGUMENT by poll, and by stream where it says the same",
    async ({ request, field }) => {
      expect(await refused(server.workers.call("pollTasks", request))).toMatchObject({
        code: 3,
        violations: [field],
      });
      if (!field.startsWith("hello.") || !("hello" in request)) return;
      const stream = server.workers.duplex("work");
      stream.send({ message: { case: "hello", value: request.hello } } as never);
      expect(await stream.ended).toMatchObject({ code: 3, violations: [field] });
    },
  );

  test("10^6 tasks and a wait of 10 years are cut: the call's deadline ends the poll with nothing", async () => {
    const request = { hello: good, maxTasks: { p: 1_000_000 }, wait: { seconds: 315_360_000n } };
    const begun = performance.now();
    const { tasks } = await server.workers.call("pollTasks", request, { deadlineMs: 1_500 });
    expect(tasks).toEqual([]);
    expect(performance.now() - begun).toBeLessThan(1_500);
  });

  test("a stream that does not begin with hello is told so", async () => {
    const stream = server.workers.duplex("work");
    stream.send({ message: { case: "ping", value: { nonce: 1n } } } as never);
    expect(await stream.ended).toMatchObject({ code: 3, reason: "HELLO_EXPECTED" });
  });

  test("an AWS poll for a resource with NUL is refused at once", async () => {
    expect(await server.aws("GetActivityTask", { activityArn: "a\0" })).toMatchObject({
      status: 400,
    });
    expect(
      await server.aws("GetActivityTask", { activityArn: "a", workerName: "\0" }),
    ).toMatchObject({ status: 400 });
  });
});

test("the events say who ran a task, and when a Map's and a Parallel's parts have succeeded", async () => {
  const { task, execution } = await taken();
  await report(task.taskToken);
  const inner = (name: string) => ({
    StartAt: name,
    States: { [name]: { Type: "Pass", End: true } },
  });
  const fanOut = await server.run(
    machine(
      { Type: "Map", ItemsPath: "$.a", ItemProcessor: inner("I"), Next: "P" },
      { P: { Type: "Parallel", Branches: [inner("B")], End: true } },
    ),
    '{"a":[1]}',
  );
  const eventsOf = async (id: string) =>
    (await server.executions.call("listExecutionEvents", { execution: id })).events;
  const started = (await eventsOf(execution)).find(({ type }) => type === EventType.TASK_STARTED);
  expect(started).toMatchObject({ worker: "tester" });
  const types = (await eventsOf(fanOut.id)).map(({ type }) => type);
  expect(types).toEqual(
    expect.arrayContaining([EventType.MAP_SUCCEEDED, EventType.PARALLEL_SUCCEEDED]),
  );
  expect(types).not.toContain(EventType.UNSPECIFIED);
  const arn = `arn:aws:states:us-east-1:000000000000:execution:${task.stateMachine}:${execution}`;
  const aws = await server.aws("GetExecutionHistory", { executionArn: arn });
  expect(JSON.stringify(aws.body)).not.toContain("tester");
});

test("nothing of this was an internal error", async () => {
  expect((await server.run(pass())).status).toBe(2);
  expect(server.errors).toEqual([]);
});
