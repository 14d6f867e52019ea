import { connect, constants, type ClientHttp2Session } from "node:http2";
import { once } from "node:events";
import { connect as connectTcp } from "node:net";
import { gzipSync } from "node:zlib";
import { create, toBinary } from "@bufbuild/protobuf";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { EngineError } from "../../server/engine/errors.ts";
import {
  ExecutionService,
  GetExecutionRequestSchema,
  StartExecutionRequestSchema,
} from "../../server/gen/pawl/v1/execution_service_pb.ts";
import { SystemService } from "../../server/gen/pawl/v1/system_service_pb.ts";
import { createLog } from "../../server/observe/log.ts";
import { refused, startApi, type TestServer } from "../support/api-server.ts";

let api: TestServer;
let logged: string[] = [];
beforeEach(async () => {
  logged = [];
  api = await startApi({
    log: createLog("info", { write: (line: string) => void logged.push(line) }),
  });
});
afterEach(() => api[Symbol.asyncDispose]());

describe("bytes that are no call", () => {
  const good = toBinary(
    GetExecutionRequestSchema,
    create(GetExecutionRequestSchema, { execution: "nope" }),
  );
  const frame = (message: Uint8Array, compressed = 0): Buffer => {
    const head = Buffer.alloc(5);
    head.writeUInt8(compressed, 0);
    head.writeUInt32BE(message.length, 1);
    return Buffer.concat([head, message]);
  };
  const bomb = gzipSync(Buffer.alloc(8 * 1024 * 1024));

  test.each([
    { name: "a call that is well-formed is answered", body: frame(good), headers: {}, status: "5" },
    {
      name: "a truncated varint is INVALID_ARGUMENT",
      body: frame(Buffer.from([0x0a, 0xff])),
      headers: {},
      status: "3",
    },
    {
      name: "wire type 7 is INVALID_ARGUMENT",
      body: frame(Buffer.from([0x0f, 0x01])),
      headers: {},
      status: "3",
    },
    {
      name: "invalid UTF-8 in a string is INVALID_ARGUMENT",
      body: frame(Buffer.from([0x0a, 0x02, 0xc3, 0x28])),
      headers: {},
      status: "3",
    },
    {
      name: "unknown fields are ignored",
      body: frame(Buffer.concat([good, Buffer.from([0xfa, 0x3f, 0x01, 0x41])])),
      headers: {},
      status: "5",
    },
    {
      name: "a length prefix of 4 GiB is RESOURCE_EXHAUSTED",
      body: Buffer.from([0, 0xff, 0xff, 0xff, 0xff, 1]),
      headers: {},
      status: "8",
    },
    {
      name: "5 MiB are RESOURCE_EXHAUSTED",
      body: frame(Buffer.alloc(5 * 1024 * 1024)),
      headers: {},
      status: "8",
    },
    {
      name: "a gzip bomb is RESOURCE_EXHAUSTED",
      body: frame(bomb, 1),
      headers: { "grpc-encoding": "gzip" },
      status: "8",
    },
    {
      name: "an unknown encoding is UNIMPLEMENTED",
      body: frame(good, 1),
      headers: { "grpc-encoding": "snappy" },
      status: "12",
    },
    {
      name: "gzip is understood",
      body: frame(gzipSync(good), 1),
      headers: { "grpc-encoding": "gzip" },
      status: "5",
    },
    {
      name: "20 kB of metadata are taken",
      body: frame(good),
      headers: { "x-long": "y".repeat(20_000) },
      status: "5",
    },
    {
      name: "a binary header that is no base64 does no harm",
      body: frame(good),
      headers: { "x-bin": "%%%" },
      status: "5",
    },
  ])("$name", async ({ body, headers, status }) => {
    const answer = await callRaw({ path: "/pawl.v1.ExecutionService/GetExecution", body, headers });
    expect(answer["grpc-status"]).toBe(status);
    expect(answer["grpc-message"] ?? "").not.toMatch(/server\/|node_modules|at /);
  });

  test("an unknown method is UNIMPLEMENTED, another content type 415", async () => {
    expect(
      (await callRaw({ path: "/pawl.v1.ExecutionService/Nope", body: frame(good) }))["grpc-status"],
    ).toBe("12");
    expect(
      (
        await callRaw({
          path: "/pawl.v1.ExecutionService/GetExecution",
          body: frame(good),
          headers: { "content-type": "text/plain" },
        })
      )[":status"],
    ).toBe(415);
  });

  test.each([
    { name: "292 years", timeout: "2557920H", status: "0" },
    { name: "30 days, more milliseconds than 31 bits hold,", timeout: "2592000S", status: "0" },
    { name: "10 ms", timeout: "10m", status: "4" },
  ])("a deadline of $name is kept", async ({ timeout, status }) => {
    api.engine.startDelayMs = 50;
    const request = create(StartExecutionRequestSchema, { stateMachine: "orders" });
    const body = frame(toBinary(StartExecutionRequestSchema, request));
    const path = "/pawl.v1.ExecutionService/StartExecution";
    const answer = await callRaw({ path, body, headers: { "grpc-timeout": timeout } });
    expect(answer["grpc-status"]).toBe(status);
  });

  test("garbage on a stream is INVALID_ARGUMENT too", async () => {
    const answer = await callRaw({
      path: "/pawl.v1.WorkerService/Work",
      body: frame(Buffer.from([0x0f])),
    });
    expect(answer["grpc-status"]).toBe("3");
  });

  test.each([
    { name: "JSON that is none", body: "{", status: 400, code: "invalid_argument" },
    {
      name: "JSON of another shape",
      body: `{"execution": 7}`,
      status: 400,
      code: "invalid_argument",
    },
    {
      name: "5 MiB of JSON",
      body: JSON.stringify({ execution: "x".repeat(5 * 1024 * 1024) }),
      status: 429,
      code: "resource_exhausted",
    },
    {
      name: "a field of a newer client",
      body: `{"execution":"nope","newer":1}`,
      status: 404,
      code: "not_found",
    },
  ])("over HTTP/1.1, $name gets $code", async ({ body, status, code }) => {
    const response = await fetch(`${api.server.url}/pawl.v1.ExecutionService/GetExecution`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ code });
  });

  test("GET and text/plain on an RPC are 405 and 415", async () => {
    const path = `${api.server.url}/pawl.v1.ExecutionService/GetExecution`;
    expect((await fetch(path)).status).toBe(405);
    expect(
      (await fetch(path, { method: "POST", headers: { "content-type": "text/plain" }, body: "x" }))
        .status,
    ).toBe(415);
  });
});

describe("errors", () => {
  test("what is no EngineError leaves as internal error, with an id that the log has beside the cause", async () => {
    api.engine.failure = new Error("select secret from passwords");
    const refusal = await refused(
      api.client(ExecutionService).call("getExecution", { execution: "x" }),
    );
    expect(refusal).toMatchObject({ code: 13, message: "internal error", reason: "INTERNAL" });
    const { requestId } = refusal.details["RequestInfo"] as { requestId: string };
    const line = logged.find((text) => text.includes(requestId));
    expect(line).toContain("select secret from passwords");
    expect(
      JSON.stringify(refusal.details, (_, value: unknown) =>
        typeof value === "bigint" ? String(value) : value,
      ),
    ).not.toContain("secret");
  });

  test.each([
    {
      code: "ResourceExhausted" as const,
      grpc: 8,
      details: ["ErrorInfo", "QuotaFailure", "RetryInfo"],
    },
    { code: "Unavailable" as const, grpc: 14, details: ["ErrorInfo", "RetryInfo"] },
    { code: "TaskTimedOut" as const, grpc: 9, details: ["ErrorInfo", "PreconditionFailure"] },
    { code: "ConflictException" as const, grpc: 10, details: ["ErrorInfo"] },
  ])("$code is $grpc with $details", async ({ code, grpc, details }) => {
    api.engine.failure = new EngineError(code, "why", { metadata: { a: "b" } });
    const refusal = await refused(
      api.client(ExecutionService).call("getExecution", { execution: "x" }),
    );
    expect(refusal).toMatchObject({ code: grpc, message: "why" });
    expect(Object.keys(refusal.details)).toEqual(details);
  });

  test("texts that HTTP can not carry are made fit for it", async () => {
    api.engine.failure = new EngineError("InvalidName", `bad \ud800 \u202e ${"é".repeat(5_000)}`, {
      violations: Array.from({ length: 500 }, (_, index) => ({
        field: `f${index}`,
        description: "x".repeat(5_000),
      })),
      metadata: { value: "y".repeat(50_000) },
    });
    const refusal = await refused(
      api.client(ExecutionService).call("getExecution", { execution: "x" }),
    );
    expect(refusal.code).toBe(3);
    expect(refusal.message.length).toBeLessThanOrEqual(1_024);
    expect(refusal.violations).toHaveLength(16);
  });
});

describe("closing", () => {
  test("watches and streams are sent elsewhere, calls under way finish, new connections are refused", async () => {
    const executions = api.client(ExecutionService);
    await executions.call("startExecution", { stateMachine: "orders" });
    const watch = executions.stream("watchExecution", { execution: "exec-0" });
    const watchEnd = new Promise<{ code: number }>((resolve) =>
      watch.on("error", resolve as never).on("data", () => undefined),
    );
    const run = executions.call("runExecution", { start: { stateMachine: "orders", name: "r" } });
    const starts = executions.duplex("startExecutions");
    starts.send({ starts: [{ sequence: 1n, request: { stateMachine: "done" } }] });
    await starts.next();
    await expect.poll(() => api.engine.executions.size).toBe(3);

    const closing = api.server.close(2_000);
    expect((await watchEnd).code).toBe(14);
    expect((await starts.ended)?.code).toBe(14);
    await expect(fetch(`${api.server.url}/healthz`)).rejects.toThrow("fetch failed");
    const running = [...api.engine.executions.values()].find(
      ({ execution }) => execution.name === "r",
    )!;
    api.engine.finish(running.execution.id, "1");
    expect((await run).execution?.output).toBe("1");
    executions.raw.close();
    await closing;
  });

  test("idle connections of either kind, and silent ones, do not hold it up", async () => {
    expect((await fetch(`${api.server.url}/healthz`)).status).toBe(200);
    await api.client(SystemService).call("getServerInfo", {});
    const silent = connectTcp(api.server.port, "127.0.0.1");
    await once(silent, "connect");
    const begun = performance.now();
    await api.server.close(5_000);
    expect(performance.now() - begun).toBeLessThan(1_000);
    silent.destroy();
  });

  test("what does not finish is ended when the grace is over", async () => {
    const run = refused(
      api.client(ExecutionService).call("runExecution", { start: { stateMachine: "orders" } }),
    );
    await expect.poll(() => api.engine.executions.size).toBe(1);
    const begun = performance.now();
    await api.server.close(150);
    expect(performance.now() - begun).toBeLessThan(1_000);
    expect((await run).code).not.toBe(0);
  });
});

interface RawCall {
  readonly path: string;
  readonly body: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

async function callRaw({ path, body, headers }: RawCall): Promise<Record<string, unknown>> {
  const session: ClientHttp2Session = connect(api.server.url);
  session.on("error", () => undefined);
  try {
    return await new Promise((resolve, reject) => {
      const stream = session.request({
        [constants.HTTP2_HEADER_METHOD]: "POST",
        [constants.HTTP2_HEADER_PATH]: path,
        "content-type": "application/grpc",
        te: "trailers",
        ...headers,
      });
      let seen: Record<string, unknown> = {};
      stream.on("response", (response) => (seen = { ...seen, ...response }));
      stream.on("trailers", (trailers) => (seen = { ...seen, ...trailers }));
      stream.on("error", reject);
      stream.on("close", () => resolve(seen));
      stream.resume();
      stream.end(body);
    });
  } finally {
    session.destroy();
  }
}
