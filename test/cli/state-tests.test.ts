import { afterEach, beforeEach, expect, test } from "vitest";
import { exitCode } from "../../server/cli/exit-code.ts";
import { runCli } from "../../server/cli/run-cli.ts";
import { startApi, type TestServer } from "../support/api-server.ts";
import { capturedIo } from "./support/captured-io.ts";

let api: TestServer;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api[Symbol.asyncDispose]());

const pass = '{"Type":"Pass","End":true}';

async function testState(...args: readonly string[]) {
  const { io, stdout, stderr } = capturedIo({ stdin: pass });
  const code = await runCli(["test-state", "-", ...args, "--address", api.address], io);
  return { code, stdout: stdout(), stderr: stderr() };
}

test("the output goes to standard output, what came before it to standard error", async () => {
  api.engine.tested = {
    status: "SUCCEEDED",
    output: '{"a": 1}',
    nextState: "B",
    inspection: { input: "[7]", variables: '{"v":1}' },
  };
  expect(await testState()).toEqual({
    code: exitCode.ok,
    stdout: '{"a":1}\n',
    stderr: 'SUCCEEDED, next state "B"\n  input: [7]\n  variables: {"v":1}\n',
  });
  const { stdout } = await testState("--json");
  expect(JSON.parse(stdout)).toEqual({
    status: "SUCCEEDED",
    output: { a: 1 },
    nextState: "B",
    inspection: { input: [7] },
    variables: { v: 1 },
  });
});

test("a state that has no output ends with 1, and says its error", async () => {
  const failure = { error: "E", cause: "C" };
  api.engine.tested = { status: "RETRIABLE", failure, inspection: {} };
  expect(await testState("--inspection-level", "INFO")).toEqual({
    code: exitCode.failed,
    stdout: "",
    stderr: "RETRIABLE\n  error: E\n  cause: C\n",
  });
});

test("options become the test", async () => {
  await testState(
    "-s",
    "A",
    "-i",
    "[1]",
    "--variables",
    '{"v":2}',
    "-m",
    "3",
    "--validation",
    "NONE",
  );
  expect(api.engine.tests.at(-1)).toEqual({
    definition: pass,
    stateName: "A",
    input: "[1]",
    variables: '{"v":2}',
    mock: { result: "3", fieldValidationMode: "NONE" },
    configuration: {},
  });
  await testState(
    "--mock-error",
    "E",
    "--retries",
    "2",
    "--caused-by",
    "B",
    "--failed-iterations",
    "4",
  );
  expect(api.engine.tests.at(-1)).toMatchObject({
    mock: { errorOutput: { error: "E" } },
    configuration: { retrierRetryCount: 2, errorCausedByState: "B", mapIterationFailureCount: 4 },
  });
});

test.each([
  [["--mock", "{"], "the mock is not JSON"],
  [["--mock", "1", "--mock-error", "E"], "--mock and --mock-error exclude each other"],
])("%j is refused before anything is sent", async (args, message) => {
  const { code, stderr } = await testState(...args);
  expect(code).toBe(exitCode.usage);
  expect(stderr).toContain(message);
  expect(api.engine.tests).toEqual([]);
});

const machine = `
StartAt: Each
States:
  Each:
    Type: Map
    ItemProcessor:
      StartAt: Ask
      States:
        Ask:
          Type: Choice
          Choices: [{ Variable: $.n, StringEquals: "a|b", Next: Work }]
          Default: Work
        Work: { Type: Task, Resource: work, End: true }
    Catch: [{ ErrorEquals: [States.ALL], Next: "Do \\"it\\"" }]
    End: true
  'Do "it"': { Type: Succeed }
`;

async function graph(stdin: string, ...args: readonly string[]) {
  const { io, stdout, stderr } = capturedIo({ stdin });
  return { code: await runCli(["graph", "-", ...args], io), stdout: stdout(), stderr: stderr() };
}

test("a graph is a Mermaid flowchart, whatever the names are", async () => {
  const { code, stdout } = await graph(machine);
  expect(code).toBe(exitCode.ok);
  expect(stdout).toBe(`flowchart TD
  n0(("Start"))
  subgraph n1["Each"]
    n2(("Start"))
    n3{"Ask"}
    n4["Work"]
    n5(("End"))
  end
  n6("Do #34;it#34;")
  n7(("End"))
  n0 --> n1
  n1 -.->|"States.ALL"| n6
  n1 --> n7
  n2 --> n3
  n3 -->|"default"| n4
  n3 -->|"$.n StringEquals #34;a#124;b#34;"| n4
  n4 --> n5
  n6 --> n7
`);
});

test("a graph is also JSON, and of a wrong definition there is none", async () => {
  const { stdout } = await graph(machine, "--json");
  const { edges } = JSON.parse(stdout);
  expect(edges[1]).toEqual({
    source: "/States/Each",
    target: '/States/Do "it"',
    kind: "catch",
    label: "States.ALL",
  });
  const { code, stderr } = await graph("StartAt: A");
  expect(code).toBe(exitCode.failed);
  expect(stderr).toContain("These fields are required: [States]");
});
