import { once } from "node:events";
import { connect as connectHttp2, constants } from "node:http2";
import { connect as connectTcp } from "node:net";
import { gzipSync } from "node:zlib";
import { create, toBinary } from "@bufbuild/protobuf";
import { StructSchema } from "@bufbuild/protobuf/wkt";
import { Metadata } from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PayloadView } from "../../server/gen/pawl/v1/common_pb.ts";
import {
  ExecutionService,
  GetExecutionRequestSchema,
} from "../../server/gen/pawl/v1/execution_service_pb.ts";
import { refused } from "../support/api-server.ts";
import { frame, grpcCall } from "./support/raw-calls.ts";
import { pass } from "./support/machines.ts";
import { startRealServer, type RealServer } from "./support/real-server.ts";

let server: RealServer;
beforeAll(async () => {
  server = await startRealServer();
  await server.apply(pass(), "orders");
});
afterAll(() => server[Symbol.asyncDispose]());

const getExecution = "/pawl.v1.ExecutionService/GetExecution";
const bytesOf = (execution: string): Uint8Array =>
  toBinary(GetExecutionRequestSchema, create(GetExecutionRequestSchema, { execution }));
const good = bytesOf("orders/nope");

describe("row 86: masks and one-ofs", () => {
  test.each(["definitio", "", "definition.x", "*,name"])(
    "an update mask with the unknown path %j is INVALID_ARGUMENT",
    async (path) => {
      const refusal = await refused(
        server.machines.call("updateStateMachine", {
          stateMachine: { name: "orders", definition: pass() },
          updateMask: { paths: [path] },
        }),
      );
      expect(refusal).toMatchObject({
        code: 3,
        reason: "UPDATE_MASK",
        violations: ["update_mask"],
      });
      expect(refusal.message).toContain(JSON.stringify(path));
    },
  );

  test("of two arms of a one-of the last on the wire counts", async () => {
    const start = Buffer.concat([
      Buffer.from([0x0a, 6]),
      Buffer.from("orders"),
      ...['{"n":1}', '{"n":2}'].map((input) => stringField(inputFieldNumber(), input)),
    ]);
    const path = "/pawl.v1.ExecutionService/StartExecution";
    expect(await grpcCall(server.url, { path, body: frame(start) })).toMatchObject({
      "grpc-status": "0",
    });
    const { executions } = await server.executions.call("listExecutions", {
      payloadView: PayloadView.FULL,
    });
    expect(executions.map(({ input }) => input)).toContain('{"n":2}');
  });

  test("a one-of that must be set and is not is named", async () => {
    const { acks } = await server.workers.call("reportTasks", {
      outcomes: [{ taskToken: new Uint8Array(40) }],
    });
    expect(acks).toMatchObject(
      [{ reason: "FIELD_REQUIRED", message: /one of output/ }].map((ack) => ({
        ...ack,
        message: expect.stringMatching(ack.message),
      })),
    );
  });
});

describe("row 87: times", () => {
  test.each([
    {
      start: { startAt: { seconds: 0n, nanos: 2_000_000_000 } },
      field: "start_at",
      value: "2000000000",
    },
    { start: { startAt: { seconds: 253_402_300_800n } }, field: "start_at", value: "253402300800" },
  ])("a Timestamp with $value is INVALID_ARGUMENT", async ({ start, field, value }) => {
    const refusal = await refused(
      server.executions.call("startExecution", { stateMachine: "orders", ...start }),
    );
    expect(refusal).toMatchObject({ code: 3, reason: "TIMESTAMP_RANGE", violations: [field] });
    expect(refusal.message).toContain(value);
  });

  test.each([
    { grace: { seconds: -1n, nanos: 0 }, named: "negative" },
    { grace: { seconds: 1n, nanos: -1 }, named: "different signs" },
    { grace: { seconds: 1n, nanos: 1_000_000_000 }, named: "1000000000" },
  ])("a Duration of $grace is INVALID_ARGUMENT", async ({ grace, named }) => {
    const refusal = await refused(
      server.executions.call("stopExecution", { execution: "orders/x", grace }),
    );
    expect(refusal).toMatchObject({ code: 3, reason: "DURATION_RANGE", violations: ["grace"] });
    expect(refusal.message).toContain(named);
  });
});

const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
const deep = (depth: number): Uint8Array => {
  let bytes: Uint8Array = toBinary(StructSchema, create(StructSchema));
  for (let level = 0; level < depth && bytes.length < 3_000_000; level += 1)
    bytes = Buffer.concat([Buffer.from([0x2a]), varint(bytes.length), bytes]);
  return bytes;
};
const unknownField = Buffer.from([0xfa, 0x3f, 0x01, 0x41]);

/** What each body is answered with over gRPC, and as Connect's code over HTTP/1.1 where it can be sent there. */
const bodies = [
  {
    row: 88,
    what: "a field of a newer client",
    bytes: Buffer.concat([good, unknownField]),
    status: "5",
    code: "not_found",
  },
  {
    row: 89,
    what: "a truncated varint",
    bytes: Buffer.from([0x0a, 0xff]),
    status: "3",
    code: "invalid_argument",
  },
  {
    row: 89,
    what: "a length beyond the end",
    bytes: Buffer.from([0x0a, 0x7f, 0x41]),
    status: "3",
    code: "invalid_argument",
  },
  {
    row: 89,
    what: "wire type 7",
    bytes: Buffer.from([0x0f, 0x01]),
    status: "3",
    code: "invalid_argument",
  },
  {
    row: 89,
    what: "field number 0",
    bytes: Buffer.from([0x02, 0x00]),
    status: "3",
    code: "invalid_argument",
  },
  {
    row: 89,
    what: "groups 20,000 deep",
    bytes: Buffer.alloc(20_000, 0xfb),
    status: "3",
    code: "invalid_argument",
  },
  {
    row: 39,
    what: "bytes that are not UTF-8",
    bytes: Buffer.from([0x0a, 0x02, 0xc3, 0x28]),
    status: "3",
    code: "invalid_argument",
  },
  {
    row: 90,
    what: "a message of 5 MiB",
    bytes: Buffer.alloc(5 * 1024 * 1024),
    status: "8",
    code: "resource_exhausted",
  },
];

describe("rows 39, 88-90: bytes that are no message", () => {
  test.each(bodies)("row $row: $what is grpc-status $status", async ({ bytes, status }) => {
    const answer = await grpcCall(server.url, { path: getExecution, body: frame(bytes) });
    expect(answer).toMatchObject({ "grpc-status": status });
    expect(String(answer["grpc-message"])).not.toMatch(/node_modules|server\/|\bat /);
  });

  test.each(bodies)("row $row: $what is $code over HTTP/1.1", async ({ bytes, code }) => {
    const response = await post(getExecution, { "content-type": "application/proto" }, bytes);
    const body = (await response.json()) as { code: string; message: string };
    expect(body.code).toBe(code);
    expect(body.message).not.toMatch(/node_modules|server\/|\bat /);
  });

  test("row 89: the reason of what does not decode is MALFORMED_MESSAGE by either protocol", async () => {
    const answer = await grpcCall(server.url, {
      path: getExecution,
      body: frame(Buffer.from([0x0f])),
    });
    expect(Buffer.from(String(answer["grpc-status-details-bin"]), "base64").toString()).toContain(
      "MALFORMED_MESSAGE",
    );
    const response = await post(
      getExecution,
      { "content-type": "application/proto" },
      Buffer.from([0x0f]),
    );
    expect(await response.json()).toMatchObject({
      details: [{ type: "google.rpc.ErrorInfo", debug: { reason: "MALFORMED_MESSAGE" } }],
    });
  });

  test.each([
    { type: "application/grpc-web+proto", told: /grpc-status: 3/ },
    { type: "application/connect+proto", told: /"code":"invalid_argument"/ },
  ])("row 89: a stream's request as $type that does not decode says so at its end", async (row) => {
    const path = "/pawl.v1.ExecutionService/WatchExecution";
    const response = await post(path, { "content-type": row.type }, frame(Buffer.from([0x0f])));
    expect(await response.text()).toMatch(row.told);
  });

  test("row 89: a Struct 20,000 deep is ignored where it is unknown, and holds nobody up", async () => {
    const nested = deep(20_000);
    const body = frame(
      Buffer.concat([good, Buffer.from([0xfa, 0x3f]), varint(nested.length), nested]),
    );
    const begun = performance.now();
    const answer = await grpcCall(server.url, { path: getExecution, body });
    expect(answer).toMatchObject({ "grpc-status": "5" });
    expect(performance.now() - begun).toBeLessThan(1_000);
  });

  test.each([
    { what: "a gzip bomb", body: frame(bomb, 1), encoding: "gzip", status: "8" },
    {
      what: "gzip that is none",
      body: frame(Buffer.from("not gzip"), 1),
      encoding: "gzip",
      status: "3",
    },
    {
      what: "gzip cut short",
      body: frame(gzipSync(good).subarray(0, 12), 1),
      encoding: "gzip",
      status: "3",
    },
    {
      what: "deflate that is none",
      body: frame(Buffer.from("nope"), 1),
      encoding: "deflate",
      status: "3",
    },
    { what: "an unknown encoding", body: frame(good, 1), encoding: "snappy", status: "12" },
    {
      what: "a length prefix of 4 GiB",
      body: Buffer.from([0, 255, 255, 255, 255, 1]),
      encoding: "identity",
      status: "8",
    },
  ])("row 90: $what is grpc-status $status", async ({ body, encoding, status }) => {
    const headers = { "grpc-encoding": encoding };
    const answer = await grpcCall(server.url, { path: getExecution, body, headers });
    expect(answer).toMatchObject({ "grpc-status": status });
  });

  test.each([
    { what: "a gzip bomb", body: bomb, encoding: "gzip", code: "resource_exhausted" },
    {
      what: "gzip that is none",
      body: Buffer.from("not gzip"),
      encoding: "gzip",
      code: "invalid_argument",
    },
    {
      what: "gzip cut short",
      body: gzipSync(good).subarray(0, 12),
      encoding: "gzip",
      code: "invalid_argument",
    },
    {
      what: "an unknown encoding",
      body: Buffer.from(good),
      encoding: "snappy",
      code: "unimplemented",
    },
  ])("row 90: $what is $code over HTTP/1.1", async ({ body, encoding, code }) => {
    const headers = { "content-type": "application/proto", "content-encoding": encoding };
    const response = await post(getExecution, headers, body);
    expect(await response.json()).toMatchObject({ code });
  });

  test.each(["", "x", "-1S", "1", "123456789S", "1.5S", "S"])(
    "a grpc-timeout of %j is INVALID_ARGUMENT",
    async (timeout) => {
      const headers = { "grpc-timeout": timeout };
      const answer = await grpcCall(server.url, { path: getExecution, body: frame(good), headers });
      expect(answer).toMatchObject({ "grpc-status": "3" });
      expect(decodeURI(String(answer["grpc-message"]))).toContain(JSON.stringify(timeout));
    },
  );
});

describe("row 91: what is no call", () => {
  test("an unknown method is UNIMPLEMENTED by every protocol", async () => {
    const path = "/pawl.v1.ExecutionService/Nope";
    expect(await grpcCall(server.url, { path, body: frame(good) })).toMatchObject({
      "grpc-status": "12",
    });
    const response = await post(path, { "content-type": "application/json" }, Buffer.from("{}"));
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([
      404,
      "unimplemented",
    ]);
    expect(await server.aws("Nope", {})).toMatchObject({
      status: 400,
      body: { __type: "UnknownOperationException", message: expect.stringContaining("Nope") },
    });
  });

  test("GET, text/plain and HTTP/2 with text/plain are refused as such", async () => {
    expect((await fetch(server.url + getExecution)).status).toBe(405);
    expect(
      (await post(getExecution, { "content-type": "text/plain" }, Buffer.from("x"))).status,
    ).toBe(415);
    const headers = { "content-type": "text/plain" };
    expect(
      await grpcCall(server.url, { path: getExecution, body: frame(good), headers }),
    ).toMatchObject({ ":status": 415 });
  });

  test.each([
    {
      what: "no HTTP at all",
      bytes: "\x16\x03\x01\x02\x00hello\r\n\r\n",
      answered: /^HTTP\/1\.1 400/,
    },
    { what: "HTTP/0.9", bytes: "GET /\r\n\r\n", answered: /^HTTP\/1\.1 40[04]/ },
    {
      what: "two lengths",
      bytes: "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
      answered: /^HTTP\/1\.1 400/,
    },
    {
      what: "length and chunks",
      bytes:
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      answered: /^HTTP\/1\.1 400/,
    },
    {
      what: "a GET with two authorizations",
      bytes:
        "GET /healthz HTTP/1.1\r\nHost: x\r\nAuthorization: a\r\nAuthorization: b\r\nConnection: close\r\n\r\n",
      answered: /^HTTP\/1\.1 200/,
    },
    {
      what: "20 kB of headers",
      bytes: `GET / HTTP/1.1\r\nHost: x\r\nA: ${"a".repeat(20_000)}\r\n\r\n`,
      answered: /^HTTP\/1\.1 431/,
    },
    {
      what: "an HTTP/2 preface and garbage",
      bytes: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\ngarbage, garbage, garbage",
      answered: /./s,
    },
  ])("$what gets a clean answer and a closed connection", async ({ bytes, answered }) => {
    const socket = connectTcp(server.port, "127.0.0.1");
    let seen = "";
    socket.on("data", (chunk) => (seen += chunk.toString("latin1")));
    socket.on("error", () => undefined);
    socket.write(bytes, "latin1");
    await once(socket, "close");
    expect(seen).toMatch(answered);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  });
});

describe("row 92: metadata", () => {
  test("20 kB are taken, and a bad binary header does no harm", async () => {
    const metadata = new Metadata();
    metadata.set("x-long", "y".repeat(20_000));
    const refusal = await refused(
      server.executions.call("getExecution", { execution: "orders/nope" }, { metadata }),
    );
    expect(refusal.code).toBe(5);
    const headers = { "x-bin": "%%%" };
    expect(
      await grpcCall(server.url, { path: getExecution, body: frame(good), headers }),
    ).toMatchObject({ "grpc-status": "5" });
  });

  test("200 kB are refused by HTTP/2 itself, and the server goes on", async () => {
    const session = connectHttp2(server.url, { maxSendHeaderBlockLength: 1_000_000 });
    session.on("error", () => undefined);
    const stream = session.request({
      [constants.HTTP2_HEADER_METHOD]: "POST",
      [constants.HTTP2_HEADER_PATH]: getExecution,
      "content-type": "application/grpc",
      "x-long": "y".repeat(200_000),
    });
    let status: unknown;
    stream
      .on("error", () => undefined)
      .on("response", (response) => (status = response[":status"]));
    stream.end(frame(good));
    await new Promise((resolve) => stream.once("close", resolve));
    session.destroy();
    expect(status ?? 431).toBe(431);
    expect(
      (await refused(server.executions.call("getExecution", { execution: "orders/nope" }))).code,
    ).toBe(5);
  });
});

test("nothing of this was an internal error", () => {
  expect(server.errors).toEqual([]);
});

function post(path: string, headers: Record<string, string>, body: Uint8Array): Promise<Response> {
  return fetch(server.url + path, { method: "POST", headers, body: Buffer.from(body) });
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    bytes.push(rest > 127 ? (rest & 127) | 128 : rest);
    if (rest <= 127) return Buffer.from(bytes);
  }
}

function stringField(number: number, text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

function inputFieldNumber(): number {
  return ExecutionService.method.startExecution.input.field["input"].number;
}
