import { describe, expect, test } from "vitest";
import { mismatchesOf, runOf, startMs, task } from "../support/testing.ts";
import type { MockTable, TestCase } from "../../server/testing/test-file.ts";

const retried = { Retry: [{ ErrorEquals: ["States.ALL"], IntervalSeconds: 1 }] };

async function outputOf(definition: unknown, testCase: Partial<TestCase>): Promise<unknown> {
  const { execution, problem } = await runOf(definition, testCase);
  return problem ?? execution.failure ?? JSON.parse(execution.output ?? "null");
}

describe("an answer", () => {
  const timed = { TimeoutSeconds: 60, HeartbeatSeconds: 10 };
  test.each<{ rule: string; mock: MockTable[string]; output: unknown; seconds: number }>([
    { rule: "result succeeds at once", mock: { result: { a: 1 } }, output: { a: 1 }, seconds: 0 },
    { rule: "result may be null", mock: { result: null }, output: null, seconds: 0 },
    {
      rule: "error fails without a cause",
      mock: { error: "E" },
      output: { error: "E" },
      seconds: 0,
    },
    {
      rule: "error fails with its cause",
      mock: { error: "E", cause: "c" },
      output: { error: "E", cause: "c" },
      seconds: 0,
    },
    {
      rule: "delaySeconds is virtual time, with heartbeats in between",
      mock: { result: 1, delaySeconds: 59.5 },
      output: 1,
      seconds: 59.5,
    },
    {
      rule: "a delay longer than TimeoutSeconds is a timeout",
      mock: { result: 1, delaySeconds: 61 },
      output: { error: "States.Timeout" },
      seconds: 60,
    },
    {
      rule: "timeout lets TimeoutSeconds run out, with heartbeats",
      mock: { timeout: true },
      output: { error: "States.Timeout" },
      seconds: 60,
    },
    {
      rule: "heartbeatTimeout lets HeartbeatSeconds run out",
      mock: { heartbeatTimeout: true },
      output: { error: "States.Timeout" },
      seconds: 10,
    },
  ])("$rule", async ({ mock, output, seconds }) => {
    const testCase = { mocks: { T: mock } };
    expect(await outputOf(task(timed), testCase)).toEqual(output);
    expect((await runOf(task(timed), testCase)).durationMs).toBe(seconds * 1000);
  });

  test("the mock of a task that waits for its token is the report under it", async () => {
    const waiting = task({
      Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
      Parameters: { FunctionName: "f", Payload: { "t.$": "$$.Task.Token" } },
    });
    expect(await outputOf(waiting, { mocks: { T: { result: "approved" } } })).toBe("approved");
    const refused = { mocks: { T: { error: "Refused" } } };
    expect(await outputOf(waiting, refused)).toEqual({ error: "Refused" });
  });

  test("a heartbeat timeout is what States.HeartbeatTimeout names", async () => {
    const definition = {
      StartAt: "T",
      States: {
        T: {
          Type: "Task",
          Resource: "work",
          HeartbeatSeconds: 5,
          Catch: [{ ErrorEquals: ["States.HeartbeatTimeout"], Next: "Caught" }],
          End: true,
        },
        Caught: { Type: "Pass", Result: "caught", End: true },
      },
    };
    expect(await outputOf(definition, { mocks: { T: { heartbeatTimeout: true } } })).toBe("caught");
  });

  test("the execution's own TimeoutSeconds ends a task that never answers", async () => {
    const { execution } = await runOf(
      { ...(task() as object), TimeoutSeconds: 7 },
      { mocks: { T: { timeout: true } } },
    );
    expect(execution.status).toBe("TIMED_OUT");
  });
});

describe("a list answers one call after the other", () => {
  test("two fail, the third succeeds", async () => {
    const mocks = { T: [{ error: "E", times: 2 }, { result: "done" }] };
    expect(await outputOf(task(retried), { mocks })).toBe("done");
  });

  test("a single answer is for every call", async () => {
    const { calls } = await runOf(task(retried), { mocks: { T: { error: "E" } } });
    expect(calls).toMatchObject([{ attempt: 1 }, { attempt: 2 }, { attempt: 3 }, { attempt: 4 }]);
  });

  test("a call too many is said", async () => {
    const mocks = { T: [{ error: "E" }, { error: "F" }] };
    expect(await outputOf(task(retried), { mocks })).toBe(
      "the mock T has answers for 2 calls; this is call 3",
    );
  });
});

describe("a mock's name", () => {
  const arn = "arn:aws:lambda:us-east-1:123456789012:function:charge";
  test.each(["T", "charge", arn])("%s is the state, its queue or its Resource", async (name) => {
    expect(await outputOf(task({ Resource: arn }), { mocks: { [name]: { result: 1 } } })).toBe(1);
  });

  const charge = {
    StartAt: "Charge",
    States: { Charge: { Type: "Task", Resource: "r", End: true } },
  };
  const map = {
    StartAt: "Each",
    States: { Each: { Type: "Map", ItemProcessor: charge, End: true } },
  };
  const pay = { StartAt: "Pay", States: { Pay: { Type: "Task", Resource: "r", End: true } } };
  const parallel = {
    StartAt: "Both",
    States: { Both: { Type: "Parallel", Branches: [charge, pay], End: true } },
  };
  test.each<{ rule: string; definition: unknown; mocks: MockTable; output: unknown }>([
    {
      rule: "an item's path goes before that of every item, and that before the state's name",
      definition: map,
      mocks: {
        r: { result: 0 },
        Charge: { result: 1 },
        "Each[*]/Charge": { result: 2 },
        "Each[1]/Charge": { result: 3 },
      },
      output: [2, 3, 2],
    },
    {
      rule: "a list is taken by items in their order",
      definition: map,
      mocks: { Charge: [{ result: "a" }, { result: "b" }, { result: "c" }] },
      output: ["a", "b", "c"],
    },
    {
      rule: "a branch is told by its index",
      definition: parallel,
      mocks: { "Both[0]/Charge": { result: "left" }, "Both[1]/Pay": { result: "right" } },
      output: ["left", "right"],
    },
  ])("$rule", async ({ definition, mocks, output }) => {
    expect(await outputOf(definition, { input: [1, 2, 3], mocks })).toEqual(output);
  });
});

describe("mocks that do not fit", () => {
  test.each<{ rule: string; fields: Record<string, unknown>; mocks: MockTable; problem: string }>([
    {
      rule: "a task without a mock is named with its resource",
      fields: {},
      mocks: {},
      problem: "no mock answers T, whose resource is work",
    },
    {
      rule: "a timeout needs TimeoutSeconds",
      fields: {},
      mocks: { T: { timeout: true } },
      problem: "the mock T never answers, but there is no TimeoutSeconds",
    },
    {
      rule: "a heartbeat timeout needs HeartbeatSeconds",
      fields: {},
      mocks: { T: { heartbeatTimeout: true } },
      problem: "the mock T sends no heartbeat, but there is no HeartbeatSeconds",
    },
  ])("$rule", async ({ fields, mocks, problem }) => {
    expect((await runOf(task(fields), { mocks })).problem).toBe(problem);
  });

  test("what was played until then is kept", async () => {
    const { history } = await runOf(task(), {});
    expect(history.map(({ type }) => type)).toEqual([
      "ExecutionStarted",
      "TaskStateEntered",
      "TaskScheduled",
    ]);
  });
});

describe("a Message state", () => {
  const message = {
    Type: "Message",
    CorrelationKey: "order",
    CorrelationValuePath: "$.id",
    TimeoutSeconds: 60,
    End: true,
  };
  const definition = { StartAt: "M", States: { M: message } };

  test.each<{ rule: string; mock: MockTable[string]; output: unknown; seconds: number }>([
    {
      rule: "is sent the result",
      mock: { result: { paid: true }, delaySeconds: 5 },
      output: { paid: true },
      seconds: 5,
    },
    {
      rule: "times out when no message comes",
      mock: { timeout: true },
      output: { error: "States.Timeout" },
      seconds: 60,
    },
    {
      rule: "is sent no errors",
      mock: { error: "E" },
      output: "the mock M is for a message, which has a result or a timeout",
      seconds: 0,
    },
  ])("$rule", async ({ mock, output, seconds }) => {
    const testCase = { input: { id: 7 }, mocks: { M: mock } };
    expect(await outputOf(definition, testCase)).toEqual(output);
    expect((await runOf(definition, testCase)).durationMs).toBe(seconds * 1000);
  });

  test("a distributed Map without a mock is named as one", async () => {
    const each = {
      StartAt: "Each",
      States: {
        Each: {
          Type: "Map",
          End: true,
          ItemProcessor: {
            ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
            StartAt: "I",
            States: { I: { Type: "Pass", End: true } },
          },
        },
      },
    };
    expect(await outputOf(each, { input: [1] })).toMatch(
      /^no mock answers Each, a distributed Map: /,
    );
    expect(await outputOf(each, { input: [1], mocks: { Each: { result: [2] } } })).toEqual([2]);
  });

  test("without a mock is named with what it waits for", async () => {
    expect(await outputOf(definition, { input: { id: 7 } })).toBe(
      "no mock answers M, which waits for a message with order 7",
    );
  });

  test("counts with the value it waits for", async () => {
    const mocks = { M: { result: 1 } };
    expect(
      await mismatchesOf(definition, { input: { id: 7 }, mocks, expect: { calls: { M: [7] } } }),
    ).toEqual([]);
  });
});

describe("lambda:invoke", () => {
  const invoke = task({
    Resource: "arn:aws:states:::lambda:invoke",
    Parameters: { FunctionName: "charge" },
    OutputPath: "$.Payload",
  });

  test("result is what the function answers", async () => {
    expect(await outputOf(invoke, { mocks: { charge: { result: { ok: true } } } })).toEqual({
      ok: true,
    });
  });
});

describe("where and when a case starts", () => {
  const definition = {
    StartAt: "First",
    States: {
      First: { Type: "Pass", Next: "Second" },
      Second: { Type: "Wait", Timestamp: "2000-01-01T01:00:00Z", Next: "Third" },
      Third: {
        Type: "Pass",
        QueryLanguage: "JSONata",
        Assign: { total: "{% $price * 2 %}" },
        Output: "{% [$price, $states.context.Execution.Name, $states.context.StateMachine.Id] %}",
        End: true,
      },
    },
  };

  test("startAt, variables, startTime and context are the case's", async () => {
    const run = await runOf(definition, {
      startAt: "Second",
      variables: { price: 21 },
      context: { Execution: { Name: "A-1" }, StateMachine: { Id: "arn" } },
    });
    expect(JSON.parse(run.execution.output ?? "")).toEqual([21, "A-1", "arn"]);
    expect(run.variables).toEqual({ price: 21, total: 42 });
    expect(run.durationMs).toBe(3_600_000);
    expect(run.history.map(({ id }) => id)).toEqual(run.history.map((_, index) => index + 1));
    expect(run.history[0]?.timestampMs).toBe(startMs);
  });

  test("chance and ids are the same every time", async () => {
    const chancy = {
      StartAt: "P",
      States: {
        P: {
          Type: "Pass",
          Parameters: { "a.$": "States.UUID()", "b.$": "States.MathRandom(1, 1000)" },
          End: true,
        },
      },
    };
    expect((await runOf(chancy)).execution.output).toBe((await runOf(chancy)).execution.output);
  });
});
