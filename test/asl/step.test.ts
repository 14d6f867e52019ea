import { describe, expect, test } from "vitest";
import { newExecution } from "../../server/asl/execution-state.ts";
import { step } from "../../server/asl/step.ts";
import { body, factsOf, limits, machine, startMs, turnAt } from "../support/asl/builders.ts";
import { effectLine, eventLines, typesOf } from "../support/asl/notation.ts";
import { runInMemory } from "../support/asl/run-in-memory.ts";
import type { Definition } from "../../server/asl/definition/definition.ts";
import type { Event } from "../../server/asl/event.ts";

const task = { Type: "Task", Resource: "t" };
const taskBody = body({ Name: "T", ...task });

describe("a chained execution", () => {
  const chain = { execution: "e", transformer: { kind: "Resource", text: "to-invoice" } } as const;
  const [source, transform] = [2 ** 31 - 2, 2 ** 31 - 1];
  const play = async (...events: Event[]) => {
    const execution = newExecution({ ...factsOf(""), chain });
    const first: Event = { type: "Chained" };
    const played = await step(machine(task), execution, [first, ...events], turnAt(startMs));
    return { ...played, execution };
  };

  test("waits for its source, then for the worker that transforms, and starts with that", async () => {
    const { execution, effects, history } = await play(
      { type: "TaskSucceeded", taskId: source, output: "1" },
      { type: "TaskSucceeded", taskId: transform, output: "[1]" },
    );
    expect(effects.map((effect) => effectLine(effect, startMs))).toEqual([
      `ScheduleTask ${source} pawl:chain ${JSON.stringify(chain)}`,
      `ScheduleTask ${transform} to-invoice 1`,
      "TakeInput [1]",
      "ScheduleTask 3 t [1]",
    ]);
    expect(history[0]).toMatchObject({ id: 1, type: "ExecutionStarted" });
    expect(execution.facts.input).toBe("[1]");
  });

  test.each<[string, Event, string]>([
    ["fails", { type: "TaskFailed", taskId: source, failure: { error: "E" } }, "E"],
    ["times out", { type: "TaskTimedOut", taskId: source, reason: "Timeout" }, "States.Timeout"],
  ])(
    "that gets no input because a task %s gives it up, and keeps nothing",
    async (_, event, error) => {
      const { execution, effects } = await play(event, event);
      expect(execution).toMatchObject({ status: "FAILED", failure: { error } });
      expect(execution.scopes.size).toBe(0);
      expect(effects.at(-1)).toEqual({ type: "GiveUpInput" });
    },
  );

  test("does not start with more than an input may have", async () => {
    const output = JSON.stringify("x".repeat(limits.payloadBytesMax));
    const { execution } = await play(
      { type: "TaskSucceeded", taskId: source, output: "1" },
      { type: "TaskSucceeded", taskId: transform, output },
    );
    expect(execution.failure?.error).toBe("States.DataLimitExceeded");
  });
});

describe("verdicts", () => {
  const succeeded: Event = { type: "TaskSucceeded", taskId: 3, output: "1" };

  test("an event is Stale when its task or timer is no longer open, and nothing is written for it", async () => {
    const execution = newExecution(factsOf("{}"));
    const definition = machine(task, {});
    await step(definition, execution, [{ type: "Started" }], turnAt(startMs));
    const events: Event[] = [
      { type: "Started" },
      { type: "TaskSucceeded", taskId: 4, output: "1" },
      { type: "TimerDue", timerId: 2 },
      { type: "Turn" },
    ];
    const { verdicts, history, changedScopes } = await step(
      definition,
      execution,
      events,
      turnAt(startMs),
    );
    expect(verdicts).toEqual(["Stale", "Stale", "Stale", "Stale"]);
    expect(history).toEqual([]);
    expect(changedScopes.size).toBe(0);
  });

  test("the first outcome of a task counts; once the execution is closed everything is Stale", async () => {
    const execution = newExecution(factsOf("{}"));
    const { verdicts } = await step(
      machine(task),
      execution,
      [{ type: "Started" }, succeeded, succeeded, { type: "Stopped", failure: {} }],
      turnAt(startMs),
    );
    expect(verdicts).toEqual(["Applied", "Applied", "Stale", "Stale"]);
    expect(execution.status).toBe("SUCCEEDED");
  });

  test("an outcome for an attempt that was retried is Stale", async () => {
    const definition = machine({ ...task, Retry: [{ ErrorEquals: ["E"] }] });
    const execution = newExecution(factsOf("{}"));
    const failed: Event = { type: "TaskFailed", taskId: 3, failure: { error: "E" } };
    const { verdicts } = await step(
      definition,
      execution,
      [{ type: "Started" }, failed, { type: "TimerDue", timerId: 5 }, succeeded],
      turnAt(startMs),
    );
    expect(verdicts).toEqual(["Applied", "Applied", "Applied", "Stale"]);
  });
});

describe("what waits in the step in which a failure cuts its scope short", () => {
  const both = {
    Type: "Parallel",
    Branches: [
      body({ Name: "A", ...task }),
      body({ Name: "B", ...task }),
      body({ Name: "M", Type: "Message", CorrelationKey: "k" }),
    ],
  };
  const failed: Event = { type: "TaskFailed", taskId: 5, failure: { error: "E" } };
  const succeeded: Event = { type: "TaskSucceeded", taskId: 7, output: "1" };
  const received: Event = { type: "MessageReceived", waitId: 9, data: '"m"' };
  const play = async (definition: Definition, ...events: Event[]) => {
    const execution = newExecution(factsOf("{}"));
    await step(definition, execution, [{ type: "Started" }], turnAt(startMs));
    return { ...(await step(definition, execution, events, turnAt(startMs))), execution };
  };

  test("is recorded before what is aborted, and only once", async () => {
    const definition = machine(both);
    const { history, verdicts, effects } = await play(
      definition,
      failed,
      succeeded,
      received,
      succeeded,
    );
    expect(verdicts).toEqual(["Applied", "Applied", "Applied", "Stale"]);
    expect(typesOf(history)).toEqual([
      "TaskStarted",
      "TaskFailed",
      "TaskStateAborted",
      "TaskStarted",
      "TaskSucceeded",
      "TaskStateAborted",
      "MessageReceived",
      "MessageStateAborted",
      "ParallelStateFailed",
      "ExecutionFailed",
    ]);
    expect(effects.map((effect) => effectLine(effect, startMs))).toEqual(["EndMessageWait 9"]);
  });

  test("changes nothing: a caught failure goes on as if it had never come", async () => {
    const Catch = [{ ErrorEquals: ["E"], Next: "Caught" }];
    const definition = machine({ ...both, Catch }, { Name: "Caught", Type: "Succeed" });
    const [alone, together] = [
      await play(definition, failed),
      await play(definition, failed, succeeded, received),
    ];
    expect(together.execution).toMatchObject({
      status: "SUCCEEDED",
      output: alone.execution.output,
    });
  });

  test("is recorded when the execution fails as a whole, which no Parallel may catch", async () => {
    const broken = machine({
      ...both,
      Branches: [body({ Name: "A", ...task, OutputPath: "$.none" }), ...both.Branches.slice(1)],
    });
    const { history, verdicts } = await play(
      broken,
      { type: "TaskSucceeded", taskId: 5, output: "{}" },
      { type: "TaskFailed", taskId: 7, failure: { error: "E" } },
    );
    expect(verdicts).toEqual(["Applied", "Applied"]);
    expect(typesOf(history).slice(-3)).toEqual(["TaskStarted", "TaskFailed", "ExecutionFailed"]);
  });
});

describe("closing from outside", () => {
  const definition = machine({
    Type: "Parallel",
    Branches: [taskBody, body({ Name: "W", Type: "Wait", Seconds: 60 })],
  });

  test("Stopped: ExecutionAborted follows nothing; tasks and timers are withdrawn", async () => {
    const run = await runInMemory(definition, {
      worker: () => "never",
      events: [{ atMs: 5, event: { type: "Stopped", failure: { error: "E", cause: "c" } } }],
    });
    expect(run.execution).toMatchObject({ status: "ABORTED", failure: { error: "E", cause: "c" } });
    expect(run.history.at(-1)).toMatchObject({
      type: "ExecutionAborted",
      previousEventId: 0,
      details: { error: "E", cause: "c" },
    });
    expect(run.effects.slice(2).map((effect) => effectLine(effect, startMs))).toEqual([
      "CancelTask 5 ExecutionStopped",
      "CancelTimer 6",
    ]);
  });

  test.each(["Stopped", "ExecutionTimedOut"] as const)(
    "%s for an attempt that is over does not close the one that a redrive has begun",
    async (type) => {
      const { execution } = await runInMemory(definition, {
        worker: () => "never",
        events: [{ atMs: 5, event: { type: "Stopped", failure: {} } }],
      });
      const turn = turnAt(startMs + 10);
      await step(definition, execution, [{ type: "Redriven" }], turn);
      const closing = (begunAtMs: number) => ({ type, failure: {}, begunAtMs });
      const late = await step(definition, execution, [closing(startMs)], turn);
      expect(late).toMatchObject({ verdicts: ["Stale"], history: [] });
      expect(execution.status).toBe("RUNNING");
      const meant = [closing(execution.redrive!.timeMs)];
      expect((await step(definition, execution, meant, turn)).verdicts).toEqual(["Applied"]);
    },
  );

  test.each([
    ["STANDARD", [0, 1, 2]],
    ["EXPRESS", []],
  ] as const)("a %s execution that did not succeed keeps its scopes: %j", async (type, kept) => {
    const { execution } = await runInMemory(definition, {
      facts: { type },
      worker: () => "never",
      events: [{ atMs: 5, event: { type: "Stopped", failure: {} } }],
    });
    expect([...execution.scopes.keys()]).toEqual(kept);
  });

  test("ExecutionTimedOut: status TIMED_OUT without error and cause", async () => {
    const run = await runInMemory({ ...definition, timeoutSeconds: 7 }, { worker: () => "never" });
    expect(run.execution).toMatchObject({ status: "TIMED_OUT", failure: {} });
    expect(run.history.at(-1)).toMatchObject({
      type: "ExecutionTimedOut",
      previousEventId: 0,
      details: { error: "States.Timeout" },
    });
    expect(run.effects.at(-2)).toEqual({
      type: "CancelTask",
      taskId: 5,
      reason: "ExecutionTimedOut",
    });
    expect(run.tookMs).toBe(7000);
  });
});

describe("limits", () => {
  test("a result of 262,144 bytes passes; one byte more is States.DataLimitExceeded and can be caught", async () => {
    const definition = machine(
      { ...task, Catch: [{ ErrorEquals: ["States.DataLimitExceeded"], Next: "S2" }] },
      { Type: "Pass" },
    );
    const textOf = (bytes: number) =>
      `"${"é".repeat((bytes - 2) / 2)}${bytes % 2 === 1 ? "x" : ""}"`;
    const fits = await runInMemory(definition, { worker: () => ({ text: textOf(262_144) }) });
    expect(fits.execution.output).toHaveLength(131_073);
    const tooLarge = await runInMemory(definition, { worker: () => ({ text: textOf(262_145) }) });
    expect(JSON.parse(tooLarge.execution.output ?? "")).toEqual({
      Error: "States.DataLimitExceeded",
      Cause:
        "The state/task 't' returned a result with a size exceeding the maximum number of bytes service limit.",
    });
    expect(typesOf(tooLarge.history).slice(3, 5)).toEqual(["TaskStarted", "TaskFailed"]);
  });

  test("a Pass whose output is too large fails the execution under its own name", async () => {
    const definition = machine({ Type: "Pass", Parameters: { "a.$": "$", "b.$": "$" } });
    const { execution } = await runInMemory(definition, { input: "x".repeat(200_000) });
    expect(execution.failure).toEqual({
      error: "States.DataLimitExceeded",
      cause:
        "The state/task 'S' returned a result with a size exceeding the maximum number of bytes service limit.",
    });
  });

  const large = { "a.$": "$", "b.$": "$" };
  const part = body({ Name: "P", Type: "Pass" });
  test.each([
    ["Pass", { Type: "Pass", Parameters: large }],
    ["Parallel", { Type: "Parallel", Branches: [part, body({ Name: "Q", Type: "Pass" })] }],
    [
      "Map",
      {
        Type: "Map",
        QueryLanguage: "JSONata",
        Items: [1, 2],
        ItemSelector: "{% $states.input %}",
        ItemProcessor: part,
      },
    ],
    ["Task, as its input,", { ...task, Parameters: large }],
    ["Parallel, as its input,", { Type: "Parallel", Parameters: large, Branches: [part] }],
    [
      "Map, as an item,",
      {
        Type: "Map",
        QueryLanguage: "JSONata",
        Items: [1],
        ItemSelector: "{% [$states.input, $states.input] %}",
        ItemProcessor: part,
      },
    ],
    [
      "Succeed",
      { Type: "Succeed", QueryLanguage: "JSONata", Output: "{% [$states.input, $states.input] %}" },
    ],
    [
      "Choice",
      {
        Type: "Choice",
        QueryLanguage: "JSONata",
        Choices: [{ Condition: true, Output: "{% [$states.input, $states.input] %}", Next: "S2" }],
      },
    ],
    [
      "Wait",
      {
        Type: "Wait",
        Seconds: 0,
        QueryLanguage: "JSONata",
        Output: "{% [$states.input, $states.input] %}",
      },
    ],
  ])("what a %s gives is bounded", async (_, state) => {
    const definition = machine(state, { Type: "Pass" });
    const { execution } = await runInMemory(definition, { input: "x".repeat(200_000) });
    expect(execution.failure).toEqual({
      error: "States.DataLimitExceeded",
      cause:
        "The state/task 'S' returned a result with a size exceeding the maximum number of bytes service limit.",
    });
  });

  test.each([10, 11, 12, 13])(
    "with room for %i events a loop fails with ExecutionFailed as the last of them",
    async (historyEventsMax) => {
      const loop = machine({ Type: "Wait", Seconds: 0, Next: "S2" }, { ...task, Next: "S" });
      const run = await runInMemory(loop, { limits: { historyEventsMax } });
      expect(run.execution.failure).toEqual({
        error: "States.Runtime",
        cause: `The execution reached the maximum number of history events (${historyEventsMax}).`,
      });
      expect(run.history).toHaveLength(historyEventsMax);
      expect(run.history.at(-1)?.type).toBe("ExecutionFailed");
      expect(run.steps.at(-1)?.effects.filter(({ type }) => type !== "CancelTask")).toEqual([]);
    },
  );

  test("an execution may close with the last event there is room for", async () => {
    const { execution, history } = await runInMemory(machine({ Type: "Pass" }), {
      limits: { historyEventsMax: 4 },
    });
    expect(execution.status).toBe("SUCCEEDED");
    expect(history).toHaveLength(4);
  });
});

describe("a long turn", () => {
  const long: Definition = machine(
    ...Array.from({ length: 25 }, (_, i) => ({
      Name: `P${i}`,
      Type: "Pass",
      ...(i < 24 && { Next: `P${i + 1}` }),
    })),
  );

  test("is cut short after transitionsPerTurnMax and goes on with Turn, with the same history", async () => {
    const whole = await runInMemory(long, { input: { a: 1 } });
    const cut = await runInMemory(long, {
      input: { a: 1 },
      limits: { transitionsPerTurnMax: 10 },
      restores: true,
    });
    expect(cut.history).toEqual(whole.history);
    expect(cut.steps.map(({ effects }) => effects.map(({ type }) => type))).toEqual([
      ["RequestTurn"],
      ["RequestTurn"],
      [],
    ]);
  });

  test("a Map starts its items in portions", async () => {
    const definition = machine({ Type: "Map", ItemProcessor: taskBody });
    const run = await runInMemory(definition, {
      input: Array.from({ length: 25 }, (_, i) => i),
      limits: { transitionsPerTurnMax: 10 },
      worker: () => ({ output: 1, afterMs: 100 }),
    });
    expect(
      run.steps
        .slice(0, 4)
        .map(({ effects }) => effects.filter(({ type }) => type === "ScheduleTask").length),
    ).toEqual([9, 10, 6, 0]);
    expect(run.execution.status).toBe("SUCCEEDED");
  });
});

describe("cost", () => {
  test("an item of a large Map that starts or ends changes its own scope only", async () => {
    const count = 3_000;
    const definition = machine({ Type: "Map", ItemProcessor: taskBody });
    const run = await runInMemory(definition, {
      input: Array.from({ length: count }, () => 0),
      limits: { transitionsPerTurnMax: 500 },
    });
    const sizes = run.steps.map(({ changedScopes }) => changedScopes.size);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(500);
    const ofRoot = run.steps.filter(({ changedScopes }) => changedScopes.has(0));
    // The root: when the Map starts. Its end closes the execution.
    expect(ofRoot).toHaveLength(1);
    expect(sizes.filter((size) => size === 1).length).toBeGreaterThanOrEqual(count - 10);
  });
});

describe("a restored execution goes on as if nothing had been", () => {
  const retry = [{ ErrorEquals: ["States.ALL"], MaxAttempts: 2, IntervalSeconds: 1 }];
  const each = body(
    { Name: "T", ...task, Retry: retry, ResultPath: "$.r", Next: "P" },
    {
      Name: "P",
      Type: "Pass",
      Parameters: { "i.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value" },
    },
  );
  const branch = body({
    Name: "M",
    Type: "Map",
    ItemsPath: "$.items",
    MaxConcurrency: 2,
    ItemProcessor: each,
    Retry: retry,
  });
  const definition = machine(
    {
      Type: "Parallel",
      Branches: [branch, body({ Name: "W", Type: "Wait", Seconds: 3 })],
      Catch: [{ ErrorEquals: ["States.ALL"], Next: "S2" }],
    },
    { Type: "Pass" },
  );

  test.each([
    { name: "all is well", failing: [] as number[] },
    { name: "some attempts fail", failing: [1, 4, 5] },
    { name: "a Map is retried", failing: [2, 4, 5] },
    { name: "everything fails", failing: Array.from({ length: 99 }, (_, i) => i + 1) },
  ])("$name", async ({ failing }) => {
    const options = {
      input: { items: [{ a: 1 }, { a: 12345 }, { a: 3 }] },
      worker: (_: unknown, taken: number) =>
        failing.includes(taken)
          ? ({ failed: true, error: "E", afterMs: 7 } as const)
          : { output: taken, afterMs: 5 + taken },
    };
    const whole = await runInMemory(definition, options);
    const restored = await runInMemory(definition, {
      ...options,
      restores: true,
      limits: { transitionsPerTurnMax: 3 },
    });
    expect(restored.execution.output).toBe(whole.execution.output);
    expect(restored.execution.status).toBe("SUCCEEDED");
    const same = await runInMemory(definition, { ...options, restores: true });
    expect(eventLines(same.history)).toEqual(eventLines(whole.history));
    expect(same.history).toEqual(whole.history);
  });
});

describe("a bug in the interpreter", () => {
  test("fails the execution and is handed back, not thrown", async () => {
    const execution = newExecution(factsOf("{}"));
    const broken = { ...machine({ Type: "Pass" }), states: new Map() };
    const { defect, verdicts, effects } = await step(
      broken,
      execution,
      [{ type: "Started" }],
      turnAt(startMs),
    );
    expect(defect).toBeInstanceOf(Error);
    expect(verdicts).toEqual(["Applied"]);
    expect(effects).toEqual([]);
    expect(execution).toMatchObject({
      status: "FAILED",
      failure: { error: "States.Runtime", cause: "internal error in the interpreter" },
    });
    expect(execution.failure?.cause).not.toContain("/States");
  });
});

test("times never go back, though the clock and a reported start may", async () => {
  const execution = newExecution(factsOf("{}"));
  const definition = machine(task);
  const first = await step(definition, execution, [{ type: "Started" }], turnAt(startMs + 100));
  const done: Event = {
    type: "TaskSucceeded",
    taskId: 3,
    output: "1",
    start: { atMs: startMs + 50 },
  };
  const second = await step(definition, execution, [done], turnAt(startMs + 20));
  expect(
    [...first.history, ...second.history].map(({ timestampMs }) => timestampMs - startMs),
  ).toEqual([100, 100, 100, 100, 100, 100, 100]);
});

test("the same events in the same turn make the same step", async () => {
  const definition = machine({ Type: "Map", ItemProcessor: taskBody });
  const play = async () => {
    const execution = newExecution(factsOf("[1,2,3]"));
    return await step(definition, execution, [{ type: "Started" }], turnAt(startMs, { limits }));
  };
  expect(await play()).toEqual(await play());
});
