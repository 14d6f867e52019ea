import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { validateXML } from "xmllint-wasm";
import { exitCode } from "../../server/cli/exit-code.ts";
import { runCli } from "../../server/cli/run-cli.ts";
import { capturedIo } from "./support/captured-io.ts";

const definition = `StartAt: Charge
States:
  Charge:
    Type: Task
    Resource: charge
    Retry: [{ ErrorEquals: [Busy], IntervalSeconds: 31536000, MaxAttempts: 2 }]
    Next: Large
  Large:
    Type: Choice
    Choices: [{ Variable: $.amount, NumericGreaterThan: 100, Next: Refuse }]
    Default: Done
  Refuse:
    Type: Fail
    Error: TooMuch
  Done:
    Type: Succeed
`;
const cases = `definition: charge.yaml
cases:
  - name: small
    mocks: { Charge: { result: { amount: 1 } } }
    expect: { output: { amount: 1 } }
  - name: large
    mocks: { Charge: { result: { amount: 101 } } }
    expect: { error: TooMuch }
`;
const wrong = `${cases}  - name: wrong
    mocks: { Charge: { result: { amount: 2 } } }
    expect: { output: { amount: "<2> & \\"\\e[31mmore" }, path: [Charge, Large, Done] }
  - name: another
    mocks: { Charge: { result: { amount: 3 } } }
`;
const mockConfig = JSON.stringify({
  StateMachines: {
    Charge: {
      TestCases: { HappyPath: { Charge: "Small" }, RetryPath: { Charge: "BusyTwice" }, Hybrid: {} },
    },
  },
  MockedResponses: {
    Small: { "0": { Return: { amount: 1 } } },
    BusyTwice: {
      "0-1": { Throw: { Error: "Busy", Cause: "later" } },
      "2": { Return: { amount: 500 } },
    },
  },
});
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pawl-test-"));
  const files = {
    "charge.yaml": definition,
    "broken.yaml": definition.replace("Next: Large", "Next: Lrge"),
    "good.test.yaml": cases,
    "wrong.test.yaml": wrong,
    "broken.test.yaml": cases.replace("charge.yaml", "broken.yaml"),
    "typo.test.yaml": cases.replace("  - name: large", "  - nme: large"),
    "MockConfigFile.json": mockConfig,
    "input.json": '{"amount": 12345678901234567890}',
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
});

afterAll(() => rm(folder, { recursive: true }));

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Words that name a file of the folder become its path. */
async function pawlTest(line: string, stdin?: string): Promise<Ended> {
  const { io, stdout, stderr } = capturedIo(stdin === undefined ? {} : { stdin });
  const args = line
    .split(" ")
    .map((word) => word.replace(/[\w.]+\.(?:yaml|json|xml)$/, (name) => join(folder, name)));
  const code = await runCli(["test", ...args], io);
  return {
    code,
    out: stdout().replaceAll(`${folder}/`, ""),
    err: stderr().replaceAll(`${folder}/`, ""),
  };
}

/** Without how long it took. */
function timeless(text: string): string {
  return text.replace(/\((?:\d+ ms|[\d.]+ s)\)\n$/, "(0 ms)\n");
}

describe("cases", () => {
  test("that are all ok end with 0, a line each", async () => {
    const { code, out, err } = await pawlTest("good.test.yaml");
    expect({ code, out: timeless(out), err }).toEqual({
      code: exitCode.ok,
      out: "good.test.yaml\n  ok      small\n  ok      large (FAILED TooMuch)\n2 cases, all ok (0 ms)\n",
      err: "",
    });
  });

  test("that fail end with 1 and say what came out otherwise, without control characters", async () => {
    const { code, out } = await pawlTest("wrong.test.yaml");
    expect(code).toBe(exitCode.failed);
    expect(out).toContain(
      '  FAILED  wrong\n          output: /amount: expected "<2> & \\"\\u001b[31mmore", got 2\n',
    );
    expect(out).toContain("4 cases, 1 failed");
  });

  test("are chosen by --filter, and --bail stops at the first that fails", async () => {
    const { out, code } = await pawlTest("wrong.test.yaml --filter smal");
    expect(out).toContain("1 case, all ok");
    expect(code).toBe(exitCode.ok);
    expect((await pawlTest("wrong.test.yaml --bail")).out).toContain("3 cases, 1 failed");
  });

  test("show their history with --verbose", async () => {
    const { out } = await pawlTest("good.test.yaml --filter small --verbose");
    expect(out).toMatch(/3 +\+0 ms +TaskScheduled +Charge +resource charge/);
  });

  test("are one JSON document with --json", async () => {
    const { code, out } = await pawlTest("wrong.test.yaml --coverage --json");
    expect(code).toBe(exitCode.failed);
    expect(JSON.parse(out)).toMatchObject({
      ok: 3,
      failed: 1,
      cases: [
        {
          file: "wrong.test.yaml",
          name: "small",
          isOk: true,
          status: "SUCCEEDED",
          output: { amount: 1 },
        },
        { name: "large", status: "FAILED", error: "TooMuch" },
        { name: "wrong", isOk: false, mismatches: [{ field: "output" }] },
        {},
      ],
      coverage: [{ definitionFile: "charge.yaml", total: 7, reached: 6 }],
    });
  });

  test("may come from standard input and give their input in a file, with all digits", async () => {
    const text = `definition: ${folder}/charge.yaml\ncases: [{ name: a, inputFile: ${folder}/input.json, mocks: { Charge: { result: {} } } }]`;
    const { out } = await pawlTest("- --verbose", text);
    expect(out).toContain('{"amount":12345678901234567890}');
  });
});

test("a thousand cases that wait for a year take less than five seconds", async () => {
  const year = [{ error: "Busy" }, { result: { amount: 1 } }];
  const many = Array.from({ length: 1000 }, (_, i) => ({
    name: `case ${i}`,
    mocks: { Charge: year },
    expect: { durationSeconds: 31_536_000 },
  }));
  const startMs = performance.now();
  const { out } = await pawlTest(
    "-",
    JSON.stringify({ definition: `${folder}/charge.yaml`, cases: many }),
  );
  expect(out).toContain("1000 cases, all ok");
  expect(performance.now() - startMs).toBeLessThan(5_000);
});

describe("wrong files end with 2, and no case is run", () => {
  test.each([
    {
      rule: "a field that there is not",
      line: "typo.test.yaml",
      said: "typo.test.yaml:6:5: error UNKNOWN_FIELD there is no field nme here (at /cases/1/nme); did you mean name?",
    },
    {
      rule: "a definition with errors, as pawl validate says them",
      line: "good.test.yaml broken.test.yaml",
      said: "broken.yaml:7:11: error UNKNOWN_STATE Missing 'Next' target: Lrge (at /States/Charge/Next); did you mean Large?",
    },
    {
      rule: "a file that is not there",
      line: "none.test.yaml",
      said: "can not read none.test.yaml",
    },
    { rule: "no file", line: "--bail", said: "no test file is named" },
    {
      rule: "a filter that no case passes",
      line: "good.test.yaml --filter x",
      said: 'no case has "x" in its name',
    },
    {
      rule: "a percentage beyond 100",
      line: "good.test.yaml --coverage-min 101",
      said: "it must be a number from 0 to 100",
    },
    {
      rule: "a MockConfigFile without a machine",
      line: "--mock-config MockConfigFile.json",
      said: "--mock-config needs the definition",
    },
    {
      rule: "a machine that the MockConfigFile does not have",
      line: "--mock-config MockConfigFile.json --machine Chrge=charge.yaml",
      said: "UNKNOWN_NAME the file has no state machine Chrge (at /StateMachines); did you mean Charge?",
    },
  ])("$rule", async ({ line, said }) => {
    const { code, out, err } = await pawlTest(line);
    expect(err).toContain(said);
    expect({ code, out }).toEqual({ code: exitCode.usage, out: "" });
  });
});

describe("coverage", () => {
  test("names what no case came through", async () => {
    const { code, out } = await pawlTest("good.test.yaml --coverage");
    expect(out).toContain(
      "coverage of charge.yaml: 6 of 7 states and rules (85.7 %)\n  not reached: /States/Charge/Retry/0\n",
    );
    expect(code).toBe(exitCode.ok);
  });

  test("below --coverage-min ends with 1", async () => {
    expect((await pawlTest("good.test.yaml --coverage-min 85.7")).code).toBe(exitCode.ok);
    const { code, err } = await pawlTest("good.test.yaml --coverage-min 85.8");
    expect({ code, err }).toEqual({ code: exitCode.failed, err: "coverage is below 85.8 %\n" });
  });

  test("of two files about one definition is one", async () => {
    const { out } = await pawlTest("good.test.yaml wrong.test.yaml --coverage");
    expect(out.match(/coverage of/g)).toHaveLength(1);
  });
});

test("--junit writes XML that is valid by its schema, whatever is in the names", async () => {
  const { code } = await pawlTest("wrong.test.yaml good.test.yaml --junit out.xml");
  expect(code).toBe(exitCode.failed);
  const xml = await readFile(join(folder, "out.xml"), "utf8");
  const schema = await readFile(join(import.meta.dirname, "support/junit.xsd"), "utf8");
  const { valid, errors } = await validateXML({
    xml: { fileName: "out.xml", contents: xml },
    schema: [schema],
  });
  expect({ valid, errors }).toEqual({ valid: true, errors: [] });
  expect(xml).toContain('tests="6" failures="1"');
  expect(xml).toContain("&lt;2&gt; &amp; \\&quot;");
});

describe("a MockConfigFile of Step Functions Local", () => {
  test("has every test case of a machine run, with retries and their waits", async () => {
    const { code, out } = await pawlTest(
      "--mock-config MockConfigFile.json --machine Charge=charge.yaml",
    );
    expect(out).toContain("  ok      Charge#HappyPath\n");
    expect(out).toContain("  ok      Charge#RetryPath (FAILED TooMuch, 730 d 0 h)\n");
    expect(out).toContain(
      "  FAILED  Charge#Hybrid (RUNNING)\n          mocks: no mock answers Charge, whose resource is charge\n",
    );
    expect(code).toBe(exitCode.failed);
  });

  test("has one case chosen by Machine#Case", async () => {
    const { code, out } = await pawlTest(
      "--mock-config MockConfigFile.json --machine Charge=charge.yaml --filter Charge#Happy",
    );
    expect(timeless(out)).toBe(
      "MockConfigFile.json\n  ok      Charge#HappyPath\n1 case, all ok (0 ms)\n",
    );
    expect(code).toBe(exitCode.ok);
  });

  test("may be what a case of our own has its mocks from; its own come first", async () => {
    const reference = `{ file: ${folder}/MockConfigFile.json, stateMachine: Charge, testCase: RetryPath }`;
    const text = `definition: ${folder}/charge.yaml
cases:
  - { name: theirs, mockConfig: ${reference}, expect: { error: TooMuch, calls: { Charge: 3 } } }
  - { name: ours, mockConfig: ${reference}, mocks: { Charge: { result: { amount: 7 } } }, expect: { output: { amount: 7 } } }`;
    const { out } = await pawlTest("-", text);
    expect(out).toContain("2 cases, all ok");
  });
});

test("--schema prints a JSON Schema for editors", async () => {
  const { code, out } = await pawlTest("--schema");
  expect(code).toBe(exitCode.ok);
  expect(JSON.parse(out)).toMatchObject({ type: "object", required: ["definition", "cases"] });
});

test("the example's cases are all ok and come through everything", async () => {
  const { io, stdout } = capturedIo();
  const file = join(import.meta.dirname, "../../examples/order/order.test.yaml");
  expect(await runCli(["test", file, "--coverage-min", "100"], io)).toBe(exitCode.ok);
  expect(stdout()).toContain("6 cases, all ok");
});
