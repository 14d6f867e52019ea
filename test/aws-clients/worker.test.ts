import { afterAll, beforeAll, expect, test, vi } from "vitest";
import StepFunctionWorker from "step-function-worker";
import { ExecutionStatus } from "../../server/gen/pawl/v1/execution_service_pb.ts";
import { startRealServer, type RealServer } from "../bad-input/support/real-server.ts";

interface Order {
  readonly n: number;
}

const region = "us-east-1";
const activityArn = `arn:aws:states:${region}:000000000000:activity:count`;
const quiet = () => undefined;
const definition = JSON.stringify({
  StartAt: "Count",
  States: { Count: { Type: "Task", Resource: activityArn, HeartbeatSeconds: 60, End: true } },
});

let server: RealServer;
let worker: StepFunctionWorker;
const seen: string[] = [];

beforeAll(async () => {
  server = await startRealServer();
  await server.aws("CreateActivity", { name: "count" });
  await server.apply(definition, "counts");
  worker = new StepFunctionWorker({
    activityArn,
    workerName: "counter",
    // It ends its polls one after the other, and a drained server only one.
    concurrency: 1,
    fn: ({ n }: Order, report, heartbeat) => {
      heartbeat();
      worker.once("heartbeat", () => {
        if (n < 0) report(new RangeError(`${n} is below zero`));
        else report(null, { n: n + 1 });
      });
    },
    logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    awsConfig: {
      endpoint: server.url,
      region,
      credentials: { accessKeyId: "any", secretAccessKey: "any" },
    },
  });
  worker.on("error", (error) => seen.push(`error ${JSON.stringify(error)}`));
  for (const event of ["task", "heartbeat", "success", "failure"]) {
    worker.on(event, () => seen.push(event));
  }
});
afterAll(async () => {
  // It closes when its polls end, which the server's drain does for it.
  const closed = new Promise<void>((resolve) => worker.close(resolve));
  await server[Symbol.asyncDispose]();
  await closed;
});

const run = async (n: number) => {
  const inputSource = { case: "input" as const, value: JSON.stringify({ n }) };
  const start = { stateMachine: "counts", inputSource };
  return (await server.executions.call("runExecution", { start })).execution!;
};

test("step-function-worker polls, beats and answers", async () => {
  const executions = await Promise.all([1, 2, 3].map(run));
  expect(executions.map(({ output }) => output)).toEqual(['{"n":2}', '{"n":3}', '{"n":4}']);
  // It tells of a success when it has read the answer.
  await vi.waitFor(() =>
    expect(seen.toSorted()).toEqual(
      ["heartbeat", "success", "task"].flatMap((event) => [event, event, event]),
    ),
  );
});

test("its failure is the execution's, with the error in its wording", async () => {
  const { status, error } = await run(-1);
  expect(status).toBe(ExecutionStatus.FAILED);
  expect(error?.error).toMatch(/^\{"stack":"RangeError: -1 is below zero/);
});
