/** ASL § Errors: Retrying after error. */
import { describe, expect, test } from "vitest";
import { retryDelaySeconds, retryDelaySecondsMax } from "../../../server/asl/retry.ts";
import { machine, startMs } from "../../support/asl/builders.ts";
import { effectLine, eventLines } from "../../support/asl/notation.ts";
import { runInMemory } from "../../support/asl/run-in-memory.ts";
import type { Retrier } from "../../../server/asl/definition/definition.ts";
import type { Answer } from "../../support/asl/run-in-memory.ts";

const busy: Answer = { failed: true, error: "Busy", cause: "full" };

function task(...Retry: readonly unknown[]) {
  return machine({ Type: "Task", Resource: "t", Retry });
}

describe("delay", () => {
  const defaults: Retrier = {
    errorEquals: ["E"],
    intervalSeconds: 1,
    maxAttempts: 3,
    backoffRate: 2,
    jitterStrategy: "NONE",
  };
  test.each([
    {
      rule: "the first retry waits IntervalSeconds",
      retrier: { intervalSeconds: 4 },
      attempt: 1,
      seconds: 4,
    },
    {
      rule: "each later one multiplies by BackoffRate",
      retrier: { backoffRate: 3 },
      attempt: 3,
      seconds: 9,
    },
    { rule: "MaxDelaySeconds caps it", retrier: { maxDelaySeconds: 5 }, attempt: 4, seconds: 5 },
    {
      rule: "FULL jitter takes a part of it",
      retrier: { jitterStrategy: "FULL" },
      attempt: 2,
      seconds: 0.5,
    },
    {
      rule: "jitter comes after the cap",
      retrier: { jitterStrategy: "FULL", maxDelaySeconds: 4 },
      attempt: 9,
      seconds: 1,
    },
    {
      rule: "a rate that overflows waits a year",
      retrier: { backoffRate: 10 },
      attempt: 99_999,
      seconds: retryDelaySecondsMax,
    },
  ] as const)("$rule", ({ retrier, attempt, seconds }) => {
    expect(retryDelaySeconds({ ...defaults, ...retrier }, attempt, () => 0.25)).toBe(seconds);
  });
});

describe("attempts", () => {
  test("MaxAttempts counts retries; the last failure is the state's", async () => {
    const run = await runInMemory(
      task({ ErrorEquals: ["Busy"], MaxAttempts: 2, IntervalSeconds: 3 }),
      { worker: () => busy },
    );
    expect(run.tasks.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(run.execution.failure).toEqual({ error: "Busy", cause: "full" });
    expect(run.tookMs).toBe(3 * 1 + 3000 + 6000);
  });

  test("without fields: three retries after 1, 2 and 4 seconds", async () => {
    const run = await runInMemory(task({ ErrorEquals: ["Busy"] }), { worker: () => busy });
    expect(run.tasks).toHaveLength(4);
    expect(run.tookMs).toBe(4 + 7000);
  });

  test("MaxAttempts 0 never retries", async () => {
    const run = await runInMemory(task({ ErrorEquals: ["Busy"], MaxAttempts: 0 }), {
      worker: () => busy,
    });
    expect(run.tasks).toHaveLength(1);
  });

  test("each Retrier counts its own; the first that names the error decides", async () => {
    const errors = ["A", "B", "A", "B", "A"];
    const run = await runInMemory(
      task({ ErrorEquals: ["A"], MaxAttempts: 2 }, { ErrorEquals: ["States.ALL"], MaxAttempts: 2 }),
      {
        worker: (_, taken) => ({ failed: true, error: errors[taken - 1] ?? "C" }),
      },
    );
    expect(run.tasks).toHaveLength(5);
    expect(run.execution.failure).toEqual({ error: "A" });
  });

  test("a spent Retrier is not followed by a later one", async () => {
    const run = await runInMemory(
      task({ ErrorEquals: ["A"], MaxAttempts: 1 }, { ErrorEquals: ["States.ALL"] }),
      {
        worker: () => ({ failed: true, error: "A" }),
      },
    );
    expect(run.tasks).toHaveLength(2);
  });

  test("the counts begin anew when the state is entered again", async () => {
    const definition = machine(
      {
        Type: "Task",
        Resource: "t",
        Retry: [{ ErrorEquals: ["Busy"], MaxAttempts: 1 }],
        Catch: [{ ErrorEquals: ["Busy"], Next: "S2" }],
        Next: "End",
      },
      { Type: "Pass", Next: "S" },
      { Name: "End", Type: "Succeed" },
    );
    const run = await runInMemory(definition, {
      worker: (_, taken) => (taken < 4 ? busy : { output: 1 }),
    });
    expect(run.tasks.map(({ attempt }) => attempt)).toEqual([1, 2, 1, 2]);
    expect(new Set(run.tasks.map(({ visit }) => visit)).size).toBe(2);
  });

  test("a success after a retry goes on", async () => {
    const run = await runInMemory(task({ ErrorEquals: ["States.ALL"] }), {
      worker: (_, taken) => (taken === 1 ? busy : { output: "ok" }),
    });
    expect(run.execution.output).toBe('"ok"');
    expect(run.tasks[1]).toMatchObject({
      attempt: 2,
      visit: "/States/S#2",
      lastFailure: { error: "Busy", cause: "full" },
    });
  });

  test("what an attempt said in its last heartbeat is offered to the next, after a restart as well", async () => {
    const said = { lastHeartbeatDetails: '{"page":7}' };
    const failed = { type: "TaskFailed", taskId: 3, failure: { error: "Busy" }, ...said } as const;
    const run = await runInMemory(task({ ErrorEquals: ["States.ALL"] }), {
      restores: true,
      worker: (_, taken) => (taken === 1 ? "never" : taken === 2 ? busy : { output: "ok" }),
      events: [{ atMs: 10, event: failed }],
    });
    expect(run.tasks).toHaveLength(3);
    expect(run.tasks[0]).not.toHaveProperty("lastHeartbeatDetails");
    expect(run.tasks.slice(1)).toMatchObject([said, said]);
  });
});

describe("what the worker asks for", () => {
  test("nonRetryable skips Retry and reaches Catch", async () => {
    const state = {
      Type: "Task",
      Resource: "t",
      Retry: [{ ErrorEquals: ["States.ALL"] }],
      Catch: [{ ErrorEquals: ["Busy"], Next: "S2" }],
    };
    const run = await runInMemory(machine(state, { Type: "Pass" }), {
      worker: () => ({ ...busy, nonRetryable: true }),
    });
    expect(run.tasks).toHaveLength(1);
    expect(run.execution.status).toBe("SUCCEEDED");
  });

  test("retryAfterMs takes the place of the interval once", async () => {
    const run = await runInMemory(
      task({ ErrorEquals: ["Busy"], MaxAttempts: 2, IntervalSeconds: 10 }),
      {
        worker: (_, taken) => (taken === 1 ? { ...busy, retryAfterMs: 50 } : busy),
      },
    );
    expect(run.tookMs).toBe(3 + 50 + 20_000);
  });
});

describe("history", () => {
  test("a retry is another Scheduled event after the failure; the state is not entered again", async () => {
    const run = await runInMemory(task({ ErrorEquals: ["Busy"], MaxAttempts: 1 }), {
      worker: () => busy,
    });
    expect(eventLines(run.history)).toEqual([
      "1 <- 0 ExecutionStarted",
      "2 <- 0 TaskStateEntered S",
      "3 <- 2 TaskScheduled S",
      "4 <- 3 TaskStarted S",
      "5 <- 4 TaskFailed S",
      "6 <- 5 TaskScheduled S",
      "7 <- 6 TaskStarted S",
      "8 <- 7 TaskFailed S",
      "9 <- 8 ExecutionFailed",
    ]);
    expect(run.history.map(({ attempt }) => attempt).slice(2, 8)).toEqual([1, 1, 1, 2, 2, 2]);
  });

  test("the timer has the id of the failure", async () => {
    const run = await runInMemory(task({ ErrorEquals: ["Busy"], MaxAttempts: 1 }), {
      worker: () => busy,
    });
    expect(run.effects.map((effect) => effectLine(effect, startMs))).toEqual([
      "ScheduleTask 3 t {}",
      "StartTimer 5 at 1001 ms",
      "ScheduleTask 6 t {} attempt 2",
    ]);
  });
});
