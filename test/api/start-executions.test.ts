import { afterEach, beforeEach, expect, test } from "vitest";
import {
  ExecutionService,
  ExecutionStatus,
  type StartExecutionsResponse_Outcome,
} from "../../server/gen/pawl/v1/execution_service_pb.ts";
import { startApi, type TestClient, type TestServer } from "../support/api-server.ts";

let api: TestServer;
let client: TestClient<typeof ExecutionService>;
beforeEach(async () => {
  api = await startApi();
  client = api.client(ExecutionService);
});
afterEach(() => api[Symbol.asyncDispose]());

const start = (sequence: number, stateMachine = "orders", rest: object = {}) => ({
  sequence: BigInt(sequence),
  request: { stateMachine },
  ...rest,
});

test("each start is answered under its number; a refused one does not end the stream", async () => {
  const stream = client.duplex("startExecutions");
  stream.send({ starts: [start(1), start(2, "nope"), { sequence: 3n }, start(4)] });
  stream.end();
  expect(await stream.ended).toBeUndefined();
  const outcomes = bySequence(stream.received.flatMap((message) => message.outcomes));
  expect(outcomes.map(({ sequence, result }) => [sequence, result.case])).toEqual([
    [1n, "response"],
    [2n, "error"],
    [3n, "error"],
    [4n, "response"],
  ]);
  expect(outcomes[1]?.result.value).toMatchObject({
    code: 5,
    reason: "STATE_MACHINE_DOES_NOT_EXIST",
  });
  expect(outcomes[2]?.result.value).toMatchObject({
    code: 3,
    reason: "FIELD_REQUIRED",
    message: "request is required",
  });
});

test("outcomes that are ready together travel together", async () => {
  const stream = client.duplex("startExecutions");
  stream.send({ starts: Array.from({ length: 500 }, (_, index) => start(index)) });
  stream.end();
  await stream.ended;
  expect(stream.received.flatMap(({ outcomes }) => outcomes)).toHaveLength(500);
  expect(stream.received.length).toBeLessThan(20);
});

test("more starts than may be in flight wait their turn", async () => {
  api.engine.startDelayMs = 20;
  const stream = client.duplex("startExecutions");
  for (let message = 0; message < 3; message += 1) {
    stream.send({
      starts: Array.from({ length: 1_000 }, (_, index) => start(message * 1_000 + index)),
    });
  }
  stream.end();
  await stream.ended;
  expect(stream.received.flatMap(({ outcomes }) => outcomes)).toHaveLength(3_000);
  expect(api.engine.inFlightMost).toBe(1_024);
});

test("a followed start is answered twice, the second time with its end", async () => {
  const stream = client.duplex("startExecutions");
  stream.send({ starts: [start(7, "orders", { follow: true })] });
  const first = await stream.next();
  expect(first.outcomes[0]?.result).toMatchObject({ case: "response", value: { created: true } });
  stream.end();
  api.engine.finish("exec-0", `{"out":1}`);
  expect(await stream.ended).toBeUndefined();
  expect(stream.received.at(-1)?.outcomes).toMatchObject([
    {
      sequence: 7n,
      result: {
        case: "ended",
        value: { status: ExecutionStatus.SUCCEEDED, output: `{"out":1}`, input: "" },
      },
    },
  ]);
});

test("a followed start of an execution that is over already reports its end at once", async () => {
  const stream = client.duplex("startExecutions");
  stream.send({ starts: [start(1, "done", { follow: true })] });
  stream.end();
  await stream.ended;
  const cases = stream.received.flatMap(({ outcomes }) =>
    outcomes.map(({ result }) => result.case),
  );
  expect(cases).toEqual(["response", "ended"]);
});

test("a client that leaves ends the waits for its executions", async () => {
  const stream = client.duplex("startExecutions");
  stream.send({ starts: [start(1, "orders", { follow: true })] });
  await stream.next();
  await expect.poll(() => api.engine.executions.get("exec-0")?.changed.size).toBe(1);
  stream.raw.cancel();
  await expect.poll(() => api.engine.executions.get("exec-0")?.changed.size).toBe(0);
});

function bySequence(
  outcomes: readonly StartExecutionsResponse_Outcome[],
): readonly StartExecutionsResponse_Outcome[] {
  return outcomes.toSorted((a, b) => Number(a.sequence - b.sequence));
}
