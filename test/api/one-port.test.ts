import { connect, type AddressInfo, type Socket } from "node:net";
import { once } from "node:events";
import { createClient } from "@connectrpc/connect";
import {
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from "@connectrpc/connect-node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Draining } from "../../server/api/call-context.ts";
import { createOnePort } from "../../server/api/one-port.ts";
import { ExecutionService } from "../../server/gen/pawl/v1/execution_service_pb.ts";
import { SystemService } from "../../server/gen/pawl/v1/system_service_pb.ts";
import { startApi, type TestServer } from "../support/api-server.ts";

let api: TestServer;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api[Symbol.asyncDispose]());

test("grpc-js speaks gRPC on the port", async () => {
  const info = await api.client(SystemService).call("getServerInfo", {});
  expect(info).toMatchObject({ version: "0.1.0", devMode: true });
  expect(info.limits["max_payload_bytes"]).toBe(262_144n);
});

test.each([
  { name: "gRPC over HTTP/2", transport: (baseUrl: string) => createGrpcTransport({ baseUrl }) },
  {
    name: "gRPC-Web over HTTP/1.1",
    transport: (baseUrl: string) =>
      createGrpcWebTransport({ baseUrl, httpVersion: "1.1" as const }),
  },
  {
    name: "Connect binary over HTTP/1.1",
    transport: (baseUrl: string) =>
      createConnectTransport({ baseUrl, httpVersion: "1.1" as const }),
  },
  {
    name: "Connect JSON over HTTP/1.1",
    transport: (baseUrl: string) =>
      createConnectTransport({ baseUrl, httpVersion: "1.1" as const, useBinaryFormat: false }),
  },
])("connect clients call and watch over $name on the port", async ({ transport }) => {
  const client = createClient(ExecutionService, transport(api.server.url));
  const started = await client.startExecution({
    stateMachine: "done",
    inputSource: { case: "input", value: `{"n":1}` },
  });
  expect(started.execution?.stateMachine).toBe("done");

  const updates = [];
  for await (const { update, terminal } of client.watchExecution({
    execution: started.execution!.id,
  }))
    updates.push([update.case, terminal]);
  expect(updates).toEqual([["snapshot", true]]);
});

test("fetch gets JSON for JSON", async () => {
  const response = await post("/pawl.v1.ExecutionService/StartExecution", {
    stateMachine: "done",
    input: `{"big":12345678901234567890}`,
  });
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({
    execution: { status: "EXECUTION_STATUS_SUCCEEDED", input: `{"big":12345678901234567890}` },
    created: true,
  });
});

test("a refusal over JSON carries the same code and details as over gRPC", async () => {
  const response = await post("/pawl.v1.ExecutionService/GetExecution", { execution: "nope" });
  expect(response.status).toBe(404);
  const body = (await response.json()) as {
    code: string;
    details: { type: string; debug: unknown }[];
  };
  expect(body.code).toBe("not_found");
  expect(body.details.map(({ type }) => type)).toEqual([
    "google.rpc.ErrorInfo",
    "google.rpc.ResourceInfo",
  ]);
  expect(body.details[0]?.debug).toMatchObject({
    reason: "EXECUTION_DOES_NOT_EXIST",
    domain: "pawl.dev",
  });
});

test("health and readiness answer plain GET", async () => {
  const health = await fetch(`${api.server.url}/healthz`);
  const ready = await fetch(`${api.server.url}/readyz`);
  expect([health.status, ready.status]).toEqual([200, 200]);
  expect(health.headers.get("x-content-type-options")).toBe("nosniff");
});

test("an unknown path says what is served", async () => {
  const response = await fetch(`${api.server.url}/pawl.v1.Nope/Do`, { method: "POST", body: "{}" });
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({
    code: "unimplemented",
    message: `nothing is served at "/pawl.v1.Nope/Do"`,
  });
});

test("POST / with X-Amz-Target goes to the AWS door", async () => {
  const headers = {
    "x-amz-target": "AWSStepFunctions.ListStateMachines",
    "content-type": "application/x-amz-json-1.0",
  };
  const response = await fetch(api.server.url, { method: "POST", headers, body: "{}" });
  expect(response.headers.get("content-type")).toContain("application/x-amz-json-1.0");
  expect(await response.json()).toHaveProperty("stateMachines");
});

test("streams from the client are refused over HTTP/1.1, not hung", async () => {
  const response = await post("/pawl.v1.WorkerService/Work", {}, "application/connect+json");
  expect(response.status).toBe(505);
});

test("an Upgrade to h2c stays on HTTP/1.1", async () => {
  const socket = await open();
  socket.write(
    "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQ\r\n\r\n",
  );
  expect(await firstText(socket)).toMatch(/^HTTP\/1\.1 200 OK/);
  socket.destroy();
});

test("a preface that comes byte by byte is HTTP/2 all the same", async () => {
  const socket = await open();
  for (const byte of "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") {
    socket.write(byte);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  socket.write(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]));
  const [settings] = (await once(socket, "data")) as [Buffer];
  expect(settings[3]).toBe(4);
  socket.destroy();
});

test.each([
  { name: "garbage bytes", bytes: Buffer.from([0xff, 0x00, 0x13, 0x37, 0x0a, 0x0d, 0x0a]) },
  {
    name: "a TLS greeting",
    bytes: Buffer.from([0x16, 0x03, 0x01, 0x00, 0x05, 0x01, 0x00, 0x00, 0x01, 0x03]),
  },
  {
    name: "a preface that goes wrong at its last byte",
    bytes: Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\rX"),
  },
])("$name get 400 and a closed connection", async ({ bytes }) => {
  const socket = await open();
  socket.write(bytes);
  const text = await firstText(socket);
  expect(text).toMatch(/^HTTP\/1\.1 400/);
  socket.end();
  await once(socket, "close");
});

test("headers above 16 KiB get 431", async () => {
  const socket = await open();
  socket.write(`GET /healthz HTTP/1.1\r\nHost: a\r\nX-Long: ${"x".repeat(20_000)}\r\n\r\n`);
  expect(await firstText(socket)).toMatch(/^HTTP\/1\.1 431/);
  socket.destroy();
});

test("a client that hangs up during the peek or after it leaves the server well", async () => {
  for (const bytes of ["", "P", "PRI * HT", "GET / HT", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"]) {
    const socket = await open();
    if (bytes !== "") socket.write(bytes);
    await new Promise((resolve) => setTimeout(resolve, 5));
    socket.resetAndDestroy();
  }
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect((await fetch(`${api.server.url}/healthz`)).status).toBe(200);
});

test("an HTTP/2 caller whose process is gone is seen to be gone at once", async () => {
  const socket = connect({ port: api.server.port, host: "127.0.0.1", allowHalfOpen: true });
  await once(socket, "connect");
  socket.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  socket.write(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]));
  await once(socket, "data");
  socket.end(); // all that the kernel says for a process that was killed
  await expect(once(socket, "end", { signal: AbortSignal.timeout(2_000) })).resolves.toEqual([]);
});

test("a connection that says too little is closed", async () => {
  const given: string[] = [];
  const server = createOnePort(
    { http1: () => given.push("h1"), http2: () => given.push("h2") },
    { onConnection: () => undefined, draining: new Draining(), firstByteTimeoutMs: 30 },
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const [silent, slow] = [await open(port), await open(port)];
  slow.write("PRI * HTTP");
  await Promise.all([silent, slow].map((socket) => once(socket.resume(), "close")));
  expect(given).toEqual([]);
  server.close();
});

async function open(port = api.server.port): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  await once(socket, "connect");
  return socket;
}

async function firstText(socket: Socket): Promise<string> {
  const [data] = (await once(socket, "data")) as [Buffer];
  return data.toString("latin1");
}

function post(path: string, body: object, contentType = "application/json"): Promise<Response> {
  return fetch(`${api.server.url}${path}`, {
    method: "POST",
    headers: { "content-type": contentType },
    body: JSON.stringify(body),
  });
}
