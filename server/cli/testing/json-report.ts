import { payload } from "../text/json-text.ts";
import type { CoverageReport } from "./coverage-report.ts";
import type { CaseResult } from "./run-suites.ts";

/** Results for a program: one document. */
export function jsonReport(
  results: readonly CaseResult[],
  coverage: readonly CoverageReport[] | undefined,
): object {
  const failed = results.filter(({ mismatches }) => mismatches.length > 0).length;
  return {
    ok: results.length - failed,
    failed,
    cases: results.map(({ suite, name, run, mismatches }) => ({
      file: suite.file,
      name,
      isOk: mismatches.length === 0,
      mismatches,
      status: run.execution.status,
      output: payload(run.execution.output ?? ""),
      ...run.execution.failure,
      durationSeconds: run.durationMs / 1000,
    })),
    ...(coverage !== undefined && { coverage }),
  };
}
