import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exitCode } from "../../server/cli/exit-code.ts";
import { runCli } from "../../server/cli/run-cli.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { capturedIo } from "./support/captured-io.ts";
import { pawl, startPawl } from "./support/pawl-process.ts";

const waiting =
  '{ "StartAt": "W", "States": { "W": { "Type": "Wait", "Seconds": 3600, "End": true } } }';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pawl-cli-"));
  await chmod(folder, 0o755); // run by root, PostgreSQL is another user
  await writeFile(file("waiting.json"), waiting);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("pawl dev", () => {
  test("its data is there again after a stop and a start", async () => {
    const first = await startPawl(["dev", "--port", "0", "--data-dir", "data"], { cwd: folder });
    await runCli(["apply", file("waiting.json"), "--address", first.url], capturedIo().io);
    await runCli(["start", "waiting", "--name", "kept", "--address", first.url], capturedIo().io);
    expect(await first.stop("SIGINT")).toBe(0);
    const second = await startPawl(["dev", "--port", "0", "--data-dir", "data"], { cwd: folder });
    const { io, stdout } = capturedIo();
    await runCli(["list", "--json", "--address", second.url], io);
    expect(JSON.parse(stdout())).toMatchObject({
      stateMachine: "waiting",
      name: "kept",
      status: "RUNNING",
    });
    expect(await second.stop("SIGTERM")).toBe(0);
  });

  test("standard output may be closed after the line was read", async () => {
    const server = await startPawl(["dev", "--ephemeral", "--port", "0"], { cwd: folder });
    server.closeStdout();
    expect(await cli("health", "--address", server.url)).toMatchObject({ code: exitCode.ok });
    expect(await server.stop()).toBe(0);
  });
});

describe("pawl serve and pawl migrate", () => {
  let database: TestDatabase;
  let env: Record<string, string>;

  beforeAll(async () => {
    database = await createTestDatabase({ migrated: false });
    env = { DATABASE_URL: database.url, PAWL_ALLOW_UNSAFE_DATABASE: "true" };
  });

  afterAll(() => database?.drop());

  test("migrate says what it would do, does it once, and then has nothing to do", async () => {
    expect(await pawl(["migrate", "--dry-run"], { env })).toMatchObject({
      code: exitCode.ok,
      stdout: expect.stringMatching(/^would run \d+-create-tables/),
    });
    expect(await pawl(["migrate"], { env })).toMatchObject({
      code: exitCode.ok,
      stdout: expect.stringMatching(/^ran \d+-create-tables/),
    });
    expect(await pawl(["migrate"], { env })).toMatchObject({
      code: exitCode.ok,
      stdout: "the database is up to date\n",
    });
    expect(JSON.parse((await pawl(["migrate", "--json"], { env })).stdout)).toEqual({
      migrations: [],
      dryRun: false,
    });
  });

  test("two servers share a database, and a second signal ends a server at once", async () => {
    const [first, second] = await Promise.all([
      startPawl(["serve", "--port", "0"], { env }),
      startPawl(["serve", "--port", "0"], { env }),
    ]);
    await cli("apply", file("waiting.json"), "--address", first.url);
    await cli("start", "waiting", "--name", "shared", "--address", first.url);
    const { stdout } = await cli("list", "--json", "--address", second.url);
    expect(JSON.parse(stdout)).toMatchObject({ name: "shared", status: "RUNNING" });
    expect(await first.stop("SIGTERM")).toBe(0);
    expect(await cli("health", "--address", second.url)).toMatchObject({ code: exitCode.ok });
    second.kill("SIGINT");
    expect([0, 130]).toContain(await second.stop("SIGINT"));
  });

  test.each(["serve", "migrate"])("pawl %s without a database is wrong usage", async (command) => {
    expect(await pawl([command])).toMatchObject({
      code: exitCode.usage,
      stderr: expect.stringContaining(`pawl ${command} needs a database`),
    });
  });

  test.each(["serve", "migrate"])(
    "pawl %s without a PostgreSQL there says so in a line, without the password",
    async (command) => {
      const { code, stderr } = await pawl([command], {
        env: { DATABASE_URL: "postgres://me:secret@127.0.0.1:9/x" },
      });
      expect(code).toBe(exitCode.failed);
      expect(stderr).toMatch(
        /^error: .*PostgreSQL at 127\.0\.0\.1:9 can not be reached: connection refused\ntry: Check DATABASE_URL/,
      );
      expect(stderr).not.toContain("secret");
    },
  );
});

function file(name: string): string {
  return join(folder, name);
}

async function cli(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const { io, stdout, stderr } = capturedIo();
  const code = await runCli(args, io);
  return { code, stdout: stdout(), stderr: stderr() };
}
