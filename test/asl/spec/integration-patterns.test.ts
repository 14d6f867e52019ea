/** AWS § Service integration patterns: what a task waits for, what its history says, who sees a token. */
import { describe, expect, test } from "vitest";
import { machine } from "../../support/asl/builders.ts";
import { detailsOf, typesOf } from "../../support/asl/notation.ts";
import { runInMemory, type RunOptions } from "../../support/asl/run-in-memory.ts";

const sqs = "arn:aws:states:::sqs:sendMessage.waitForTaskToken";
const turn = { taskToken: (taskId: number) => `token-${taskId}` };
const taskTypes = (types: readonly string[]): readonly string[] =>
  types.filter((type) => /^Task(?!State)/.test(type));
const callBack = (atMs: number, output: unknown): NonNullable<RunOptions["events"]>[number] => ({
  atMs,
  event: { type: "TaskSucceeded", taskId: 3, output: JSON.stringify(output), isCallback: true },
});

describe(".waitForTaskToken", () => {
  test.each([
    { Resource: sqs, queue: "sqs:sendMessage" },
    { Resource: "process:order.waitForTaskToken", queue: "process:order" },
  ])("$Resource is offered as $queue, and ends by its token", async ({ Resource, queue }) => {
    const { tasks, history, execution, verdicts } = await runInMemory(
      machine({ Type: "Task", Resource, Parameters: { "t.$": "$$.Task.Token" } }),
      { turn, restores: true, worker: () => ({ output: "sent" }), events: [callBack(9, "done")] },
    );
    expect(tasks).toMatchObject([{ queue, resource: Resource, input: '{"t":"token-3"}' }]);
    expect(taskTypes(typesOf(history))).toEqual([
      "TaskScheduled",
      "TaskStarted",
      "TaskSubmitted",
      "TaskSucceeded",
    ]);
    expect(detailsOf(history, "TaskSubmitted")).toMatchObject({ output: '"sent"' });
    expect(verdicts).toContain("Submitted");
    expect(execution.output).toBe('"done"');
  });

  test("the answer of lambda:invoke is what was submitted; the token's report is not wrapped", async () => {
    const { history, execution } = await runInMemory(
      machine({
        Type: "Task",
        Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
        Parameters: { FunctionName: "f", Payload: {} },
      }),
      { turn, worker: () => ({ output: 1 }), events: [callBack(9, { a: 2 })] },
    );
    const { output } = detailsOf(history, "TaskSubmitted") as { output: string };
    expect(JSON.parse(output)).toMatchObject({ Payload: 1, StatusCode: 200 });
    expect(execution.output).toBe('{"a":2}');
  });

  test("a worker that has done its part can not end the task any more", async () => {
    const { execution, verdicts } = await runInMemory(machine({ Type: "Task", Resource: sqs }), {
      turn,
      worker: () => ({ output: "sent" }),
      events: [
        { atMs: 5, event: { type: "TaskFailed", taskId: 3, failure: { error: "Late" } } },
        { atMs: 6, event: { type: "TaskSucceeded", taskId: 3, output: "1" } },
        callBack(9, "done"),
      ],
    });
    expect(verdicts.filter((verdict) => verdict === "Stale")).toHaveLength(2);
    expect(execution.output).toBe('"done"');
  });

  test("a report that comes first ends the task without TaskSubmitted", async () => {
    const { history, execution } = await runInMemory(machine({ Type: "Task", Resource: sqs }), {
      turn,
      worker: () => "never",
      events: [callBack(9, "done")],
    });
    expect(taskTypes(typesOf(history))).toEqual(["TaskScheduled", "TaskStarted", "TaskSucceeded"]);
    expect(execution.output).toBe('"done"');
  });

  test("a retry has a token of its own, and what comes after the task still sees it", async () => {
    const { tasks, execution } = await runInMemory(
      machine({
        Type: "Task",
        QueryLanguage: "JSONata",
        Resource: sqs,
        Arguments: { t: "{% $states.context.Task.Token %}" },
        Retry: [{ ErrorEquals: ["States.ALL"] }],
        Output: "{% $states.context.Task.Token %}",
      }),
      {
        turn,
        restores: true,
        worker: ({ attempt }) =>
          attempt === 1 ? { failed: true, error: "No" } : { output: "sent" },
        events: [
          {
            atMs: 5_000,
            event: { type: "TaskSucceeded", taskId: 6, output: "1", isCallback: true },
          },
        ],
      },
    );
    expect(tasks.map(({ input }) => input)).toEqual(['{"t":"token-3"}', '{"t":"token-6"}']);
    expect(execution.output).toBe('"token-6"');
  });

  test("a task that waits for an answer has no token", async () => {
    const { execution } = await runInMemory(
      machine({ Type: "Task", Resource: "ask", Parameters: { "t.$": "$$.Task.Token" } }),
      { turn },
    );
    expect(execution.failure?.error).toBe("States.Runtime");
  });
});

describe(".sync", () => {
  test.each(["sync", "sync:2"])(
    "a worker's job under .%s is submitted and over at once; its state has a token",
    async (pattern) => {
      const Resource = `arn:aws:states:::glue:startJobRun.${pattern}`;
      const { tasks, history } = await runInMemory(
        machine({ Type: "Task", Resource, Parameters: { "t.$": "$$.Task.Token" } }),
        { turn, worker: () => ({ output: "ran" }) },
      );
      expect(tasks).toMatchObject([{ queue: "glue:startJobRun", input: '{"t":"token-3"}' }]);
      expect(taskTypes(typesOf(history))).toEqual([
        "TaskScheduled",
        "TaskStarted",
        "TaskSubmitted",
        "TaskSucceeded",
      ]);
    },
  );
});

describe("Credentials", () => {
  const roleArn = "arn:aws:iam::111111111111:role/r";
  test.each([
    { Resource: "arn:aws:lambda:us-east-1:1:function:f", event: "LambdaFunctionScheduled" },
    { Resource: "arn:aws:states:::sqs:sendMessage", event: "TaskScheduled" },
  ] as const)("the role of $Resource is shown in $event", async ({ Resource, event }) => {
    const { history } = await runInMemory(
      machine({
        Type: "Task",
        Resource,
        Credentials: { "RoleArn.$": "States.Format('{}', $.role)" },
      }),
      { input: { role: roleArn }, worker: () => ({ output: 1 }) },
    );
    expect(detailsOf(history, event)).toMatchObject({ taskCredentials: { roleArn } });
  });
});
