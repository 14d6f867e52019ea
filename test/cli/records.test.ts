import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exitCode } from "../../server/cli/exit-code.ts";
import { runCli } from "../../server/cli/run-cli.ts";
import { capturedIo } from "./support/captured-io.ts";
import { startPawl, type PawlServer } from "./support/pawl-process.ts";

const failing =
  '{ "StartAt": "F", "States": { "F": { "Type": "Fail", "Error": "Order.Lost", "Cause": "no stock" } } }';
const waiting =
  '{ "StartAt": "W", "States": { "W": { "Type": "Wait", "Seconds": 3600, "End": true } } }';

let folder: string;
let server: PawlServer;

async function cli(...args: readonly string[]) {
  const { io, stdout, stderr } = capturedIo();
  const code = await runCli([...args, "--address", server.url], io);
  return { code, stdout: stdout(), stderr: stderr() };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pawl-cli-"));
  await writeFile(join(folder, "failing.json"), failing);
  await writeFile(join(folder, "waiting.json"), waiting);
  server = await startPawl(["dev", "--ephemeral", "--port", "0"], { cwd: tmpdir() });
  await cli("apply", join(folder, "failing.json"), join(folder, "waiting.json"));
  for (const name of ["seen-1", "seen-2", "other"])
    await cli("start", "failing", "--name", name, "--wait");
});

afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const seen = ["failing", "--name", "seen-*", "--error", "Order.Lost", "--after", "2026-01-01"];

test("list and count take the same filters", async () => {
  const { stdout } = await cli("list", ...seen, "--json");
  const names = stdout
    .trimEnd()
    .split("\n")
    .map((line) => (JSON.parse(line) as { name: string }).name);
  expect(names).toEqual(["seen-2", "seen-1"]);
  expect((await cli("count", ...seen)).stdout).toBe("2\n");
  expect((await cli("count", ...seen, "--limit", "1")).stdout).toBe("1 or more\n");
  expect(JSON.parse((await cli("count", "--status", "FAILED", "--json")).stdout)).toEqual({
    count: 3,
    limited: false,
  });
  expect((await cli("count", "--before", "yesterday")).code).toBe(exitCode.usage);
});

test("statistics are a table, or JSON lines", async () => {
  const { stdout } = await cli("stats", ...seen, "--by", "status", "--by", "error");
  expect(stdout).toMatch(
    /^STATUS +ERROR +COUNT +MIN +AVG +P50 +P95 +P99 +MAX +FIRST +LAST\nFAILED +Order\.Lost +2 +\d+ ms .*\n$/,
  );
  const buckets = await cli("stats", "--bucket", "1d", "--json");
  expect(JSON.parse(buckets.stdout)).toMatchObject({ count: 3, group: {} });
  const visits = await cli("stats", "failing", "--by", "state");
  expect(visits.stdout).toMatch(/^STATE +COUNT .*\nF +3 +- .*\n$/);
  expect((await cli("stats", "--by", "colour")).code).toBe(exitCode.refused);
});

test("delete removes what has closed, and refuses what runs", async () => {
  expect((await cli("delete", "failing/other")).stdout).toBe("failing/other is deleted\n");
  expect((await cli("delete", "failing/other")).code).toBe(exitCode.notFound);
  const { stdout } = await cli("start", "waiting", "--json");
  const { id } = JSON.parse(stdout) as { id: string };
  expect((await cli("delete", id)).code).toBe(exitCode.refused);
  expect((await cli("count", "--state", "W")).stdout).toBe("1\n");
});

test("apply sets a retention and ends it", async () => {
  const path = join(folder, "failing.json");
  expect((await cli("apply", path, "--retention", "30d")).stdout).toBe("failing updated\n");
  expect((await cli("apply", path, "--retention", "30d")).stdout).toBe("failing unchanged\n");
  expect((await cli("apply", path, "--retention", "forever")).stdout).toBe("failing updated\n");
});
