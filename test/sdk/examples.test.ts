import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { startTestServer, type TestServer } from "../../sdk/typescript/src/testing.ts";

const root = join(import.meta.dirname, "../..");
const command = [process.execPath, join(root, "bin/pawl.mjs")];
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ command });
});
afterAll(() => server?.stop());

test("the SDK's examples do what they say", async () => {
  const worker = begin("worker");
  expect(await output("start")).toMatch(/^SUCCEEDED \{"charged":42,"key":"\S+"\}\n$/);
  expect(await output("watch")).toMatch(/TASK_SUCCEEDED Charge\n[^]*SUCCEEDED\n$/);
  expect(await output("batch")).toMatch(/SUCCEEDED: 1000 of 1000, 0 failed\ncharged 1000\n$/);
  expect(await worker.stop()).toBe(0);
  begin("heartbeat");
  expect(await output("start")).toBe('SUCCEEDED {"charged":42}\n');
});

test.each(["start", "worker"])("the README shows the example %s as it is", (example) => {
  const shown = readFileSync(join(root, "sdk/typescript/README.md"), "utf8");
  const [, ...code] = readFileSync(fileOf(example), "utf8").split("\n");
  expect(shown).toContain(`\`\`\`ts\n${code.join("\n")}\`\`\``);
});

test("a program that is not there is named, with what to do about it", async () => {
  await expect(startTestServer({ command: "no-such-pawl" })).rejects.toThrow(
    "pawl can not be started: there is no program no-such-pawl; put pawl on the PATH, set PAWL_COMMAND or pass command",
  );
});

test("a program that ends before it serves is quoted", async () => {
  const env = { PAWL_PAYLOAD_BYTES_MAX: "1" };
  await expect(startTestServer({ command, env })).rejects.toThrow(
    /^pawl ended with \d before it served\n[^]*PAWL_PAYLOAD_BYTES_MAX/,
  );
});

/** @returns what ends it as Ctrl-C does, with its exit code. */
function begin(example: string): { stop(): Promise<number | null> } {
  const child = run(example);
  child.stdout.resume();
  const exited = once(child, "exit") as Promise<[number | null]>;
  onTestFinished(() => void child.kill("SIGKILL"));
  return {
    stop: async () => {
      child.kill("SIGTERM");
      return (await exited)[0];
    },
  };
}

async function output(example: string): Promise<string> {
  return text(run(example).stdout);
}

function run(example: string) {
  return spawn(process.execPath, ["--no-warnings", fileOf(example), server.address], {
    stdio: ["ignore", "pipe", "ignore"],
    timeout: 50_000,
  });
}

function fileOf(example: string): string {
  return join(root, `sdk/typescript/examples/${example}.ts`);
}
