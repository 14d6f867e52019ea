import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, silentLog, Worker } from "@pawl/sdk";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exitCode } from "../../server/cli/exit-code.ts";
import { runCli } from "../../server/cli/run-cli.ts";
import { capturedIo } from "./support/captured-io.ts";
import { startPawl, type PawlServer } from "./support/pawl-process.ts";

let folder: string;
let server: PawlServer;
let client: Client;

async function cli(...args: readonly string[]) {
  const { io, stdout, stderr } = capturedIo();
  const code = await runCli([...args, "--address", server.url], io);
  return { code, stdout: stdout(), stderr: stderr() };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pawl-cli-"));
  const order = {
    StartAt: "Charge",
    States: { Charge: { Type: "Task", Resource: "charge", End: true } },
  };
  await writeFile(join(folder, "order.json"), JSON.stringify(order));
  server = await startPawl(["dev", "--ephemeral", "--port", "0"], { cwd: tmpdir() });
  client = new Client({ address: server.url });
});

afterAll(async () => {
  client?.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const file = (): string => join(folder, "order.json");

test("apply sets what becomes of lost tasks, and is unchanged the second time", async () => {
  const policy = ["--on-task-lost", "PAUSE", "--max-task-deliveries", "3"];
  expect((await cli("apply", file(), ...policy)).stdout).toBe("order created\n");
  expect((await cli("apply", file(), ...policy)).stdout).toBe("order unchanged\n");
  expect((await cli("apply", file())).stdout).toBe("order unchanged\n");
  expect(await client.getStateMachine("order")).toMatchObject({
    onTaskLost: "PAUSE",
    maxTaskDeliveries: 3,
  });
  const refused = await cli("apply", file(), "--on-task-lost", "REDELIVER");
  expect(refused.stdout).toBe("order updated\n");
  expect(await client.getStateMachine("order")).toMatchObject({
    onTaskLost: "REDELIVER",
    maxTaskDeliveries: 0,
  });
});

test("pause holds an execution up, list finds it, and resume lets it go on", async () => {
  await cli("start", "order", "--name", "one");
  const paused = await cli("pause", "order/one", "--by", "ada", "--reason", "the bank is down");
  expect(paused).toMatchObject({ code: exitCode.ok, stdout: "order/one is PAUSED\n" });
  expect((await cli("list", "--status", "PAUSED")).stdout).toMatch(/one\s+PAUSED/);
  expect((await cli("list", "--status", "RUNNING")).stdout).not.toMatch(/\bone\b/);
  expect(await client.getExecution("order/one")).toMatchObject({
    status: "PAUSED",
    pause: { operator: "ada", reason: "the bank is down" },
  });
  const deliveries: number[] = [];
  const worker = new Worker({ address: server.url, log: silentLog });
  worker.task("charge", (_input, { delivery }) => {
    deliveries.push(delivery);
    return {};
  });
  await worker.start();
  const resumed = await cli("resume", "order/one", "--by", "ada", "--json");
  expect(resumed.code).toBe(exitCode.ok);
  expect(await client.waitForExecution("order/one")).toMatchObject({ status: "SUCCEEDED" });
  expect(deliveries).toEqual([1]);
  const { stdout } = await cli("history", "order/one", "--json");
  const types = stdout
    .trimEnd()
    .split("\n")
    .map((line) => (JSON.parse(line) as { type: string }).type);
  expect(types).toContain("EXECUTION_PAUSED");
  expect(types).toContain("EXECUTION_RESUMED");
  await worker.close();
});

test("what is over is refused", async () => {
  expect((await cli("pause", "order/one")).code).toBe(exitCode.refused);
  expect((await cli("resume", "order/none")).code).toBe(exitCode.notFound);
});
