/** What tests of `pawl test` start from: a case of a definition, ready to run. */
import { definitionOf } from "./asl/builders.ts";
import { checkRun } from "../../server/testing/check-run.ts";
import { runCase } from "../../server/testing/run-case.ts";
import type { CaseRun, ReadyCase } from "../../server/testing/run-case.ts";
import type { TestCase } from "../../server/testing/test-file.ts";

export const startMs = Date.parse("2000-01-01T00:00:00Z");

export function readyCase(definition: unknown, testCase: Partial<TestCase> = {}): ReadyCase {
  return {
    definition: definitionOf(definition),
    machineName: "machine",
    type: "STANDARD",
    startMs,
    input: testCase.input ?? {},
    mocks: testCase.mocks === undefined ? [] : [testCase.mocks],
    testCase: { name: "case", ...testCase },
  };
}

export async function runOf(
  definition: unknown,
  testCase: Partial<TestCase> = {},
): Promise<CaseRun> {
  return await runCase(readyCase(definition, testCase), () => undefined);
}

/** What the case says of it, `field: text`. */
export async function mismatchesOf(
  definition: unknown,
  testCase: Partial<TestCase>,
): Promise<readonly string[]> {
  const run = await runOf(definition, testCase);
  return checkRun(run, testCase.expect).map(({ field, text }) => `${field}: ${text}`);
}

/** One Task state, which is the start and the end. */
export function task(fields: Record<string, unknown> = {}): unknown {
  return { StartAt: "T", States: { T: { Type: "Task", Resource: "work", End: true, ...fields } } };
}
