import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { Client } from "@pawl/sdk";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startParityServer, type ParityServer } from "./support/server.ts";

const version = "1.9.3";
const folder = join(import.meta.dirname, `../../node_modules/.cache/grpcurl-${version}`);
const isGoMissing = spawnSync("go", ["version"]).status !== 0;

let server: ParityServer;
let execution: string;

beforeAll(async () => {
  if (isGoMissing) {
    console.warn("\nNOT TESTED: grpcurl: Go is not installed\n");
    return;
  }
  server = await startParityServer();
  using client = new Client({ address: server.address });
  const States = { A: { Type: "Wait", Seconds: 600, End: true } };
  await client.applyStateMachine({ name: "waits", definition: { StartAt: "A", States } });
  execution = (await client.startExecution({ stateMachine: "waits" })).execution.id;
  if (existsSync(join(folder, "grpcurl"))) return;
  const module = `github.com/fullstorydev/grpcurl/cmd/grpcurl@v${version}`;
  const env = { ...process.env, GOBIN: folder };
  const { status, stderr } = spawnSync("go", ["install", module], { env, encoding: "utf8" });
  if (status !== 0) throw new Error(`grpcurl can not be installed: ${stderr}`);
}, 600_000);
afterAll(() => server?.stop());

// grpcurl knows the contract from the server's reflection alone.
test.skipIf(isGoMissing).each([
  ["reflection: list", () => "", ["list"], /^pawl\.v1\.ExecutionService$/m],
  ["reflection: describe", () => "", ["describe", "pawl.v1.SystemService"], /rpc GetServerInfo/],
  ["empty_unary", () => "{}", ["pawl.v1.SystemService/GetServerInfo"], /"version"/],
  ["large_unary", () => start("waits", 250_000), [method("StartExecution")], /"created": true/],
  [
    "status_code_and_message",
    () => start("ñope", 2),
    [method("StartExecution")],
    /NotFound\n.*ñope/,
  ],
  [
    "timeout_on_sleeping_server",
    () => JSON.stringify({ execution }),
    ["-max-time", "0.5", method("WatchExecution")],
    /DeadlineExceeded/,
  ],
])("interop with grpcurl: %s", async (_, request, args, expected) => {
  expect(await grpcurl(args, request())).toMatch(expected);
});

function method(name: string): string {
  return `pawl.v1.ExecutionService/${name}`;
}

function start(stateMachine: string, bytes: number): string {
  return JSON.stringify({ stateMachine, input: JSON.stringify("x".repeat(bytes - 2)) });
}

/** @returns what it says; options come first, then the address, then what is asked. */
async function grpcurl(args: readonly string[], request: string): Promise<string> {
  const isCall = args.at(-1)!.includes("/");
  const asked = args.findIndex((arg) => /^(list|describe|pawl\.)/.test(arg));
  const options = [...args.slice(0, asked), ...(isCall ? ["-d", "@"] : [])];
  const all = ["-plaintext", ...options, server.address, ...args.slice(asked)];
  const child = spawn(join(folder, "grpcurl"), all);
  child.stdin.end(request);
  const [stdout, stderr] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return `${stdout}${stderr}`;
}
