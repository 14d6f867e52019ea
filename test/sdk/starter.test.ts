import type { ServerDuplexStream } from "@grpc/grpc-js";
import { status } from "@grpc/grpc-js";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Client } from "../../sdk/typescript/src/index.ts";
import type { StartExecution } from "../../sdk/typescript/src/index.ts";
import {
  ExecutionService,
  ExecutionStatus,
} from "../../sdk/typescript/src/gen/pawl/v1/execution_service_pb.ts";
import type {
  StartExecutionsRequest,
  StartExecutionsRequest_Start,
} from "../../sdk/typescript/src/gen/pawl/v1/execution_service_pb.ts";
import { failure, FakeServer } from "../support/fake-worker-service.ts";

let server: FakeServer;
let client: Client;
/** Executions the fake has made, by name. */
let made: Map<string, string>;
let streams: number;
let frames: number;

beforeEach(async () => {
  server = await FakeServer.start();
  client = new Client({ address: server.address });
  made = new Map();
  streams = 0;
  frames = 0;
});

afterEach(() => {
  client.close();
  server.crash();
});

interface Answering {
  outcome(outcome: object): void;
  breakStream(): void;
}

/** Answers each start as `answer` says. */
function serve(
  answer: (start: StartExecutionsRequest_Start, stream: number, answering: Answering) => void,
): void {
  server.on(ExecutionService.method.startExecutions, ({ raw, send, fail }) => {
    streams += 1;
    const stream = streams;
    const duplex = raw as unknown as ServerDuplexStream<StartExecutionsRequest, never>;
    const answering = {
      outcome: (outcome: object) => send({ outcomes: [outcome] }),
      breakStream: () => fail(failure(status.UNAVAILABLE, "gone")),
    };
    duplex.on("data", ({ starts }: StartExecutionsRequest) => {
      frames += 1;
      for (const start of starts) answer(start, stream, answering);
    });
    duplex.on("end", () => duplex.end());
  });
}

function response(start: StartExecutionsRequest_Start): object {
  const name = start.request?.name ?? "";
  const created = !made.has(name);
  if (created) made.set(name, `id-${made.size}`);
  const execution = { id: made.get(name)!, name, status: ExecutionStatus.RUNNING };
  return { sequence: start.sequence, result: { case: "response", value: { execution, created } } };
}

function ended(start: StartExecutionsRequest_Start): object {
  const name = start.request?.name ?? "";
  const value = { id: made.get(name)!, name, status: ExecutionStatus.SUCCEEDED, output: '"done"' };
  return { sequence: start.sequence, result: { case: "ended", value } };
}

test("a start resolves when it is durable, its result when the execution has closed", async () => {
  serve((start, _, { outcome }) => {
    outcome(response(start));
    setTimeout(() => outcome(ended(start)), 50);
  });
  const starter = client.starter();
  const started = await starter.start({ stateMachine: "orders", input: { a: 1 } });
  expect(started).toMatchObject({ created: true, execution: { id: "id-0", status: "RUNNING" } });
  expect(await started.result()).toMatchObject({ id: "id-0", status: "SUCCEEDED", output: "done" });
  await starter.close();
});

test("starts of one tick travel together", async () => {
  serve((start, _, { outcome }) => outcome(response(start)));
  const starter = client.starter({ follow: false });
  await Promise.all(Array.from({ length: 80 }, () => starter.start({ stateMachine: "orders" })));
  expect(frames).toBe(1);
  await starter.close();
});

test("after a break what has no answer, and what has no end, is sent again under its name: nothing starts twice", async () => {
  serve((start, stream, { outcome, breakStream }) => {
    if (stream === 1) {
      const answered = response(start);
      if (start.sequence === 1n) outcome(answered);
      if (start.sequence === 3n) setTimeout(breakStream, 20);
      return;
    }
    outcome(response(start));
    outcome(ended(start));
  });
  const starter = client.starter();
  const started = await Promise.all(
    [1, 2, 3].map((input) => starter.start({ stateMachine: "orders", input })),
  );
  const results = await Promise.all(started.map((each) => each.result()));
  expect(made.size).toBe(3);
  expect(results.map(({ id }) => id).toSorted()).toEqual(["id-0", "id-1", "id-2"]);
  expect(streams).toBe(2);
  await starter.close();
});

test("a refused start rejects alone", async () => {
  serve((start, _, { outcome }) => {
    if (start.request?.name !== "bad") outcome(response(start));
    else
      outcome({
        sequence: start.sequence,
        result: {
          case: "error",
          value: { code: status.INVALID_ARGUMENT, reason: "INPUT_TOO_LARGE", message: "no" },
        },
      });
  });
  const starter = client.starter({ follow: false });
  const good = starter.start({ stateMachine: "orders", name: "good" });
  await expect(starter.start({ stateMachine: "orders", name: "bad" })).rejects.toMatchObject({
    code: "INVALID_ARGUMENT",
    reason: "INPUT_TOO_LARGE",
  });
  expect((await good).execution.name).toBe("good");
  await starter.close();
});

test("a start refused with retry_after is sent again", async () => {
  let refusals = 0;
  serve((start, _, { outcome }) => {
    refusals += 1;
    if (refusals > 1) outcome(response(start));
    else
      outcome({
        sequence: start.sequence,
        result: {
          case: "error",
          value: {
            code: status.RESOURCE_EXHAUSTED,
            retryAfter: { seconds: 0n, nanos: 50_000_000 },
          },
        },
      });
  });
  const starter = client.starter({ follow: false });
  expect((await starter.start({ stateMachine: "orders" })).created).toBe(true);
  await starter.close();
});

test("no more starts are in flight than allowed", async () => {
  const open: (() => void)[] = [];
  serve((start, _, { outcome }) => open.push(() => outcome(response(start))));
  const starter = client.starter({ maxInFlight: 3, follow: false });
  const starts = Promise.all(
    Array.from({ length: 7 }, () => starter.start({ stateMachine: "orders" })),
  );
  let answered = 0;
  while (answered < 7) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(open.length).toBeLessThanOrEqual(3);
    for (const answer of open.splice(0)) {
      answer();
      answered += 1;
    }
  }
  await starts;
  await starter.close();
});

test("startExecutions turns a stream of requests into a stream of outcomes, bounded and each once", async () => {
  serve((start, _, { outcome }) => {
    if (start.request?.name === "n7")
      outcome({
        sequence: start.sequence,
        result: { case: "error", value: { code: status.ALREADY_EXISTS } },
      });
    else outcome(response(start));
  });
  let pulled = 0;
  let seen = 0;
  async function* requests(): AsyncGenerator<StartExecution> {
    for (let n = 0; n < 100; n += 1) {
      pulled += 1;
      expect(pulled - seen).toBeLessThanOrEqual(12);
      yield { stateMachine: "orders", name: `n${n}` };
    }
  }
  const indexes = new Set<number>();
  const errors: string[] = [];
  for await (const { index, error } of client.startExecutions(requests(), { maxInFlight: 10 })) {
    seen += 1;
    indexes.add(index);
    if (error !== undefined) errors.push(error.code);
  }
  expect(indexes.size).toBe(100);
  expect(errors).toEqual(["ALREADY_EXISTS"]);
});

test("aborting a starter rejects what is open", async () => {
  serve((start, _, { outcome }) => outcome(response(start)));
  const starter = client.starter();
  const started = await starter.start({ stateMachine: "orders" });
  starter.abort();
  await expect(started.result()).rejects.toMatchObject({ code: "CANCELLED" });
  await expect(starter.start({ stateMachine: "orders" })).rejects.toMatchObject({
    code: "CANCELLED",
  });
});
