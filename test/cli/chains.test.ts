import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exitCode } from "../../server/cli/exit-code.ts";
import { runCli } from "../../server/cli/run-cli.ts";
import { capturedIo } from "./support/captured-io.ts";
import { startPawl, type PawlServer } from "./support/pawl-process.ts";

let folder: string;
let server: PawlServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pawl-cli-"));
  await chmod(folder, 0o755); // run by root, PostgreSQL is another user
  server = await startPawl(["dev", "--port", "0"], { cwd: folder });
  for (const [name, state] of Object.entries({
    order: { Type: "Pass" },
    approval: { Type: "Message", CorrelationKey: "order", CorrelationValuePath: "$.order" },
  })) {
    const definition = { StartAt: "S", States: { S: { ...state, End: true } } };
    const path = join(folder, `${name}.json`);
    await writeFile(path, JSON.stringify(definition));
    const { code, stderr } = await cli("apply", path);
    if (code !== exitCode.ok) throw new Error(`${name} can not be applied: ${stderr}`);
  }
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function cli(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const { io, stdout, stderr } = capturedIo();
  const code = await runCli([...args, "--address", server.url], io);
  return { code, stdout: stdout(), stderr: stderr() };
}

test("chain starts one from another's output, once if it is unique, and links lists it", async () => {
  await cli("start", "order", "--name", "source", "--input", '{"id":3}', "--wait");
  const expression = "{ 'order': $string($states.input.id) }";
  const file = join(folder, "id.jsonata");
  await writeFile(file, expression);
  const chained = ["chain", "order/source", "approval", "--transform", `@${file}`, "--unique"];
  expect((await cli(...chained, "--name", "chained")).stdout).toMatch(
    /^started approval\/chained /,
  );
  expect((await cli(...chained)).stdout).toMatch(/^found approval\/chained /);
  expect((await cli("waits", "approval")).stdout).toContain('"3"');
  expect((await cli("links", "order/source")).stdout).toMatch(/ order .* approval /);
  const [link, ...more] = (await cli("links", "--to", "approval", "--json")).stdout.split("\n");
  expect(JSON.parse(link!)).toMatchObject({ sourceStateMachine: "order", transformer: expression });
  expect(more).toEqual([""]);
  const toApproval = ["links", "--to", "approval", "--status", "SUCCEEDED", "--count"];
  expect((await cli(...toApproval)).stdout).toBe("1\n");
  expect((await cli(...toApproval, "--before", "2026-01-01")).stdout).toBe("0\n");
});

test("a source that runs is refused; with --wait the start survives kill -9", async () => {
  await cli("start", "approval", "--name", "late", "--input", '{"order":"9"}');
  expect(await cli("chain", "approval/late", "order")).toMatchObject({
    code: exitCode.refused,
    stderr: expect.stringContaining("is RUNNING"),
  });
  const { stdout } = await cli("chain", "approval/late", "order", "--wait", "--name", "after");
  expect(stdout).toMatch(/^started order\/after /);
  await server.stop("SIGKILL");
  server = await startPawl(["dev", "--port", "0"], { cwd: folder });
  await cli("send", "order", '"9"', "--data", '{"approved":true}');
  expect(await cli("watch", "order/after")).toMatchObject({
    code: exitCode.ok,
    stdout: '{"approved":true}\n',
  });
});
