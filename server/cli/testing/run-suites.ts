import { setImmediate } from "node:timers/promises";
import { checkRun } from "../../testing/check-run.ts";
import type { Mismatch } from "../../testing/check-run.ts";
import { runCase } from "../../testing/run-case.ts";
import type { CaseRun } from "../../testing/run-case.ts";
import type { Suite } from "./load-suites.ts";

export interface CaseResult {
  readonly suite: Suite;
  readonly name: string;
  readonly run: CaseRun;
  /** None: the case is in order. */
  readonly mismatches: readonly Mismatch[];
  /** Real time, in milliseconds. */
  readonly tookMs: number;
}

/** Runs every case, one after the other, and gives each result as it is there. */
export async function* runSuites(
  suites: readonly Suite[],
): AsyncGenerator<CaseResult, void, undefined> {
  for (const suite of suites) {
    for (const ready of suite.cases) {
      const startMs = performance.now();
      const run = await runCase(ready, suite.coverage.visited);
      const { name, expect } = ready.testCase;
      const mismatches = checkRun(run, expect);
      yield { suite, name, run, mismatches, tookMs: performance.now() - startMs };
      // Lets the status line be drawn and Ctrl-C be heard.
      await setImmediate();
    }
  }
}
