import { status } from "@grpc/grpc-js";
import { durationFromMs, timestampFromDate } from "@bufbuild/protobuf/wkt";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Client, PawlError } from "../../sdk/typescript/src/index.ts";
import type { ExecutionUpdate } from "../../sdk/typescript/src/index.ts";
import {
  EventType,
  ExecutionService,
  ExecutionStatus,
  NameConflictPolicy,
} from "../../sdk/typescript/src/gen/pawl/v1/execution_service_pb.ts";
import type {
  StartExecutionRequest,
  WatchExecutionRequest,
} from "../../sdk/typescript/src/gen/pawl/v1/execution_service_pb.ts";
import { StateMachineService } from "../../sdk/typescript/src/gen/pawl/v1/state_machine_service_pb.ts";
import { SystemService } from "../../sdk/typescript/src/gen/pawl/v1/system_service_pb.ts";
import { failure, FakeServer } from "../support/fake-worker-service.ts";

const { method } = ExecutionService;

let server: FakeServer;
let client: Client;

beforeEach(async () => {
  server = await FakeServer.start();
  client = new Client({ address: server.address });
});

afterEach(() => {
  client.close();
  server.crash();
});

test("an execution comes back as plain values: dates, parsed JSON, and the text beside it", async () => {
  server.on(method.getExecution, (call) =>
    call.send({
      execution: {
        id: "e1",
        status: ExecutionStatus.SUCCEEDED,
        startTime: timestampFromDate(new Date(1_000)),
        output: '{"n":9007199254740993}',
        eventCount: 12n,
      },
    }),
  );
  const execution = await client.getExecution("e1");
  expect(execution).toMatchObject({
    id: "e1",
    status: "SUCCEEDED",
    startTime: new Date(1_000),
    endTime: undefined,
    eventCount: 12,
  });
  expect(execution.outputText).toBe('{"n":9007199254740993}');
  expect(execution.output).toEqual({ n: 9007199254740992 });
  expect(execution.input).toBeUndefined();
});

test("a start without a name is repeated under one random name after UNAVAILABLE", async () => {
  const requests: StartExecutionRequest[] = [];
  server.on(method.startExecution, (call) => {
    requests.push(call.request);
    if (requests.length < 3) throw failure(status.UNAVAILABLE, "no database");
    call.send({ execution: { id: "e1" }, created: true });
  });
  const { execution, created } = await client.startExecution({
    stateMachine: "orders",
    input: { a: 1 },
  });
  expect([execution.id, created]).toEqual(["e1", true]);
  expect(requests.length).toBe(3);
  expect(new Set(requests.map(({ name }) => name)).size).toBe(1);
  expect(requests[0]).toMatchObject({
    inputSource: { case: "input", value: '{"a":1}' },
    conflictPolicy: NameConflictPolicy.USE_EXISTING,
  });
});

test("RetryInfo sets how long to wait", async () => {
  const times: number[] = [];
  server.on(method.startExecution, (call) => {
    times.push(performance.now());
    if (times.length === 1)
      throw failure(status.RESOURCE_EXHAUSTED, "too many", { retryAfterMs: 300 });
    call.send({ execution: { id: "e1" } });
  });
  await client.startExecution({ stateMachine: "orders", name: "mine" });
  expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(299);
});

test("a refusal without RetryInfo is not repeated, and has its reason", async () => {
  let calls = 0;
  server.on(method.startExecution, () => {
    calls += 1;
    throw failure(status.ALREADY_EXISTS, "execution mine exists", {
      reason: "EXECUTION_ALREADY_EXISTS",
    });
  });
  const refused = client.startExecution({ stateMachine: "orders", name: "mine" });
  await expect(refused).rejects.toMatchObject({
    name: "PawlError",
    code: "ALREADY_EXISTS",
    reason: "EXECUTION_ALREADY_EXISTS",
  });
  expect(calls).toBe(1);
});

test.each([
  { name: "the deadline", options: () => ({ timeoutMs: 100 }), code: "DEADLINE_EXCEEDED" },
  {
    name: "an abort",
    options: () => ({ signal: AbortSignal.timeout(100) }),
    code: "DEADLINE_EXCEEDED",
  },
])("$name ends a call that gets no answer", async ({ options, code }) => {
  server.on(method.getExecution, () => undefined);
  await expect(client.getExecution("e1", options())).rejects.toMatchObject({ code });
});

test("a server that is not there is UNAVAILABLE when time is over", async () => {
  server.crash();
  await expect(client.getServerInfo({ timeoutMs: 500 })).rejects.toBeInstanceOf(PawlError);
});

test("calls go round robin over all servers, and on with those that are left", async () => {
  const other = await FakeServer.start();
  const both = new Client({
    address: [`http://${server.address}`, other.address.replace("127.0.0.1", "localhost")],
  });
  try {
    server.on(SystemService.method.getServerInfo, (call) => call.send({ version: "one" }));
    other.on(SystemService.method.getServerInfo, (call) => call.send({ version: "two" }));
    const versions = new Set<string>();
    while (versions.size < 2) versions.add((await both.getServerInfo()).version);
    expect([...versions].toSorted()).toEqual(["one", "two"]);
    other.crash();
    for (let n = 0; n < 6; n += 1) expect((await both.getServerInfo()).version).toBe("one");
  } finally {
    both.close();
    other.crash();
  }
});

test.each(["nowhere", "ftp://a:1", "", "http://a:1,https://b:2"])(
  "the address %j is refused",
  (address) => {
    expect(() => new Client({ address })).toThrow(TypeError);
  },
);

test("lists fetch page after page and stop at the limit", async () => {
  const tokens: string[] = [];
  server.on(method.listExecutions, (call) => {
    const token = call.request.page?.pageToken ?? "";
    tokens.push(token);
    const from = Number(token);
    const executions = Array.from({ length: call.request.page?.pageSize ?? 0 }, (_, n) => ({
      id: String(from + n),
    }));
    call.send({ executions, page: { nextPageToken: String(from + executions.length) } });
  });
  const ids: string[] = [];
  for await (const { id } of client.listExecutions({
    stateMachine: "orders",
    pageSize: 2,
    limit: 5,
  }))
    ids.push(id);
  expect(ids).toEqual(["0", "1", "2", "3", "4"]);
  expect(tokens).toEqual(["", "2", "4"]);
});

test("conditions of a list become one filter, quoted", async () => {
  let filter = "";
  server.on(method.listExecutions, (call) => {
    filter = call.request.page?.filter ?? "";
    call.send({});
  });
  const query = {
    stateMachine: "orders",
    status: "FAILED",
    labels: { tenant: 'a"b' },
    startedAfter: new Date(0),
    notLinked: { sourceState: "", targetStateMachine: "invoices" },
  } as const;
  for await (const execution of client.listExecutions(query)) expect(execution).toBeUndefined();
  expect(filter).toBe(
    'state_machine = "orders" AND status = FAILED AND start_time > "1970-01-01T00:00:00.000Z" AND labels.tenant = "a\\"b" AND linked = false AND link.source_state = "" AND link.target_state_machine = "invoices"',
  );
});

test("an update names only the fields it changes", async () => {
  let paths: string[] = [];
  server.on(StateMachineService.method.updateStateMachine, (call) => {
    paths = call.request.updateMask?.paths ?? [];
    call.send({ stateMachine: { name: call.request.stateMachine?.name ?? "" } });
  });
  const { stateMachine } = await client.updateStateMachine({ name: "orders", description: "new" });
  expect([stateMachine.name, paths]).toEqual(["orders", ["description"]]);
});

/** Sends events `from`..`to` with tokens that name them. */
function events(from: number, to: number, send: (response: object) => void): void {
  for (let id = from; id <= to; id += 1) {
    send({
      update: { case: "event", value: { id: BigInt(id), type: EventType.STATE_ENTERED } },
      resumeToken: `after-${id}`,
    });
  }
}

test("a watch resumes after each break, without a gap and without a duplicate", async () => {
  const requests: WatchExecutionRequest[] = [];
  server.on(method.watchExecution, (call) => {
    requests.push(call.request);
    if (requests.length === 1) {
      call.send({
        update: { case: "snapshot", value: { id: "e1", status: ExecutionStatus.RUNNING } },
        resumeToken: "after-0",
      });
      events(1, 3, call.send);
      setTimeout(() => call.fail(failure(status.UNAVAILABLE, "gone")), 20);
    } else if (requests.length === 2) {
      events(2, 5, call.send);
      call.send({ update: { case: "keepalive", value: {} }, resumeToken: "after-5-kept" });
      setTimeout(() => call.end(), 20);
    } else {
      events(6, 7, call.send);
      call.send({
        update: { case: "snapshot", value: { id: "e1", status: ExecutionStatus.SUCCEEDED } },
        resumeToken: "end",
        terminal: true,
      });
      call.end();
    }
  });
  const updates: ExecutionUpdate[] = [];
  for await (const update of client.watchExecution("e1")) updates.push(update);
  expect(
    updates.map((update) => (update.type === "event" ? update.event.id : update.execution.status)),
  ).toEqual(["RUNNING", 1, 2, 3, 4, 5, 6, 7, "SUCCEEDED"]);
  expect(updates.at(-1)?.isTerminal).toBe(true);
  expect(requests.map(({ resumeToken }) => resumeToken)).toEqual(["", "after-3", "after-5-kept"]);
});

test("a watch survives the server's crash and return", async () => {
  let calls = 0;
  server.on(method.watchExecution, (call) => {
    calls += 1;
    if (calls === 1) events(1, 2, call.send);
    else
      call.send({
        update: { case: "snapshot", value: { id: "e1", status: ExecutionStatus.FAILED } },
        terminal: true,
      });
  });
  const seen: (number | string)[] = [];
  for await (const update of client.watchExecution("e1")) {
    seen.push(update.type === "event" ? update.event.id : update.execution.status);
    if (seen.length !== 2) continue;
    server.crash();
    setTimeout(() => void server.listen(), 200);
  }
  expect(seen).toEqual([1, 2, "FAILED"]);
});

test("a silent watch is given up and resumed", async () => {
  let calls = 0;
  server.on(method.watchExecution, (call) => {
    calls += 1;
    if (calls === 1) events(1, 1, call.send);
    else call.send({ update: { case: "snapshot", value: { id: "e1" } }, terminal: true });
  });
  const kinds: string[] = [];
  for await (const { type } of client.watchExecution("e1", { idleTimeoutMs: 100 }))
    kinds.push(type);
  expect(kinds).toEqual(["event", "snapshot"]);
});

test.each([
  { name: "a refusal", code: status.NOT_FOUND, expected: "NOT_FOUND" },
  { name: "UNIMPLEMENTED", code: status.UNIMPLEMENTED, expected: "UNIMPLEMENTED" },
])("a watch ends with $name", async ({ code, expected }) => {
  server.on(method.watchExecution, () => {
    throw failure(code, "no");
  });
  await expect(client.watchExecution("e1").next()).rejects.toMatchObject({ code: expected });
});

test("breaking out of a watch cancels it at the server", async () => {
  const cancelled = new Promise<void>((resolve) => {
    server.on(method.watchExecution, (call) => {
      call.raw.on("cancelled", resolve);
      events(1, 1, call.send);
    });
  });
  for await (const update of client.watchExecution("e1")) {
    expect(update.type).toBe("event");
    break;
  }
  await cancelled;
});

test("runExecution waits for the end over a break, and returns a failed execution too", async () => {
  let watches = 0;
  server.on(method.startExecution, (call) =>
    call.send({ execution: { id: "e1", status: ExecutionStatus.RUNNING }, created: true }),
  );
  server.on(method.watchExecution, (call) => {
    watches += 1;
    if (watches === 1) throw failure(status.UNAVAILABLE, "gone");
    const value = {
      id: "e1",
      status: ExecutionStatus.FAILED,
      error: { error: "Payment.Declined", cause: "expired" },
    };
    call.send({ update: { case: "snapshot", value }, terminal: true });
  });
  const execution = await client.runExecution({ stateMachine: "orders" });
  expect(execution).toMatchObject({
    status: "FAILED",
    error: { error: "Payment.Declined", cause: "expired" },
  });
});

test("runExecution's time limit bounds the wait", async () => {
  server.on(method.startExecution, (call) => call.send({ execution: { id: "e1" }, created: true }));
  server.on(method.watchExecution, () => undefined);
  await expect(
    client.runExecution({ stateMachine: "orders" }, { timeoutMs: 200 }),
  ).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED" });
});

test("a delay of RetryInfo longer than the deadline is not waited for", async () => {
  server.on(method.getExecution, () => {
    throw failure(status.RESOURCE_EXHAUSTED, "later", { retryAfterMs: 60_000 });
  });
  const begun = performance.now();
  await expect(client.getExecution("e1", { timeoutMs: 1_000 })).rejects.toMatchObject({
    retryAfterMs: 60_000,
  });
  expect(performance.now() - begun).toBeLessThan(900);
});

test("a duration of an event is milliseconds", async () => {
  server.on(method.listExecutionEvents, (call) =>
    call.send({
      events: [
        {
          id: 1n,
          type: EventType.STATE_RETRY_SCHEDULED,
          delay: durationFromMs(1_500),
          details: '{"a":1}',
        },
      ],
    }),
  );
  const found = [];
  for await (const event of client.listExecutionEvents("e1")) found.push(event);
  expect(found).toMatchObject([
    { id: 1, type: "STATE_RETRY_SCHEDULED", delayMs: 1_500, details: { a: 1 } },
  ]);
});
