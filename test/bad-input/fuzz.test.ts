import { once } from "node:events";
import { connect as connectHttp2, type ClientHttp2Session } from "node:http2";
import { connect as connectTcp } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { create, toBinary, toJson, type DescMethod, type DescService } from "@bufbuild/protobuf";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BatchService } from "../../server/gen/pawl/v1/batch_service_pb.ts";
import { ExecutionService } from "../../server/gen/pawl/v1/execution_service_pb.ts";
import { StateMachineService } from "../../server/gen/pawl/v1/state_machine_service_pb.ts";
import { SystemService } from "../../server/gen/pawl/v1/system_service_pb.ts";
import { TaskQueueService, WorkerService } from "../../server/gen/pawl/v1/worker_service_pb.ts";
import { operations } from "../../server/api/aws/operations/index.ts";
import { machine, pass, retry } from "./support/machines.ts";
import { nastyTexts, randomMessage } from "./support/random-message.ts";
import { Random } from "./support/random.ts";
import { frame, grpcCallOn } from "./support/raw-calls.ts";
import { startRealServer, type RealServer } from "./support/real-server.ts";

/** Another seed tries other things; a failure names the seed and what was sent. */
const seed = Number(process.env["BAD_INPUT_SEED"] ?? 20_261_123);
/** Each test stops after so long, whatever is left. */
const budgetMs = Number(process.env["BAD_INPUT_MS"] ?? 1_300);
const services: readonly DescService[] = [
  StateMachineService,
  ExecutionService,
  WorkerService,
  TaskQueueService,
  BatchService,
  SystemService,
];
const methods = services.flatMap(({ methods: each }) => each);

const goodHello = { workerId: "w", pools: [{ name: "p", resources: ["nobody"], slots: 1 }] };

let server: RealServer;
let session: ClientHttp2Session;
let bytesBefore: number;
beforeAll(async () => {
  server = await startRealServer();
  await server.apply(pass(), "orders");
  await server.executions.call("runExecution", { start: { stateMachine: "orders", name: "one" } });
  session = connectHttp2(server.url);
  session.on("error", () => undefined);
  bytesBefore = bytesInUse();
});
afterAll(async () => {
  session.destroy();
  await server[Symbol.asyncDispose]();
});

test("random messages to every RPC are answered or refused, never with INTERNAL or UNKNOWN", async () => {
  const random = new Random(seed);
  const problems = await within(budgetMs, async function* () {
    for (const method of methods) {
      const message = randomMessage(method.input, random);
      // What waits for the end of an execution or of a poll is ended by its deadline.
      const body = frame(toBinary(method.input, message));
      yield checkGrpc(method, body, () => JSON.stringify(message, bigText));
    }
  });
  expect(problems).toEqual([]);
});

test("random bytes to every RPC are answered or refused, never with INTERNAL or UNKNOWN", async () => {
  const random = new Random(seed + 1);
  const problems = await within(budgetMs, async function* () {
    for (const method of methods) {
      const good = toBinary(method.input, randomMessage(method.input, random));
      const bad = random.chance(0.5) ? flipped(good, random) : random.bytes(random.below(200));
      yield checkGrpc(method, frame(bad), () => Buffer.from(bad).toString("hex"));
    }
  });
  expect(problems).toEqual([]);
});

test("random JSON to every RPC over HTTP/1.1 is answered or refused, never with 5xx", async () => {
  const random = new Random(seed + 2);
  const problems = await within(budgetMs, async function* () {
    for (const method of methods.filter(({ methodKind }) => methodKind === "unary")) {
      const whole = JSON.stringify(jsonOf(method, random));
      const body = random.chance(0.5) ? whole : random.mutated(whole);
      const path = `${method.parent.typeName}/${method.name}`;
      const response = await fetch(`${server.url}/${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", "connect-timeout-ms": "200" },
        body,
      });
      yield check(response.status, await response.text(), `${path} ${body}`);
    }
  });
  expect(problems).toEqual([]);
});

test("random requests to every AWS operation are answered or refused, never with 5xx", async () => {
  const random = new Random(seed + 3);
  const fields = ["name", "stateMachineArn", "executionArn", "activityArn", "definition", "input"];
  const others = [
    "nextToken",
    "taskToken",
    "output",
    "error",
    "cause",
    "statusFilter",
    "maxResults",
  ];
  const problems = await within(budgetMs, async function* () {
    for (const operation of Object.keys(operations)) {
      const body = Object.fromEntries(
        [...fields, ...others, "roleArn", "type", "tags", "resourceArn"].flatMap((field) =>
          random.chance(0.6) ? [[field, random.of<unknown>([...nastyTexts, 7, null, [], {}])]] : [],
        ),
      );
      const text = random.chance(0.8) ? JSON.stringify(body) : random.mutated(JSON.stringify(body));
      const answer = await server.awsFor(300, operation, text);
      if (answer !== undefined)
        yield check(answer.status, JSON.stringify(answer.body), `${operation} ${text}`);
    }
  });
  expect(problems).toEqual([]);
});

test("mutated definitions are taken or refused in time, and what is taken runs", async () => {
  const random = new Random(seed + 4);
  const yaml = "StartAt: A\nStates:\n  A: {Type: Pass, Result: [1, x], End: true}\n";
  const whole = [
    yaml,
    retry({ MaxAttempts: 2 }),
    pass({ Parameters: { "a.$": "States.Format('{}', $.b)" }, ResultPath: "$.c" }),
    machine(
      { Type: "Choice", Choices: [{ Variable: "$.a", StringMatches: "a*", Next: "D" }] },
      { D: { Type: "Succeed" } },
    ),
  ];
  let taken = 0;
  const problems = await within(budgetMs, async function* () {
    const definition = random.mutated(random.of(whole));
    const path = "/pawl.v1.StateMachineService/CreateStateMachine";
    const name = `f${taken}`;
    const answer = await jsonCall(path, { stateMachine: { name, definition } });
    yield check(answer.status, answer.text, definition);
    if (answer.status !== 200) return;
    taken += 1;
    const input = random.mutated('{"a":"aaa","b":[1,2.5,{"c":null}]}');
    const started = await jsonCall("/pawl.v1.ExecutionService/StartExecution", {
      stateMachine: name,
      input,
    });
    yield check(started.status, started.text, `${definition} ${input}`);
  });
  expect(problems).toEqual([]);
  expect(taken).toBeGreaterThan(0);
});

test("random messages on a stream that began well never end it with INTERNAL or UNKNOWN", async () => {
  const random = new Random(seed + 6);
  const begin: Record<string, object> = {
    work: { message: { case: "hello", value: goodHello } },
    startExecutions: { starts: [{ sequence: 1n, request: { stateMachine: "orders" } }] },
  };
  const streams = methods.filter(({ methodKind }) => methodKind === "bidi_streaming");
  expect(streams.map(({ localName }) => localName).toSorted()).toEqual(
    Object.keys(begin).toSorted(),
  );
  const problems = await within(budgetMs, async function* () {
    for (const method of streams) {
      const messages = Array.from({ length: 8 }, () => randomMessage(method.input, random));
      const first = create(method.input, begin[method.localName] as never);
      const frames = [first, ...messages].map((message) => frame(toBinary(method.input, message)));
      yield checkGrpc(method, Buffer.concat(frames), () => JSON.stringify(messages, bigText));
    }
  });
  expect(problems).toEqual([]);
});

test("mutated tokens, filters, names and references are refused or mean what they say", async () => {
  const random = new Random(seed + 7);
  await server.executions.call("startExecution", { stateMachine: await server.apply(pass()) });
  const { page } = await server.executions.call("listExecutions", { page: { pageSize: 1 } });
  const filters = [
    'status = FAILED AND state_machine = "orders" AND name = "a-*"',
    'start_time > "2026-01-01T00:00:00Z" AND labels.a = "b"',
  ];
  const resumeToken = "w1.1.abc";
  const cases = (): [string, object][] => [
    [
      "ExecutionService/ListExecutions",
      { page: { pageToken: random.mutated(page!.nextPageToken) } },
    ],
    ["ExecutionService/ListExecutions", { page: { filter: random.mutated(random.of(filters)) } }],
    ["ExecutionService/GetExecution", { execution: random.mutated("orders/one") }],
    ["ExecutionService/StartExecution", { stateMachine: "orders", name: random.mutated("a-name") }],
    [
      "StateMachineService/GetStateMachine",
      { stateMachine: random.mutated("arn:aws:states:us-east-1:000000000000:stateMachine:orders") },
    ],
    ["WorkerService/GetTaskInput", { taskToken: random.bytes(40).toString("base64") }],
    [
      "WorkerService/HeartbeatTasks",
      { beats: [{ taskToken: random.bytes(40).toString("base64") }] },
    ],
    [
      "WorkerService/PollTasks",
      { hello: { ...goodHello, identity: random.mutated("me") }, wait: "0s" },
    ],
    [
      "ExecutionService/ListExecutionEvents",
      { execution: "orders/one", page: { pageToken: random.mutated(resumeToken) } },
    ],
  ];
  const problems = await within(budgetMs, async function* () {
    for (const [method, body] of cases()) {
      const answer = await jsonCall(`/pawl.v1.${method}`, body);
      yield check(answer.status, answer.text, `${method} ${JSON.stringify(body)}`);
    }
  });
  expect(problems).toEqual([]);
});

test("garbage on the port, as HTTP/1.1 and as HTTP/2, ends connections, not the server", async () => {
  const random = new Random(seed + 5);
  const problems = await within(budgetMs, async function* () {
    const head = random.of([
      "",
      "POST / HTTP/1.1\r\nHost: x\r\n",
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      "GET /healthz HTTP/1.1\r\n",
    ]);
    const frames = Array.from({ length: random.below(5) }, () => http2Frame(random));
    const socket = connectTcp(server.port, "127.0.0.1");
    socket.on("error", () => undefined).resume();
    await once(socket, "connect");
    socket.write(head, "latin1");
    socket.write(random.chance(0.5) ? Buffer.concat(frames) : random.bytes(random.below(2_000)));
    socket.end();
    await Promise.race([
      new Promise((resolve) => socket.once("close", resolve)),
      new Promise((resolve) => setTimeout(resolve, 20)),
    ]);
    socket.destroy();
    const { status } = await fetch(`${server.url}/healthz`);
    yield status === 200 ? undefined : `seed ${seed}: health is ${status} after ${head}`;
  });
  expect(problems).toEqual([]);
});

test("after all of it the server works, logged no error, and has not grown without bound", async () => {
  const stateMachine = await server.apply(pass(), "last");
  const run = await server.executions.call("runExecution", { start: { stateMachine } });
  expect(run.execution?.output).toBe("{}");
  expect(server.errors.slice(0, 3)).toEqual([]);
  expect(bytesInUse() - bytesBefore).toBeLessThan(64 * 1024 * 1024);
});

/** What is wrong with the answer to a call, if anything. */
async function checkGrpc(
  method: DescMethod,
  body: Uint8Array,
  sent: () => string,
): Promise<string | undefined> {
  const path = `/${method.parent.typeName}/${method.name}`;
  let timer: NodeJS.Timeout | undefined;
  const answer = await Promise.race([
    grpcCallOn(session, { path, body, headers: { "grpc-timeout": "200m" } }),
    new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), 5_000))),
  ]);
  clearTimeout(timer);
  const status = Number(answer?.["grpc-status"]);
  const message = (answer?.["grpc-message"] as string | undefined) ?? "no answer";
  const isWrong = [2, 13, Number.NaN].includes(status) || leak.test(message);
  return isWrong
    ? `seed ${seed}: ${path} ${sent().slice(0, 2_000)} -> ${status} ${message}`
    : undefined;
}

/** What is left after a garbage collection: the resident size also tells how lazy the collector is. */
function bytesInUse(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** A stack, a path, SQL or an identifier of the code. */
const leak =
  /node_modules|node:internal|server\/|\bat \w+ \(|syntax error at|is not a function|undefined \(|invalid byte sequence|violates/;

function check(status: number, answer: string, sent: string): string | undefined {
  // 501 is what is in the contract and not built, 504 a deadline.
  const isWrong = (status >= 500 && status !== 501 && status !== 504) || leak.test(answer);
  return isWrong
    ? `seed ${seed}: ${sent.slice(0, 2_000)} -> ${status} ${answer.slice(0, 500)}`
    : undefined;
}

/** Repeats until the time is over or enough is wrong; `work` yields what is wrong, or nothing. */
async function within(
  ms: number,
  work: () => AsyncIterable<string | undefined>,
): Promise<string[]> {
  const problems: string[] = [];
  const endAt = performance.now() + ms;
  do {
    for await (const problem of work()) if (problem !== undefined) problems.push(problem);
  } while (performance.now() < endAt && problems.length < 3);
  return problems;
}

async function jsonCall(path: string, body: object): Promise<{ status: number; text: string }> {
  const response = await fetch(server.url + path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

/** What can not be said in JSON (a year 10000, NaN in a duration) is left out. */
function jsonOf(method: DescMethod, random: Random): unknown {
  for (;;) {
    try {
      return toJson(method.input, randomMessage(method.input, random));
    } catch {
      continue;
    }
  }
}

function flipped(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = Uint8Array.from(bytes);
  for (let times = 1 + random.below(4); times > 0 && copy.length > 0; times -= 1)
    copy[random.below(copy.length)] = random.below(256);
  return random.chance(0.3) ? copy.subarray(0, random.below(copy.length + 1)) : copy;
}

/** RFC 9113 § 4.1: a length that may lie, a type, flags, a stream, and bytes. */
function http2Frame(random: Random): Buffer {
  const payload = random.bytes(random.below(60));
  const head = Buffer.alloc(9);
  head.writeUIntBE(random.chance(0.7) ? payload.length : random.below(2 ** 24), 0, 3);
  head.writeUInt8(random.below(12), 3);
  head.writeUInt8(random.below(256), 4);
  head.writeUInt32BE(random.of([0, 1, 3, 2 ** 31 - 1]), 5);
  return Buffer.concat([head, payload]);
}

function bigText(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
