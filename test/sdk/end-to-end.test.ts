import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Client, silentLog, TaskError, Worker } from "../../sdk/typescript/src/index.ts";
import type { ExecutionEvent, TaskCancelledError } from "../../sdk/typescript/src/index.ts";
import { Client as WebClient } from "../../sdk/typescript/src/web.ts";

let server: ChildProcess;
let url: string;
let client: Client;
let worker: Worker;
const aborted: string[] = [];

beforeAll(async () => {
  const pawl = fileURLToPath(new URL("../../bin/pawl.mjs", import.meta.url));
  server = spawn(process.execPath, [pawl, "dev", "--ephemeral", "--port", "0", "--json"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface({ input: server.stdout! });
  const line = await new Promise<string>((resolve) => lines.once("line", resolve));
  url = (JSON.parse(line) as { url: string }).url;
  client = new Client({ address: url });
  worker = new Worker({ address: url, log: silentLog })
    .task("double", (n: number) => n * 2)
    .task("flaky", (n: number, ctx) => {
      if (ctx.attempt < 3) throw new TaskError("Busy", { attempt: ctx.attempt });
      return { n, last: ctx.lastError };
    })
    .task("declined", () => {
      throw new TaskError("Payment.Declined", "expired", { nonRetryable: true });
    })
    .task("echo", (input) => input)
    .task("hang", async (_, ctx) => {
      await new Promise((resolve) => ctx.signal.addEventListener("abort", resolve));
      aborted.push((ctx.signal.reason as TaskCancelledError).reason);
      throw ctx.signal.reason;
    });
  await worker.start();
});

afterAll(async () => {
  await worker.close({ graceMs: 1_000 });
  client.close();
  const exit = new Promise((resolve) => server.once("exit", resolve));
  server.kill("SIGTERM");
  await exit;
});

async function apply(
  name: string,
  states: Record<string, unknown>,
  startAt = "A",
): Promise<string> {
  await client.applyStateMachine({ name, definition: { StartAt: startAt, States: states } });
  return name;
}

test("a worker's result is the execution's output", async () => {
  const stateMachine = await apply("double", {
    A: { Type: "Task", Resource: "arn:aws:lambda:::double", End: true },
  });
  const execution = await client.runExecution({ stateMachine, input: 21 });
  expect(execution).toMatchObject({ status: "SUCCEEDED", input: 21, output: 42 });
  expect(await client.getExecution(execution.id)).toMatchObject({
    status: "SUCCEEDED",
    outputText: "42",
  });
});

test("the same name and input is the same execution, another input is refused", async () => {
  const stateMachine = await apply("named", { A: { Type: "Wait", Seconds: 60, End: true } });
  const first = await client.startExecution({ stateMachine, name: "one", input: { a: 1 } });
  const again = await client.startExecution({ stateMachine, name: "one", input: { a: 1 } });
  expect([first.created, again.created, again.execution.id]).toEqual([
    true,
    false,
    first.execution.id,
  ]);
  const other = client.startExecution({ stateMachine, name: "one", input: { a: 2 } });
  await expect(other).rejects.toMatchObject({ code: "ALREADY_EXISTS" });
});

test("Retry gives the next attempt the error of the one before", async () => {
  const retry = [{ ErrorEquals: ["Busy"], IntervalSeconds: 1, BackoffRate: 1, MaxAttempts: 3 }];
  const stateMachine = await apply("flaky", {
    A: { Type: "Task", Resource: "flaky", Retry: retry, End: true },
  });
  const execution = await client.runExecution({ stateMachine, input: 7 });
  expect(execution.output).toEqual({ n: 7, last: { error: "Busy", cause: '{"attempt":2}' } });
});

test("a TaskError reaches Catch by its name, past Retry when it is not retryable", async () => {
  const stateMachine = await apply("declined", {
    A: {
      Type: "Task",
      Resource: "declined",
      Retry: [{ ErrorEquals: ["States.ALL"], IntervalSeconds: 60 }],
      Catch: [{ ErrorEquals: ["Payment.Declined"], Next: "B" }],
      End: true,
    },
    B: { Type: "Pass", End: true },
  });
  const execution = await client.runExecution({ stateMachine });
  expect(execution.output).toEqual({ Error: "Payment.Declined", Cause: "expired" });
});

test("an input over the inline size is fetched, and comes back whole", async () => {
  const stateMachine = await apply("big", { A: { Type: "Task", Resource: "echo", End: true } });
  const input = { text: "€".repeat(70_000) };
  expect((await client.runExecution({ stateMachine, input })).output).toEqual(input);
});

test("an output beyond the payload limit fails the task, and the worker goes on", async () => {
  const stateMachine = await apply("too-big", {
    A: { Type: "Pass", Parameters: { "a.$": "$.text", "b.$": "$.text" }, Next: "B" },
    B: { Type: "Task", Resource: "echo", End: true },
  });
  const execution = await client.runExecution({
    stateMachine,
    input: { text: "x".repeat(140_000) },
  });
  expect(execution).toMatchObject({
    status: "FAILED",
    error: { error: "States.DataLimitExceeded" },
  });
  expect((await client.runExecution({ stateMachine: "double", input: 1 })).output).toBe(2);
});

test("stopping an execution aborts its handler", async () => {
  const stateMachine = await apply("hang", { A: { Type: "Task", Resource: "hang", End: true } });
  const { execution } = await client.startExecution({ stateMachine });
  for await (const update of client.watchExecution(execution.id, { afterEventId: 1 })) {
    if (update.type === "event" && update.event.type === "TASK_STARTED") break;
  }
  await client.stopExecution(execution.id, { error: "Enough", cause: "tested" });
  expect(await client.waitForExecution(execution.id)).toMatchObject({
    status: "ABORTED",
    error: { error: "Enough", cause: "tested" },
  });
  await expect.poll(() => aborted).toEqual(["EXECUTION_STOPPED"]);
});

test("a watch is the history: every event, once and in order", async () => {
  const stateMachine = await apply("watched", {
    A: {
      Type: "Map",
      ItemProcessor: {
        StartAt: "B",
        States: { B: { Type: "Task", Resource: "double", End: true } },
      },
      End: true,
    },
  });
  const { execution } = await client.startExecution({ stateMachine, input: [1, 2, 3, 4, 5] });
  const watched: ExecutionEvent[] = [];
  for await (const update of client.watchExecution(execution.id, {
    afterEventId: 1,
    payloads: "FULL",
  })) {
    if (update.type === "event") watched.push(update.event);
  }
  const history: ExecutionEvent[] = [];
  for await (const event of client.listExecutionEvents(execution.id, { pageSize: 7 }))
    history.push(event);
  expect(history.map(({ id }) => id)).toEqual(history.map((_, index) => index + 1));
  expect(watched).toEqual(history.slice(1));
});

test("pipelined starts bring their results on the same stream", async () => {
  const requests = Array.from({ length: 300 }, (_, n) => ({ stateMachine: "double", input: n }));
  const outputs: number[] = [];
  for await (const { index, started, error } of client.startExecutions(requests, {
    follow: true,
    maxInFlight: 50,
  })) {
    if (error !== undefined) throw error;
    outputs[index] = (await started.result()).output as number;
  }
  expect(outputs).toEqual(requests.map(({ input }) => input * 2));
});

test("lists filter by state machine, status and name", async () => {
  const names: string[] = [];
  await client.startExecution({ stateMachine: "double", name: "listed-1", input: 1 });
  const query = { stateMachine: "double", namePrefix: "listed-" };
  for await (const { name } of client.listExecutions(query)) names.push(name);
  expect(names).toEqual(["listed-1"]);
  const machines: string[] = [];
  for await (const { name } of client.listStateMachines()) machines.push(name);
  expect(machines).toContain("double");
});

test("a filter takes any text", async () => {
  for (const error of ['"quoted" \\ text', "two\nlines\tand a tab", "Grüße 🙂"])
    expect(await client.countExecutions({ error })).toEqual({ count: 0, limited: false });
});

test("a state machine tells the resources of its tasks, each once", async () => {
  const task = (resource: string) => ({ Type: "Task", Resource: resource, End: true });
  const branch = (state: string) => ({ StartAt: state, States: { [state]: task("ship:box") } });
  const { stateMachine } = await client.createStateMachine({
    name: "resources",
    definition: {
      StartAt: "A",
      States: {
        A: { ...task("pay:card"), End: undefined, Next: "P" },
        P: { Type: "Parallel", Branches: [branch("B"), branch("C")], End: true },
      },
    },
  });
  expect(stateMachine.resources).toEqual(["pay:card", "ship:box"]);
  expect((await client.getStateMachine("resources")).resources).toEqual(["pay:card", "ship:box"]);
});

test("a state machine keeps the type it was created with", async () => {
  const definition = { StartAt: "A", States: { A: { Type: "Succeed" } } };
  const applyAs = (type: "STANDARD" | "EXPRESS") =>
    client.applyStateMachine({ name: "typed", type, definition });
  expect((await applyAs("STANDARD")).stateMachine.type).toBe("STANDARD");
  expect((await applyAs("STANDARD")).stateMachine.type).toBe("STANDARD");
  await expect(applyAs("EXPRESS")).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
});

test("a wrong definition is refused with every violation, and validated without an exception", async () => {
  const definition = { StartAt: "Nowhere", States: { A: { Type: "Task", End: true } } };
  const { valid, diagnostics } = await client.validateDefinition(definition);
  expect(valid).toBe(false);
  expect(diagnostics.length).toBeGreaterThan(1);
  const created = client.createStateMachine({ name: "wrong", definition });
  await expect(created).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
});

test("an unknown execution is NOT_FOUND", async () => {
  await expect(client.getExecution("double/nobody")).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("the server lists this worker", async () => {
  const workers = [];
  for await (const info of client.listWorkers()) workers.push(info);
  expect(workers).toMatchObject([{ workerId: worker.workerId, status: "CONNECTED" }]);
});

test("two workers share the tasks, and closing one loses none", async () => {
  const second = new Worker({ address: url, log: silentLog }).task(
    "double",
    { concurrency: 5 },
    async (n: number) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return n * 2;
    },
  );
  await second.start();
  const starter = client.starter();
  const results = Array.from({ length: 400 }, async (_, n) => {
    const started = await starter.start({ stateMachine: "double", input: n });
    return (await started.result()).output;
  });
  setTimeout(() => void second.close(), 50);
  expect(await Promise.all(results)).toEqual(Array.from({ length: 400 }, (_, n) => n * 2));
  await second.close();
  await starter.close();
});

test("the browser's client runs and watches over Connect", async () => {
  const web = new WebClient({ baseUrl: url });
  const execution = await web.runExecution({ stateMachine: "double", input: 4 });
  expect(execution).toMatchObject({ status: "SUCCEEDED", output: 8 });
  await expect(web.getExecution("double/nobody")).rejects.toMatchObject({ code: "NOT_FOUND" });
  web.close();
});

test("a task is completed, failed and kept alive by its token, from any process", async () => {
  const tokens: string[] = [];
  const asking = new Worker({ address: url, log: silentLog }).task("ask", ({ token }) => {
    tokens.push(token);
  });
  await asking.start();
  const machine = await apply("asks-people", {
    A: {
      Type: "Task",
      Resource: "ask.waitForTaskToken",
      Parameters: { "token.$": "$$.Task.Token" },
      Catch: [{ ErrorEquals: ["Refused"], Next: "B" }],
      End: true,
    },
    B: { Type: "Pass", End: true },
  });
  const token = async (at: number): Promise<string> => {
    while (tokens.length <= at) await new Promise((resolve) => setTimeout(resolve, 10));
    return tokens[at]!;
  };
  const first = client.runExecution({ stateMachine: machine });
  await client.heartbeatTask(await token(0), { still: "there" });
  await client.completeTask(await token(0), { answer: 42 });
  expect((await first).output).toEqual({ answer: 42 });
  await client.completeTask(await token(0), { answer: 42 });
  await expect(client.heartbeatTask(await token(0))).rejects.toMatchObject({
    code: "FAILED_PRECONDITION",
    reason: "FINISHED",
  });

  const second = client.runExecution({ stateMachine: machine });
  await client.failTask(await token(1), new TaskError("Refused", "no"));
  expect((await second).output).toEqual({ Error: "Refused", Cause: "no" });
  await expect(client.completeTask(await token(1))).rejects.toMatchObject({
    code: "FAILED_PRECONDITION",
  });
  for (const invalid of ["!", "AAAA"])
    await expect(client.completeTask(invalid)).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      reason: "INVALID_TOKEN",
    });
  await asking.close({ graceMs: 0 });
});
