import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exitCode } from "../../server/cli/exit-code.ts";
import { runCli } from "../../server/cli/run-cli.ts";
import { capturedIo } from "./support/captured-io.ts";

const library = '{"Version": 1, "StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}';
const imported = { Version: "1.0", StartAt: "A", States: { A: { Type: "Pass", End: true } } };
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pawl-cli-"));
});

afterAll(() => rm(folder, { recursive: true }));

test("the definition goes to standard output, and what became different beside it", async () => {
  const { io, stdout, stderr } = capturedIo({ stdin: library });
  expect(await runCli(["import-seed", "-"], io)).toBe(exitCode.ok);
  expect(JSON.parse(stdout())).toEqual(imported);
  expect(stderr()).toBe(
    '<stdin>: changed VERSION is the text "1.0" (at /Version)\n<stdin>: 1 changed, 0 to look at\n',
  );
});

test("with --out it goes to a file, in the format of the file's ending", async () => {
  const { io, stdout } = capturedIo({ stdin: library });
  const out = join(folder, "a.yaml");
  expect(await runCli(["import-seed", "-", "-o", out], io)).toBe(exitCode.ok);
  expect(await readFile(out, "utf8")).toMatch(/^Version: ["']1\.0["']\nStartAt: A\n/);
  expect(stdout()).toContain("1 changed, 0 to look at");
});

test("with --json all of it is one document", async () => {
  const { io, stdout } = capturedIo({ stdin: library });
  expect(await runCli(["import-seed", "-", "--json"], io)).toBe(exitCode.ok);
  const document = JSON.parse(stdout()) as { text: string };
  expect(document).toMatchObject({ valid: true, notes: [{ kind: "CHANGED", code: "VERSION" }] });
  expect(JSON.parse(document.text)).toEqual(imported);
});

test.each([
  ["the result has errors", '{"StartAt": "B", "States": {"A": {"Type": "Pass"}}}', exitCode.failed],
  ["the text can not be read", "{", exitCode.failed],
])("it ends with 1 when %s, and says which", async (_why, text, code) => {
  const { io, stderr } = capturedIo({ stdin: text });
  expect(await runCli(["import-seed", "-"], io)).toBe(code);
  expect(stderr()).toMatch(/: error [A-Z_]+ /);
});

test("a file that can not be written is wrong usage", async () => {
  const { io, stderr } = capturedIo({ stdin: library });
  const out = join(folder, "none", "a.json");
  expect(await runCli(["import-seed", "-", "-o", out], io)).toBe(exitCode.usage);
  expect(stderr()).toContain("can not write");
});
