import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exitCode } from "../../server/cli/exit-code.ts";
import { runCli } from "../../server/cli/run-cli.ts";
import { capturedIo } from "./support/captured-io.ts";

const valid = '{ "StartAt": "A", "States": { "A": { "Type": "Pass", "End": true } } }';
const invalid = `StartAt: Pay
States:
  Pay:
    Type: Pass
    Next: Shp
  Ship:
    Type: Pass
    End: true
`;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pawl-cli-"));
  await writeFile(join(folder, "valid.json"), valid);
  await writeFile(join(folder, "invalid.yaml"), invalid);
});

afterAll(() => rm(folder, { recursive: true }));

test("a valid definition ends with 0", async () => {
  const { io, stdout } = capturedIo();
  const path = join(folder, "valid.json");
  expect(await runCli(["validate", path], io)).toBe(exitCode.ok);
  expect(stdout()).toBe(`${path}: valid\n`);
});

test("--strict-aws makes errors of what only Pawl takes", async () => {
  const { io, stdout } = capturedIo();
  const path = join(folder, "named.json");
  const task = { Type: "Task", Resource: "process:order", End: true };
  await writeFile(path, JSON.stringify({ StartAt: "A", States: { A: task } }));
  expect(await runCli(["validate", path], io)).toBe(exitCode.ok);
  expect(await runCli(["validate", "--strict-aws", path], io)).toBe(exitCode.failed);
  expect(stdout()).toContain("error NOT_AWS");
});

test("every finding is a line with file, line and column, and one bad file of several ends with 1", async () => {
  const { io, stdout } = capturedIo();
  const path = join(folder, "invalid.yaml");
  expect(await runCli(["validate", join(folder, "valid.json"), path], io)).toBe(exitCode.failed);
  const lines = stdout().trimEnd().split("\n");
  expect(lines).toHaveLength(3);
  expect(lines[1]).toBe(
    `${path}:5:11: error UNKNOWN_STATE Missing 'Next' target: Shp (at /States/Pay/Next); did you mean Ship?`,
  );
  expect(lines[2]).toContain(`${path}:6:3: error UNREACHABLE_STATE`);
});

test("standard input is -, and its format is found out from the text", async () => {
  const yaml = capturedIo({ stdin: invalid });
  expect(await runCli(["validate", "-"], yaml.io)).toBe(exitCode.failed);
  expect(yaml.stdout()).toMatch(/^<stdin>:5:11: error UNKNOWN_STATE/);
  const json = capturedIo({ stdin: valid });
  expect(await runCli(["validate", "-"], json.io)).toBe(exitCode.ok);
});

test("with --json it is one document with every file", async () => {
  const { io, stdout } = capturedIo();
  const paths = [join(folder, "valid.json"), join(folder, "invalid.yaml")];
  expect(await runCli(["validate", ...paths, "--json"], io)).toBe(exitCode.failed);
  expect(JSON.parse(stdout())).toMatchObject({
    valid: false,
    files: [
      { file: paths[0], valid: true, diagnostics: [] },
      {
        file: paths[1],
        valid: false,
        diagnostics: [
          {
            severity: "ERROR",
            code: "UNKNOWN_STATE",
            pointer: "/States/Pay/Next",
            line: 5,
            column: 11,
          },
          {},
        ],
      },
    ],
  });
});

test("names that hold escape sequences do not reach the terminal", async () => {
  const { io, stdout } = capturedIo({
    stdin: '{"StartAt":"A\\u001b[2J","States":{"A":{"Type":"Pass","End":true}}}',
  });
  expect(await runCli(["validate", "-"], io)).toBe(exitCode.failed);
  expect(stdout()).toContain("StartAt");
  expect(stdout()).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
});
