/** ASL § Task State: what is offered to workers, what becomes of the result, what the history says. */
import { describe, expect, test } from "vitest";
import { machine } from "../../support/asl/builders.ts";
import { detailsOf, eventLines, typesOf } from "../../support/asl/notation.ts";
import { runInMemory } from "../../support/asl/run-in-memory.ts";

const lambda = "arn:aws:lambda:us-east-1:000000000000:function:charge";
const activity = "arn:aws:states:us-east-1:000000000000:activity:charge";
const invoke = "arn:aws:states:::lambda:invoke";

describe("kinds of resources", () => {
  test.each([
    { resource: lambda, queue: "charge", family: "LambdaFunction" },
    { resource: activity, queue: activity, family: "Activity" },
    { resource: "process:order", queue: "process:order", family: "Task" },
    { resource: "arn:aws:states:::sqs:sendMessage", queue: "sqs:sendMessage", family: "Task" },
  ])("$resource is offered as $queue", async ({ resource, queue, family }) => {
    const { tasks, history, execution } = await runInMemory(
      machine({ Type: "Task", Resource: resource }),
      {
        input: { a: 1 },
        worker: () => ({ output: { b: 2 } }),
      },
    );
    expect(tasks).toEqual([
      {
        type: "ScheduleTask",
        taskId: 3,
        scopeId: 0,
        queue,
        resource,
        input: '{"a":1}',
        stateName: "S",
        statePath: "/States/S",
        attempt: 1,
        visit: "/States/S#2",
      },
    ]);
    expect(typesOf(history)).toEqual([
      "ExecutionStarted",
      "TaskStateEntered",
      `${family}Scheduled`,
      `${family}Started`,
      `${family}Succeeded`,
      "TaskStateExited",
      "ExecutionSucceeded",
    ]);
    expect(execution.output).toBe('{"b":2}');
  });

  test("lambda:invoke hands the Payload to the function of FunctionName and wraps its answer", async () => {
    const Parameters = { FunctionName: lambda, "Payload.$": "$" };
    const { tasks, execution, history } = await runInMemory(
      machine({ Type: "Task", Resource: invoke, Parameters }),
      {
        input: { a: 1 },
        worker: () => ({ output: "answer" }),
      },
    );
    expect(tasks[0]).toMatchObject({ queue: "charge", input: '{"a":1}', resource: invoke });
    expect(detailsOf(history, "TaskScheduled")).toEqual({
      parameters: `{"FunctionName":"${lambda}","Payload":{"a":1}}`,
      region: "us-east-1",
      resource: "invoke",
      resourceType: "lambda",
    });
    expect(JSON.parse(execution.output ?? "")).toMatchObject({
      ExecutedVersion: "$LATEST",
      Payload: "answer",
      SdkHttpMetadata: { HttpStatusCode: 200 },
      StatusCode: 200,
    });
  });

  test.each([
    { rule: "without Payload the function gets {}", payload: {}, input: "{}" },
    { rule: "Payload null gives {}", payload: { Payload: null }, input: "{}" },
    {
      rule: "a Payload that is JSON text is given as that text",
      payload: { Payload: '{"x": 1}' },
      input: '{"x": 1}',
    },
    {
      rule: "a Payload that is any other text is given as a string",
      payload: { Payload: "hello" },
      input: '"hello"',
    },
  ])("lambda:invoke: $rule", async ({ payload, input }) => {
    const Parameters = { FunctionName: "charge", ...payload };
    const { tasks } = await runInMemory(machine({ Type: "Task", Resource: invoke, Parameters }));
    expect(tasks[0]).toMatchObject({ queue: "charge", input });
  });

  test("lambda:invoke with LogType Tail has the platform's lines of the log in LogResult", async () => {
    const Parameters = { FunctionName: "charge", LogType: "Tail" };
    const ResultSelector = { "log.$": "States.Base64Decode($.LogResult)" };
    const { execution } = await runInMemory(
      machine({ Type: "Task", Resource: invoke, Parameters, ResultSelector }),
    );
    expect(JSON.parse(execution.output ?? "").log).toMatch(
      /^START RequestId: (\S+) Version: \$LATEST\nEND RequestId: \1\n$/,
    );
  });

  test("lambda:invoke without FunctionName fails", async () => {
    const definition = machine({
      Type: "Task",
      Resource: invoke,
      Parameters: { "FunctionName.$": "$.f" },
    });
    const { execution } = await runInMemory(definition, { input: { f: 5 } });
    expect(execution.failure?.error).toBe("States.Runtime");
  });

  test("a task for an activity that does not exist fails before it is scheduled", async () => {
    const { history, execution } = await runInMemory(
      machine({ Type: "Task", Resource: activity }),
      {
        turn: { activityExists: () => false },
      },
    );
    expect(eventLines(history).slice(1)).toEqual([
      "2 <- 0 TaskStateEntered S",
      "3 <- 2 ExecutionFailed",
    ]);
    expect(execution.failure?.cause).toContain(`The activity ${activity} does not exist.`);
  });
});

describe("data flow", () => {
  test.each([
    { rule: "the result is the output", state: {}, output: { r: { x: 1 }, s: 2 } },
    {
      rule: "ResultSelector sees the result",
      state: { ResultSelector: { "y.$": "$.r.x" } },
      output: { y: 1 },
    },
    {
      rule: "ResultPath puts it into the input",
      state: { ResultPath: "$.out" },
      output: { a: 1, out: { r: { x: 1 }, s: 2 } },
    },
    {
      rule: "OutputPath selects at last",
      state: { ResultPath: "$.out", OutputPath: "$.out.r" },
      output: { x: 1 },
    },
  ])("$rule", async ({ state, output }) => {
    const { execution } = await runInMemory(machine({ Type: "Task", Resource: "t", ...state }), {
      input: { a: 1 },
      worker: () => ({ output: { r: { x: 1 }, s: 2 } }),
    });
    expect(JSON.parse(execution.output ?? "")).toEqual(output);
  });

  test("the worker gets what InputPath and Parameters make; numbers keep their digits", async () => {
    const state = {
      Type: "Task",
      Resource: "t",
      InputPath: "$.a",
      Parameters: { "id.$": "$.id", "try.$": "$$.State.RetryCount" },
    };
    const { tasks } = await runInMemory(machine(state), {
      inputText: '{"a":{"id":12345678901234567890}}',
    });
    expect(tasks[0]?.input).toBe('{"id":12345678901234567890,"try":0}');
  });

  test("an OutputPath that names nothing fails right after the result", async () => {
    const state = {
      Type: "Task",
      Resource: "t",
      OutputPath: "$.no",
      Catch: [{ ErrorEquals: ["States.ALL"], Next: "S2" }],
    };
    const { history } = await runInMemory(machine(state, { Type: "Pass" }));
    expect(eventLines(history).slice(-2)).toEqual([
      "5 <- 4 TaskSucceeded S",
      "6 <- 5 ExecutionFailed",
    ]);
  });
});

describe("start", () => {
  test("ActivityStarted has the worker's name, or {}", async () => {
    const definition = machine({ Type: "Task", Resource: activity });
    const named = await runInMemory(definition, { workerName: "w1" });
    expect(detailsOf(named.history, "ActivityStarted")).toEqual({ workerName: "w1" });
    expect(detailsOf((await runInMemory(definition)).history, "ActivityStarted")).toEqual({});
  });

  test("a start that was reported is written once, at its time", async () => {
    const { history, verdicts } = await runInMemory(machine({ Type: "Task", Resource: "t" }), {
      worker: () => ({ output: 1, afterMs: 900 }),
      events: [
        { atMs: 300, event: { type: "TaskStarted", taskId: 3, start: { atMs: 0 } } },
        { atMs: 400, event: { type: "TaskStarted", taskId: 3, start: { atMs: 0 } } },
      ],
    });
    expect(typesOf(history).filter((type) => type === "TaskStarted")).toHaveLength(1);
    expect(verdicts).toEqual(["Applied", "Applied", "Stale", "Applied"]);
  });
});

describe("timeouts", () => {
  const timed = { Type: "Task", Resource: activity, TimeoutSeconds: 5, HeartbeatSeconds: 2 };

  test("the limits are in the task and in its Scheduled event", async () => {
    const { tasks, history } = await runInMemory(machine(timed));
    expect(tasks[0]).toMatchObject({ timeoutSeconds: 5, heartbeatSeconds: 2 });
    expect(detailsOf(history, "ActivityScheduled")).toMatchObject({
      timeoutInSeconds: 5,
      heartbeatInSeconds: 2,
    });
  });

  test("the limits may be looked up", async () => {
    const state = {
      Type: "Task",
      Resource: activity,
      TimeoutSecondsPath: "$.t",
      HeartbeatSecondsPath: "$.h",
    };
    const { tasks } = await runInMemory(machine(state), { input: { t: 9, h: 3 } });
    expect(tasks[0]).toMatchObject({ timeoutSeconds: 9, heartbeatSeconds: 3 });
  });

  test.each([{ t: 0 }, { t: -1 }, { t: 1.5 }, { t: "5" }, { t: 1e12 }])(
    "TimeoutSecondsPath to $t is States.Runtime",
    async (input) => {
      const { execution } = await runInMemory(
        machine({ Type: "Task", Resource: "t", TimeoutSecondsPath: "$.t" }),
        { input },
      );
      expect(execution.failure?.error).toBe("States.Runtime");
    },
  );

  test("a late task is States.Timeout without a cause", async () => {
    const run = await runInMemory(
      machine({ Type: "Task", Resource: activity, TimeoutSeconds: 5 }),
      { worker: () => "never" },
    );
    expect(run.tookMs).toBe(5000);
    expect(detailsOf(run.history, "ActivityTimedOut")).toEqual({ error: "States.Timeout" });
    expect(run.execution.failure).toEqual({ error: "States.Timeout" });
    expect(run.effects.at(-1)).toEqual({ type: "CancelTask", taskId: 3, reason: "TimedOut" });
  });

  test("a missing heartbeat is States.Timeout too", async () => {
    const run = await runInMemory(machine(timed), {
      worker: () => ({ output: 1, afterMs: 4500, heartbeatsMs: [1500] }),
    });
    expect(run.tookMs).toBe(3500);
    expect(run.execution.failure).toEqual({ error: "States.Timeout" });
    expect(run.effects.at(-1)).toMatchObject({ type: "CancelTask", reason: "HeartbeatTimedOut" });
  });

  test("heartbeats in time keep the task alive", async () => {
    const run = await runInMemory(machine(timed), {
      worker: () => ({ output: 1, afterMs: 4500, heartbeatsMs: [1500, 3000] }),
    });
    expect(run.execution.status).toBe("SUCCEEDED");
  });

  test("a task that nobody took has no Started event when it times out", async () => {
    const { history } = await runInMemory(machine({ Type: "Task", Resource: activity }), {
      worker: () => "never",
      events: [{ atMs: 10, event: { type: "TaskTimedOut", taskId: 3, reason: "Timeout" } }],
    });
    expect(typesOf(history).slice(2, 4)).toEqual(["ActivityScheduled", "ActivityTimedOut"]);
  });
});
