import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@pawl/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pawl, startPawl, type Ended, type PawlServer } from "./support/pawl-process.ts";

const folder = mkdtempSync(join(tmpdir(), "pawl-batch-"));
let server: PawlServer;
let client: Client;
beforeAll(async () => {
  server = await startPawl(["dev", "--ephemeral", "--port", "0"]);
  client = new Client({ address: server.url });
  await client.createStateMachine({
    name: "echo",
    definition: {
      StartAt: "Ask",
      States: {
        Ask: {
          Type: "Choice",
          Choices: [{ Variable: "$.sku", StringEquals: "bad", Next: "No" }],
          Default: "Yes",
        },
        Yes: { Type: "Pass", End: true },
        No: { Type: "Fail", Error: "Unknown.Sku" },
      },
    },
  });
  await client.createStateMachine({
    name: "slow",
    definition: { StartAt: "W", States: { W: { Type: "Wait", Seconds: 600, End: true } } },
  });
}, 60_000);
afterAll(async () => {
  client.close();
  await server.stop();
  rmSync(folder, { recursive: true });
});

const batch = (...args: readonly string[]): Promise<Ended> =>
  pawl(["batch", ...args, "--address", server.url]);
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

describe("pawl batch start", () => {
  test.each([
    ["json", '[{"sku": "lamp", "n": 12345678901234567}, {"sku": "vase"}]', '"n":12345678901234567'],
    ["jsonl", '{"sku": "lamp"}\n\n{"sku": "vase"}\n', '{"sku":"lamp"}'],
    ["csv", "sku,color\nlamp,red\nvase,blue\n", '{"sku":"lamp","color":"red"}'],
  ])("starts an execution for each item of a .%s file", async (kind, text, first) => {
    const started = await batch(
      "start",
      "echo",
      "--items",
      file(`orders.${kind}`, text),
      "--watch",
    );
    expect(started).toMatchObject({ code: 0 });
    expect(started.stdout).toContain("SUCCEEDED\n2 items: 2 succeeded");
    const id = started.stdout.split(" ", 1)[0]!;
    const items = client.listBatchItems(id);
    const { value: item } = await items.next();
    const execution = await client.getExecution(item!.execution);
    expect(execution.inputText).toContain(first);
  });

  test("shows items that fail, and ends with 1", async () => {
    const path = file("some.jsonl", '{"sku": "lamp"}\n{"sku": "bad"}\n');
    const started = await batch("start", "echo", "--items", path, "--watch");
    expect(started.code).toBe(1);
    expect(started.stderr).toMatch(/^item 1 failed \(.*\): Unknown\.Sku$/m);
    expect(started.stdout).toContain("COMPLETED_WITH_FAILURES\n2 items: 1 succeeded, 1 failed");
    const id = started.stdout.split(" ", 1)[0]!;
    expect((await batch("results", id)).stdout).toBe(
      '0 SUCCEEDED {"sku":"lamp"}\n1 FAILED Unknown.Sku\n',
    );
    expect((await batch("results", id, "--failed")).stdout).toBe("1 FAILED Unknown.Sku\n");
  });

  test("more items than one call takes", async () => {
    const lines = Array.from({ length: 2_500 }, (_, index) => JSON.stringify({ sku: `s${index}` }));
    const path = file("many.jsonl", lines.join("\n"));
    const started = await batch("start", "echo", "-i", path, "-p", "many", "-c", "500", "-w");
    expect(started.stdout).toContain("2500 items: 2500 succeeded");
  });

  test.each([
    [["start", "echo"], "name a machine and --items or --source-filter"],
    [["start", "echo", "--items", "orders.csv", "--unique"], "take --source-filter"],
    [["start", "--source-filter", "status = FAILED"], "--source-filter takes a machine"],
    [["delete"], "--filter"],
    [["start", "echo", "--items", "orders.txt"], "orders.txt is no .json"],
    [["start", "echo", "--items", "nowhere.csv"], "can not read nowhere.csv"],
    [["start", "--stop"], "--stop and --redrive take --filter"],
  ])("%j is a wrong command line", async (args, message) => {
    const ended = await batch(...args);
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toContain(message);
  });
});

test("pause, resume, cancel and stop by filter: what was done is kept with the batch", async () => {
  const path = file("slow.jsonl", "{}\n{}\n{}\n");
  const { stdout } = await batch("start", "slow", "-i", path, "-c", "2", "--json");
  const { id } = JSON.parse(stdout) as { id: string };
  const paused = await batch("pause", id, "--by", "ada", "--reason", "a look");
  expect(paused.stdout).toContain("is PAUSED: a look");
  expect(paused.stdout).toContain("last changed by ada: a look");
  expect((await batch("resume", id)).stdout).toContain("is RUNNING");
  expect((await batch("cancel", id)).stdout).toContain("is CANCELLED");
  expect((await batch("resume", id)).code).toBe(5);
  const filter = 'state_machine = "slow" AND status = RUNNING';
  const planned = await batch("start", "--stop", "--filter", filter, "--dry-run");
  expect(planned.stdout).toBe("2 executions\n");
  const stopped = await batch("start", "--stop", "--filter", filter, "--watch");
  expect(stopped.stdout).toContain("2 items: 2 succeeded");
  expect((await batch("watch", id)).code).toBe(1);
  expect((await batch("get", id)).stdout).toContain("3 items: 2 failed, 1 pending");
  expect((await batch("list")).stdout).toContain(id);
});

test("chains what a filter finds, lists it, and deletes what it made: dry run first", async () => {
  const path = file("priced.jsonl", '{"sku": "lamp", "n": 1}\n{"sku": "vase", "n": 2}\n');
  await batch("start", "echo", "-i", path, "--prefix", "priced", "--watch");
  const sources = 'state_machine = "echo" AND name = "priced-*"';
  const chain = ["start", "echo", "--source-filter", sources, "--state", "Yes", "--unique"];
  const doubled = ["--jsonata", '{"sku": $states.input.sku, "n": $states.input.n * 2}'];
  expect((await batch(...chain, ...doubled, "--dry-run")).stdout).toBe("2 executions\n");
  const chained = await batch(...chain, ...doubled, "--prefix", "doubled", "-n", "double", "-w");
  expect(chained).toMatchObject({ code: 0 });
  const id = /\((.*)\)/.exec(chained.stdout)![1]!;
  const results = (await batch("results", id)).stdout.replaceAll(/^\d /gm, "").trim();
  expect(results.split("\n").toSorted()).toEqual([
    'SUCCEEDED {"sku":"lamp","n":2}',
    'SUCCEEDED {"sku":"vase","n":4}',
  ]);
  expect((await batch(...chain, ...doubled, "--watch")).stdout).toContain("2 items: 2 skipped");
  const listed = await batch("list", "echo", "--name", "dou*", "--status", "SUCCEEDED");
  expect(listed.stdout.trim().split("\n")).toHaveLength(2);
  expect(listed.stdout).toContain(id);
  const made = ["delete", "--filter", 'state_machine = "echo" AND name = "doubled-*"'];
  expect((await batch(...made, "--dry-run")).stdout).toBe("2 executions\n");
  expect((await batch(...made, "--watch")).stdout).toContain("2 items: 2 succeeded");
  expect((await batch(...made, "--dry-run")).stdout).toBe("0 executions\n");
});

test("a dry run counts all items of a file, and starts none", async () => {
  const lines = Array.from({ length: 2_500 }, (_, n) => JSON.stringify({ n }));
  const start = ["start", "echo", "-i", file("dry.jsonl", lines.join("\n")), "--prefix", "dry"];
  expect((await batch(...start, "--dry-run")).stdout).toBe("2500 executions\n");
  const started = client.listExecutions({ stateMachine: "echo", namePrefix: "dry-" });
  expect(await started.next()).toMatchObject({ done: true });
});
