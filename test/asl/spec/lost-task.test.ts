/** What the loss of a task is by each policy: in the history of each kind of task, and for Retry and Catch. Decision 0021. */
import { describe, expect, test } from "vitest";
import { body, machine } from "../../support/asl/builders.ts";
import { eventLines, typesOf } from "../../support/asl/notation.ts";
import { runInMemory } from "../../support/asl/run-in-memory.ts";
import type { Run, RunOptions } from "../../support/asl/run-in-memory.ts";
import type { TaskLossPolicy } from "../../../server/asl/event.ts";
import type { Definition } from "../../../server/asl/definition/definition.ts";

const lambda = "arn:aws:lambda:us-east-1:000000000000:function:f";
const activity = "arn:aws:states:us-east-1:000000000000:activity:a";

/** Task 3 is lost after 5 ms; nobody answers it. Restored before each turn. */
function lose(
  definition: Definition,
  policy: TaskLossPolicy,
  options: RunOptions = {},
): Promise<Run> {
  const event = { type: "TaskLost", taskId: 3, policy, deliveries: 2, start: { atMs: 0 } } as const;
  const worker: RunOptions["worker"] = ({ taskId }) => (taskId === 3 ? "never" : { output: {} });
  const events = [{ atMs: 5, event }, ...(options.events ?? [])];
  return runInMemory(definition, { worker, restores: true, ...options, events });
}

const cause = "The worker of the state 'S' was lost; its task was delivered 2 times.";

describe.each([
  [lambda, "LambdaFunction"],
  [activity, "Activity"],
  ["process", "Task"],
])("a task of %s", (Resource, kind) => {
  test.each([
    ["RETRY_AS_TIMEOUT", `${kind}TimedOut`, "States.Timeout"],
    ["FAIL", `${kind}Failed`, "Pawl.TaskLost"],
  ] as const)("by %s has %s in its history", async (policy, type, error) => {
    const { history, execution } = await lose(machine({ Type: "Task", Resource }), policy);
    expect(typesOf(history).slice(2)).toEqual([
      `${kind}Scheduled`,
      `${kind}Started`,
      type,
      "ExecutionFailed",
    ]);
    expect(execution.failure).toEqual({ error, cause });
  });
});

test("SKIP puts out the state's input, whatever its other fields say", async () => {
  const state = { Type: "Task", Resource: "process", InputPath: "$.a", ResultPath: "$.b" };
  const { history, execution } = await lose(machine(state, { Type: "Pass" }), "SKIP", {
    inputText: '{ "a": 1 }',
  });
  expect(eventLines(history).slice(4, 6)).toEqual([
    "5 <- 4 TaskFailed S",
    "6 <- 5 TaskStateExited S",
  ]);
  expect(execution.output).toBe('{"a":1}');
});

test("FAIL is never retried, and is caught by its name, States.TaskFailed and States.ALL", async () => {
  for (const name of ["Pawl.TaskLost", "States.TaskFailed", "States.ALL"]) {
    const state = {
      Type: "Task",
      Resource: "process",
      Retry: [{ ErrorEquals: ["States.ALL"] }],
      Catch: [{ ErrorEquals: [name], Next: "S2" }],
    };
    const { execution, tasks } = await lose(machine(state, { Type: "Pass" }), "FAIL");
    expect(tasks).toHaveLength(1);
    expect(JSON.parse(execution.output!)).toEqual({ Error: "Pawl.TaskLost", Cause: cause });
  }
});

test("PAUSE leaves the task open: its late outcome counts, and the execution goes on when it is resumed", async () => {
  const outcome = { type: "TaskSucceeded", taskId: 3, output: '"late"' } as const;
  const { execution, verdicts, history } = await lose(
    machine({ Type: "Task", Resource: "process" }),
    "PAUSE",
    {
      events: [
        { atMs: 7, event: outcome },
        { atMs: 9, event: { type: "Resumed", operator: "ada" } },
      ],
    },
  );
  expect(verdicts).toEqual(["Applied", "StillOpen", "Applied", "Applied"]);
  expect(execution).toMatchObject({ status: "SUCCEEDED", output: '"late"' });
  expect(history.find(({ type }) => type === "ExecutionPaused")?.details).toEqual({
    reason: cause,
  });
});

test("a lost branch fails its Parallel, and its sibling is withdrawn", async () => {
  const branch = (Name: string) => body({ Name, Type: "Task", Resource: "process" });
  const definition = machine({ Type: "Parallel", Branches: [branch("A"), branch("B")] });
  const event = { type: "TaskLost", policy: "FAIL", deliveries: 1, start: { atMs: 0 } } as const;
  const { effects, execution } = await runInMemory(definition, {
    worker: () => "never",
    events: [{ atMs: 5, event: { ...event, taskId: 5 } }],
  });
  expect(execution.failure?.error).toBe("Pawl.TaskLost");
  expect(effects.filter(({ type }) => type === "CancelTask")).toEqual([
    { type: "CancelTask", taskId: 5, reason: "Lost" },
    { type: "CancelTask", taskId: 7, reason: "BranchFailed" },
  ]);
});

test("a task whose worker has done its part is not lost with it", async () => {
  const Resource = "process.waitForTaskToken";
  const done = {
    type: "TaskSucceeded",
    taskId: 3,
    output: '"called back"',
    isCallback: true,
  } as const;
  const { execution, verdicts } = await lose(machine({ Type: "Task", Resource }), "FAIL", {
    turn: { taskToken: (taskId) => `token-${taskId}` },
    worker: () => ({ output: "sent" }),
    events: [{ atMs: 9, event: done }],
  });
  expect(verdicts).toEqual(["Applied", "Submitted", "Stale", "Applied"]);
  expect(execution.output).toBe('"called back"');
});
