import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TaskError, Worker, silentLog } from "@pawl/sdk";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { exitCode } from "../../server/cli/exit-code.ts";
import { runCli } from "../../server/cli/run-cli.ts";
import { capturedIo } from "./support/captured-io.ts";
import { pawl, startPawl, type PawlServer } from "./support/pawl-process.ts";

const order = `StartAt: Charge
States:
  Charge:
    Type: Task
    Resource: cli:charge
    Retry:
      - ErrorEquals: [Bank.Busy]
        IntervalSeconds: 1
        MaxAttempts: 1
    Next: Done
  Done:
    Type: Succeed
`;
const waiting =
  '{ "StartAt": "W", "States": { "W": { "Type": "Wait", "Seconds": 3600, "End": true } } }';
const message =
  '{ "StartAt": "Wait", "States": { "Wait": { "Type": "Message", "CorrelationKey": "orderId", "CorrelationValuePath": "$.order", "End": true } } }';
const failing =
  '{ "StartAt": "F", "States": { "F": { "Type": "Fail", "Error": "Order.Lost", "Cause": "no \\u001b[2Jstock" } } }';
const mapping = JSON.stringify({
  StartAt: "Each",
  States: {
    Each: {
      Type: "Map",
      End: true,
      ItemProcessor: {
        ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
        StartAt: "Rest",
        States: { Rest: { Type: "Wait", Seconds: 3600, End: true } },
      },
    },
  },
});
const broken = '{ "StartAt": "Nope", "States": { "A": { "Type": "Pass", "End": true } } }';

let folder: string;
let server: PawlServer;
let worker: Worker;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pawl-cli-"));
  await chmod(folder, 0o755); // run by root, PostgreSQL is another user
  const definitions = {
    "order.yaml": order,
    "waiting.json": waiting,
    "failing.json": failing,
    "message.json": message,
    "mapping.json": mapping,
    "broken.json": broken,
  };
  for (const [name, content] of Object.entries(definitions))
    await writeFile(join(folder, name), content);
  server = await startPawl(["dev", "--ephemeral", "--port", "0"], { cwd: folder });
  worker = new Worker({ address: server.url, log: silentLog, identity: "cli-test" });
  worker.task("cli:charge", (input: { busy?: boolean }, { attempt }) => {
    if (input.busy === true && attempt === 1) throw new TaskError("Bank.Busy", "try later");
    return { ...input, charged: true };
  });
  await worker.start();
  const files = ["order.yaml", "waiting.json", "failing.json", "message.json", "mapping.json"].map(
    file,
  );
  const { stderr, code } = await cli("apply", ...files);
  if (code !== exitCode.ok) throw new Error(`the machines can not be applied: ${stderr}`);
});

afterAll(async () => {
  await worker?.close({ graceMs: 0 });
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe("a server", () => {
  test("standard output is one line, with the URL, once it is ready", async () => {
    expect(server.lines).toHaveLength(1);
    expect(server.url).toBe(`http://127.0.0.1:${server.port}`);
    expect(await cli("health")).toMatchObject({
      code: exitCode.ok,
      stdout: expect.stringMatching(/^pawl \S+ at \S+ is ready\n$/),
    });
    expect(json(await cli("health", "--json"))).toMatchObject({
      address: server.url,
      live: true,
      ready: true,
    });
  });

  test("a taken port is said in one line with what to do, and ends with 1", async () => {
    const { code, stdout, stderr } = await pawl(
      ["dev", "--ephemeral", "--port", String(server.port)],
      { cwd: folder },
    );
    expect({ code, stdout }).toEqual({ code: exitCode.failed, stdout: "" });
    expect(stderr).toBe(
      `error: pawl did not start: port ${server.port} on 127.0.0.1 is taken\n` +
        "try: Stop the other process, choose another port with --port, or let the system choose with --port 0\n",
    );
  });

  test.each(["health", "list", "start order", "watch x", "worker list"])(
    "pawl %s without a server ends with 3 and says how to start one",
    async (command) => {
      const { io, stderr } = capturedIo();
      expect(await runCli([...command.split(" "), "--address", "http://127.0.0.1:9"], io)).toBe(
        exitCode.unreachable,
      );
      expect(stderr()).toBe(
        "error: no server answers at http://127.0.0.1:9\ntry: Start one with `pawl dev`, or say where it is with --address or PAWL_ADDRESS\n",
      );
    },
  );
});

describe("apply", () => {
  test("the same file again changes nothing, another one updates, and --dry-run only says so", async () => {
    const changed = file("changed.json");
    await writeFile(changed, waiting);
    expect(await cli("apply", changed, "--dry-run")).toMatchObject({
      code: exitCode.ok,
      stdout: "changed would be created\n",
    });
    expect(await cli("apply", changed)).toMatchObject({ stdout: "changed created\n" });
    expect(await cli("apply", changed)).toMatchObject({ stdout: "changed unchanged\n" });
    await writeFile(changed, failing);
    expect(await cli("apply", changed, "--dry-run")).toMatchObject({
      stdout: "changed would be updated\n",
    });
    expect(json(await cli("apply", changed, "--json"))).toMatchObject({
      name: "changed",
      change: "updated",
      dryRun: false,
    });
  });

  test("errors in one file are shown with their places, and then no file is applied", async () => {
    const fresh = file("fresh.json");
    await writeFile(fresh, waiting);
    const { code, stderr } = await cli("apply", fresh, file("broken.json"));
    expect(code).toBe(exitCode.failed);
    expect(stderr).toContain(`${file("broken.json")}:1:14: error UNKNOWN_STATE`);
    expect(stderr).toContain("1 of 2 definitions has errors; nothing was changed");
    expect((await cli("list", "--machines", "--json")).stdout).not.toContain('"fresh"');
  });
});

describe("publish, versions and alias", () => {
  test("a published version is started by its number and through an alias, and goes when nothing routes to it", async () => {
    const path = file("released.json");
    await writeFile(path, failing);
    await cli("apply", path);
    expect(await cli("publish", "released", "--description", "fails")).toMatchObject({
      code: exitCode.ok,
      stdout: expect.stringMatching(/^released:1 is [0-9a-f-]{36}\n$/),
    });
    await writeFile(path, waiting);
    await cli("apply", path);
    expect(json(await cli("publish", "released", "--json"))).toMatchObject({
      name: "released",
      version: 2,
    });
    expect((await cli("versions", "released")).stdout).toMatch(/VERSION.*\n2 .*\n1 .*fails\n/);
    expect(await cli("alias", "set", "released", "live", "1=100", "2=0")).toMatchObject({
      stdout: "released:live routes to 1 (100 %), 2 (0 %)\n",
    });
    expect((await cli("alias", "list", "released:2")).stdout).toMatch(
      /live +1 \(100 %\), 2 \(0 %\)/,
    );
    expect(json(await cli("start", "released:live", "--wait", "--json"))).toMatchObject({
      stateMachine: "released",
      stateMachineVersion: 1,
      stateMachineAlias: "live",
      status: "FAILED",
    });
    expect((await cli("list", "released:live", "--json")).stdout.trim().split("\n")).toHaveLength(
      1,
    );
    const refused = await cli("versions", "released", "--delete", "1");
    expect(refused.code).toBe(exitCode.refused);
    expect(refused.stderr).toContain("[live]");
    expect(await cli("alias", "delete", "released", "live")).toMatchObject({
      stdout: "released:live deleted\n",
    });
    expect(await cli("versions", "released", "--delete", "1")).toMatchObject({
      stdout: "released:1 deleted\n",
    });
    expect((await cli("start", "released:1")).code).toBe(exitCode.notFound);
  });

  test.each([
    [["alias", "set", "released", "live", "one"]],
    [["alias", "set", "released", "live", "1=101"]],
    [["alias", "set", "released", "live", "1=2=3"]],
    [["versions", "released", "--delete", "0"]],
  ])("pawl %j is wrong usage", async (args) => {
    expect((await cli(...args)).code).toBe(exitCode.usage);
  });
});

describe("start", () => {
  test("prints the execution, and the same name and input again is the same one", async () => {
    const args = [
      "start",
      "waiting",
      "--name",
      "twice",
      "--input",
      '{"n":12345678901234567890}',
      "--json",
    ];
    const first = json(await cli(...args));
    expect(first).toMatchObject({
      created: true,
      stateMachine: "waiting",
      name: "twice",
      status: "RUNNING",
    });
    expect(json(await cli(...args))).toMatchObject({ created: false, id: first["id"] });
  });

  test("--wait prints the output alone on standard output", async () => {
    const { code, stdout, stderr } = await cli(
      "start",
      "order",
      "--input",
      '{"id":12345678901234567890}',
      "--wait",
    );
    expect({ code, stdout }).toEqual({
      code: exitCode.ok,
      stdout: '{"id":12345678901234567000,"charged":true}\n',
    });
    expect(stderr).toMatch(/^order\/\S+ SUCCEEDED after \d/);
  });

  test("--watch shows each try and each state on standard error", async () => {
    const { code, stdout, stderr } = await cli(
      "start",
      "order",
      "--input",
      '{"busy":true}',
      "--watch",
    );
    expect({ code, stdout }).toEqual({
      code: exitCode.ok,
      stdout: '{"busy":true,"charged":true}\n',
    });
    expect(stderr).toMatch(
      /ms {2}Charge {2}attempt 1 failed: Bank\.Busy: try later\n.* {2}Charge {2}done 1\.\d s, attempt 2\n.* {2}Done {2}done/,
    );
  });

  test("an execution that fails ends with 1 and says error and cause, without their escape sequences", async () => {
    const { code, stdout, stderr } = await cli("start", "failing", "--wait");
    expect({ code, stdout }).toEqual({ code: exitCode.failed, stdout: "" });
    expect(stderr).toMatch(/FAILED after .*\n {2}error: Order\.Lost\n {2}cause: no stock\n$/);
  });

  test("a wait that ends first ends with 6, and the execution goes on", async () => {
    const { code, stdout } = await cli(
      "start",
      "waiting",
      "--name",
      "slow",
      "--wait",
      "--timeout",
      "300ms",
      "--json",
    );
    expect(code).toBe(exitCode.stillRunning);
    expect(JSON.parse(stdout)).toMatchObject({
      status: "RUNNING",
      activeStates: [{ path: "/States/W", kind: "WAITING_TIMER" }],
    });
  });

  test("an unknown state machine ends with 4", async () => {
    expect(await cli("start", "nobody")).toMatchObject({
      code: exitCode.notFound,
      stderr: expect.stringMatching(/^error: .*nobody.*\ntry: /i),
    });
  });
});

describe("looking at executions", () => {
  test("list shows them newest first, filtered, as a table or as JSON lines", async () => {
    await cli("start", "failing", "--name", "seen-1", "--wait");
    await cli("start", "failing", "--name", "seen-2", "--wait");
    const { stdout } = await cli("list", "failing", "--status", "FAILED", "--limit", "2");
    expect(stdout).toMatch(
      /^MACHINE +NAME +STATUS +STARTED +TOOK +ID\nfailing +seen-2 +FAILED .*\nfailing +seen-1 +FAILED .*\n$/,
    );
    const lines = (await cli("list", "failing", "--limit", "2", "--json")).stdout
      .trimEnd()
      .split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { name: string }).name)).toEqual([
      "seen-2",
      "seen-1",
    ]);
  });

  test("history is a table of AWS's events, or JSON lines with payloads", async () => {
    await cli("start", "order", "--name", "told", "--input", '{"id":1}', "--wait");
    const { stdout } = await cli("history", "order/told");
    const events = stdout
      .trimEnd()
      .split("\n")
      .slice(1)
      .map((line) => line.split(/ {2,}/));
    expect(events.map(([, , event]) => event)).toEqual([
      "ExecutionStarted",
      "TaskStateEntered",
      "TaskScheduled",
      "TaskStarted",
      "TaskSucceeded",
      "TaskStateExited",
      "SucceedStateEntered",
      "SucceedStateExited",
      "ExecutionSucceeded",
    ]);
    const lines = (
      await cli("history", "order/told", "--json", "--reverse", "--limit", "1")
    ).stdout.trimEnd();
    expect(JSON.parse(lines)).toMatchObject({
      id: 9,
      awsType: "ExecutionSucceeded",
      output: { id: 1, charged: true },
    });
  });

  test("watch tells a closed execution from its start, as text and as JSON lines", async () => {
    await cli("start", "order", "--name", "watched", "--input", '{"id":2}', "--wait");
    const { code, stdout, stderr } = await cli("watch", "order/watched");
    expect({ code, stdout }).toEqual({ code: exitCode.ok, stdout: '{"id":2,"charged":true}\n' });
    expect(stderr).toMatch(/Charge {2}done .*\n.*Done {2}done/);
    const lines = (await cli("watch", "order/watched", "--json")).stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as object);
    expect(lines).toHaveLength(10);
    expect(lines[0]).toMatchObject({
      event: { id: 1, awsType: "ExecutionStarted", input: { id: 2 } },
    });
    expect(lines[9]).toMatchObject({
      execution: { status: "SUCCEEDED", output: { id: 2, charged: true } },
    });
  });

  test("send wakes who waits, says so, and waits lists them", async () => {
    await cli("start", "message", "--name", "paid", "--input", '{"order":"ORD-7"}');
    expect((await cli("waits", "message")).stdout).toMatch(
      /\norderId {2}"ORD-7" .* never .*\/States\/Wait/,
    );
    expect((await cli("send", "orderId", "7")).stderr).toBe("nobody waits for it\n");
    const sent = await cli("send", "orderId", "ORD-7", "--data", '{"approved":true}', "--id", "m1");
    expect(sent).toMatchObject({
      code: exitCode.ok,
      stdout: expect.stringMatching(/^\S+ received it\n$/),
    });
    expect((await cli("send", "orderId", "ORD-7", "--id", "m1")).stderr).toMatch(/was sent before/);
    expect((await cli("watch", "message/paid")).stdout).toBe('{"approved":true}\n');
    expect((await cli("send", "orderId", "ORD-7", "--match", "EXACTLY_ONE")).code).toBe(
      exitCode.refused,
    );
    expect(json(await cli("send", "orderId", "later", "--ttl", "1m", "--json"))).toMatchObject({
      buffered: true,
    });
  });

  test("redrive lets a failed one go on, from another state or with another definition; else 5 and the reason", async () => {
    const name = "failing/lost";
    await cli("start", "failing", "--name", "lost", "--wait");
    expect(await cli("redrive", name)).toMatchObject({
      code: exitCode.ok,
      stdout: expect.stringMatching(/^failing\/lost is (RUNNING|FAILED), redriven once\n$/),
    });
    const fixed = file("fixed.json");
    await writeFile(
      fixed,
      `{ "StartAt": "G", "States": { "G": { "Type": "Pass", "End": true } } }`,
    );
    await cli("apply", fixed, "--name", "failing");
    expect(await cli("redrive", name, "--machine", "failing")).toMatchObject({
      code: exitCode.refused,
      stderr: expect.stringMatching(/no place for the execution at \/States\/F/),
    });
    const input = ["--from-state", "G", "--input", '{"n":1.0}', "--machine", "failing"];
    expect((await cli("redrive", name, ...input)).code).toBe(exitCode.ok);
    expect((await cli("watch", name)).code).toBe(exitCode.ok);
    const refused = await cli("redrive", name);
    expect(refused.code).toBe(exitCode.refused);
    expect(refused.stderr).toMatch(/Execution is SUCCEEDED and cannot be redriven/);
    await cli("apply", file("failing.json"));
  });

  test("map-run lists, shows and changes the runs of an execution", async () => {
    await cli("start", "mapping", "--name", "mapped", "--input", "[1, 2, 3]");
    const { id } = json(await cli("map-run", "list", "mapping/mapped", "--json")) as { id: string };
    const running = { running: 3, total: 3 };
    await expect
      .poll(async () => json(await cli("map-run", "get", id, "--json")))
      .toMatchObject({ id, status: "RUNNING", itemCounts: running });
    expect((await cli("map-run", "update", id, "--max-concurrency", "2")).stdout).toBe(
      `${id} is RUNNING\nat a time: 2\ntolerated: 0 items, 0 %\n3 items: 3 running\n`,
    );
    expect((await cli("list")).stdout).not.toContain("mapping/");
    await cli("stop", "mapping/mapped");
    expect((await cli("map-run", "get", id)).stdout).toContain(`${id} is ABORTED`);
  });

  test("stop ends a running one, a second stop with another reason is refused with 5", async () => {
    await cli("start", "waiting", "--name", "stopped");
    expect(
      await cli("stop", "waiting/stopped", "--error", "Operator", "--cause", "enough"),
    ).toMatchObject({
      code: exitCode.ok,
      stdout: "waiting/stopped is ABORTED\n",
    });
    expect((await cli("stop", "waiting/stopped", "--error", "Other")).code).toBe(exitCode.refused);
    const watched = await cli("watch", "waiting/stopped");
    expect(watched).toMatchObject({
      code: exitCode.failed,
      stderr: expect.stringMatching(/ABORTED after .*\n {2}error: Operator\n {2}cause: enough\n$/),
    });
  });

  test("worker list shows who serves what", async () => {
    expect((await cli("worker", "list")).stdout).toMatch(
      /^WORKER .*SERVES\ncli-test +CONNECTED +0\/100 .* cli:charge\n$/,
    );
    expect(json(await cli("worker", "list", "--json"))).toMatchObject({
      identity: "cli-test",
      status: "CONNECTED",
    });
  });
});

describe("run", () => {
  test("server, worker and execution in one command: the output on standard output, the way on standard error", async () => {
    await writeFile(
      file("worker.mjs"),
      'export default (worker) => { worker.task("cli:charge", (order, { attempt }) => ({ ...order, attempt })); };\n',
    );
    const { code, stdout, stderr } = await pawl(
      ["run", file("order.yaml"), "--input", "-", "--worker", file("worker.mjs")],
      { stdin: '{"id": 7}' },
    );
    expect({ code, stdout }).toEqual({ code: exitCode.ok, stdout: '{"id":7,"attempt":1}\n' });
    expect(stderr).toMatch(/Charge {2}done .*\n.*Done {2}done .*\norder\/\S+ SUCCEEDED after/);
  });

  test("a failure ends with 1, --json is the whole execution", async () => {
    const { code, stdout } = await pawl(["run", file("failing.json"), "--json"]);
    expect(code).toBe(exitCode.failed);
    expect(JSON.parse(stdout)).toMatchObject({ status: "FAILED", error: { error: "Order.Lost" } });
  });

  test("a definition with errors is not run", async () => {
    const { code, stderr } = await pawl(["run", file("broken.json")]);
    expect(code).toBe(exitCode.failed);
    expect(stderr).toContain(`${file("broken.json")}:1:14: error UNKNOWN_STATE`);
  });

  test("a task nobody serves is said, and --timeout ends it with 6", async () => {
    const { code, stderr } = await pawl(["run", file("order.yaml"), "--timeout", "3s"]);
    expect(code).toBe(exitCode.stillRunning);
    expect(stderr).toContain('waiting: no worker serves "cli:charge" (/States/Charge)');
  });
});

describe("task", () => {
  test("a token is kept alive, answered with a result, and then over", async () => {
    const asking = file("asking.json");
    const Ask = {
      Type: "Task",
      Resource: "cli:ask.waitForTaskToken",
      Parameters: { "token.$": "$$.Task.Token" },
      End: true,
    };
    await writeFile(asking, JSON.stringify({ StartAt: "Ask", States: { Ask } }));
    const asked = Promise.withResolvers<string>();
    const asker = new Worker({ address: server.url, log: silentLog });
    asker.task("cli:ask", ({ token }: { token: string }) => asked.resolve(token));
    await asker.start();
    onTestFinished(() => asker.close({ graceMs: 0 }));
    await cli("apply", asking);
    const ended = cli("start", "asking", "--wait");
    const token = await asked.promise;
    const recorded = { code: exitCode.ok, stdout: "recorded\n" };
    expect(await cli("task", "heartbeat", token)).toMatchObject(recorded);
    expect(await cli("task", "succeed", token, "--output", '{"yes":true}')).toMatchObject(recorded);
    expect(JSON.parse((await ended).stdout)).toEqual({ yes: true });
    expect((await cli("task", "fail", token, "--error", "No")).code).toBe(exitCode.refused);
    expect((await cli("task", "fail", "nonsense")).code).toBe(exitCode.refused);
    const dashed = `-${token.slice(1)}`; // one in 64 begins so, and is no option
    expect(await cli("task", "heartbeat", dashed)).toMatchObject({
      code: exitCode.refused,
      stderr: expect.stringContaining("the task token is not one of this service"),
    });
  });
});

function file(name: string): string {
  return join(folder, name);
}

/** One command against the test's server. */
async function cli(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const { io, stdout, stderr } = capturedIo();
  const code = await runCli([...args, "--address", server.url], io);
  return { code, stdout: stdout(), stderr: stderr() };
}

function json({ stdout }: { stdout: string }): Record<string, unknown> {
  return JSON.parse(stdout) as Record<string, unknown>;
}
