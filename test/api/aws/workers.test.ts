import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { HeartbeatReply, OutcomeAck } from "../../../server/engine/engine.ts";
import { TestAwsDoor } from "../../support/aws-door.ts";
import { fakeEngine, fakeTask } from "../../support/fake-engine.ts";

let engine: ReturnType<typeof fakeEngine>;
let door: TestAwsDoor;

beforeEach(async () => {
  engine = fakeEngine();
  door = await TestAwsDoor.open(engine);
});
afterEach(() => door.close());

const activityArn = "arn:aws:states:us-east-1:000000000000:activity:review";
const taskToken = Buffer.from("token-of-a-task").toString("base64url");

describe("activities", () => {
  test("create, create again, describe, list, delete, delete again", async () => {
    const created = (await door.call("CreateActivity", { name: "review" })).body;
    expect(created).toEqual({ activityArn, creationDate: 1_700_000_000.123 });
    expect((await door.call("CreateActivity", { name: "review" })).body).toEqual(created);
    const item = { activityArn, name: "review", creationDate: 1_700_000_000.123 };
    expect((await door.call("DescribeActivity", { activityArn })).body).toEqual({
      ...item,
      encryptionConfiguration: { type: "AWS_OWNED_KEY" },
    });
    expect((await door.call("ListActivities")).body).toEqual({ activities: [item] });
    expect((await door.call("DeleteActivity", { activityArn })).body).toEqual({});
    expect((await door.call("DeleteActivity", { activityArn })).body).toEqual({});
    expect(await door.refusal("DescribeActivity", { activityArn })).toBe(
      `ActivityDoesNotExist: Activity Does Not Exist: '${activityArn}'`,
    );
  });

  test.each(' <>{}[]?*"#%\\^|~`$&,;:/\t\n\u0000\u001f\u007f\u009f'.split(""))(
    "a name with %j is refused",
    async (char) => {
      expect(await door.refusal("CreateActivity", { name: `a${char}b` })).toBe(
        `InvalidName: Invalid Name: 'a${char}b'`,
      );
    },
  );
});

const poll = (fields: object = {}, init: RequestInit = {}) =>
  door.call("GetActivityTask", { activityArn: "process:order", ...fields }, init);

describe("GetActivityTask", () => {
  test("without a task the answer is empty", async () => {
    expect((await poll()).body).toEqual({});
    expect(engine.lastPoll).toMatchObject({ waitMs: 55_000, isLeaseless: true });
  });

  test.each([
    ["process:order", "process:order"],
    ["arn:aws:lambda:us-east-1:123456789012:function:charge", "charge"],
    ["arn:aws:lambda:::process:order", "process:order"],
  ])("%s is polled as the queue %s", async (resource, queue) => {
    engine.tasks = [fakeTask(queue, '{"a":1}')];
    expect((await poll({ activityArn: resource, workerName: "w" })).body).toEqual({
      taskToken,
      input: '{"a":1}',
    });
    expect(engine.lastPoll?.hello).toMatchObject({
      identity: "w",
      pools: [{ resources: [queue] }],
    });
  });

  test("an activity must have been created", async () => {
    expect(await door.refusal("GetActivityTask", { activityArn })).toBe(
      `ActivityDoesNotExist: Activity Does Not Exist: '${activityArn}'`,
    );
    await engine.createActivity({ name: "review" });
    expect((await poll({ activityArn })).status).toBe(200);
  });

  test("an input that the engine left out is fetched", async () => {
    engine.tasks = [{ ...fakeTask("process:order", ""), isInputOmitted: true }];
    expect((await poll()).body["input"]).toBe('"the omitted input"');
  });

  test("a server that goes away answers its held polls", async () => {
    const polled = Promise.withResolvers<void>();
    engine.pollTasks = async ({ signal }) => {
      polled.resolve();
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      return [];
    };
    const answer = poll();
    await polled.promise;
    door.draining.begin();
    const { body, headers } = await answer;
    expect(body).toEqual({});
    expect(headers.get("connection")).toBe("close");
  });

  test("a client that goes ends the poll, and a task that comes then goes back", async () => {
    const client = new AbortController();
    const task = fakeTask("process:order", "{}");
    const polled = Promise.withResolvers<void>();
    const released = Promise.withResolvers<readonly Uint8Array[]>();
    engine.releaseTasks = async (taskTokens) => released.resolve(taskTokens);
    engine.pollTasks = async ({ signal }) => {
      polled.resolve();
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      return [task];
    };
    const answer = poll({}, { signal: client.signal });
    await polled.promise;
    client.abort();
    await expect(answer).rejects.toThrow(/abort/i);
    expect(await released.promise).toEqual([task.taskToken]);
  });
});

describe("answers of workers", () => {
  test("a success goes in as it was sent", async () => {
    expect(
      (await door.call("SendTaskSuccess", { taskToken, output: '{ "n": 1.0 }' })).body,
    ).toEqual({});
    expect(engine.outcomes).toMatchObject([
      { result: { kind: "Succeeded", output: '{ "n": 1.0 }' } },
    ]);
    expect(Buffer.from(engine.outcomes[0]!.taskToken).toString()).toBe("token-of-a-task");
  });

  test("an output over the payload limit is the execution's affair, not a refusal", async () => {
    expect(
      (await door.call("SendTaskSuccess", { taskToken, output: `"${"x".repeat(300_000)}"` }))
        .status,
    ).toBe(200);
  });

  test.each([
    [{}, {}],
    [
      { error: "E", cause: "C" },
      { error: "E", cause: "C" },
    ],
  ])("a failure %j", async (fields, failure) => {
    await door.call("SendTaskFailure", { taskToken, ...fields });
    expect(engine.outcomes).toMatchObject([{ result: { kind: "Failed", failure } }]);
  });

  test.each([
    [
      "SendTaskSuccess",
      { output: "nope" },
      "InvalidOutput: Invalid Output: 'Unrecognized token 'nope': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')'",
    ],
    [
      "SendTaskSuccess",
      { output: "{}", taskToken: "no token!" },
      "InvalidToken: Invalid Token: 'Invalid token'",
    ],
    [
      "SendTaskHeartbeat",
      { taskToken: "no token!" },
      "InvalidToken: Invalid Token: 'Invalid token'",
    ],
    [
      "SendTaskFailure",
      { error: "e".repeat(257) },
      "ValidationException: 1 validation error detected: Value at 'error' failed to satisfy constraint: Member must have length less than or equal to 256",
    ],
  ])("%s %j is refused", async (operation, fields, expected) => {
    expect(await door.refusal(operation, { taskToken, ...fields })).toBe(expected);
    expect(engine.outcomes).toEqual([]);
  });

  test.each([
    ["RECORDED", "undefined: undefined"],
    ["ALREADY_RECORDED", "undefined: undefined"],
    ["TIMED_OUT", "TaskTimedOut: Task Timed Out: 'Provided task does not exist anymore'"],
    ["LEASE_LOST", "TaskTimedOut: Task Timed Out: 'Provided task does not exist anymore'"],
    [
      "EXECUTION_CLOSED",
      "TaskDoesNotExist: Task Does Not Exist: 'Provided task does not exist anymore'",
    ],
    ["INVALID", "InvalidToken: Invalid Token: 'Invalid token'"],
    ["RETRY", "ServiceUnavailable: the outcome could not be recorded now; send it again"],
  ] as const)(
    "an outcome that is %s answers %s",
    async (status: OutcomeAck["status"], expected) => {
      engine.reportTasks = async (outcomes) =>
        outcomes.map(({ taskToken: token }) => ({ taskToken: token, status }));
      expect(await door.refusal("SendTaskSuccess", { taskToken, output: "{}" })).toBe(expected);
    },
  );

  test.each([
    ["ACTIVE", "undefined: undefined"],
    ["CANCEL_REQUESTED", "TaskTimedOut: Task Timed Out: 'Provided task does not exist anymore'"],
    ["FINISHED", "TaskTimedOut: Task Timed Out: 'Provided task does not exist anymore'"],
    ["UNKNOWN", "InvalidToken: Invalid Token: 'Invalid token'"],
  ] as const)(
    "a heartbeat of a task that is %s answers %s",
    async (state: HeartbeatReply["state"], expected) => {
      engine.heartbeatTasks = async (beats) =>
        beats.map(({ taskToken: token }) => ({ taskToken: token, state }));
      expect(await door.refusal("SendTaskHeartbeat", { taskToken })).toBe(expected);
    },
  );
});
