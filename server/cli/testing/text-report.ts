import { shortPath } from "../../testing/state-places.ts";
import type { Screen } from "../screen.ts";
import { duration } from "../text/duration.ts";
import { plain, shown } from "../text/plain.ts";
import { table } from "../text/table.ts";
import type { CoverageReport } from "./coverage-report.ts";
import type { CaseResult } from "./run-suites.ts";

/** Results for a person: a line for each case, and under it what came out otherwise. */
export class TextReport {
  readonly #screen: Screen;
  readonly #isVerbose: boolean;
  #file: string | undefined;

  constructor(screen: Screen, options: { readonly isVerbose: boolean }) {
    this.#screen = screen;
    this.#isVerbose = options.isVerbose;
  }

  add(result: CaseResult): void {
    const { suite, name, mismatches } = result;
    if (suite.file !== this.#file) this.#screen.line(plain(suite.file));
    this.#file = suite.file;
    const verdict =
      mismatches.length === 0
        ? this.#screen.paint("green", "ok    ")
        : this.#screen.paint("red", "FAILED");
    this.#screen.line(`  ${verdict}  ${plain(name)}${this.#screen.paint("dim", aboutOf(result))}`);
    for (const { field, text } of mismatches) this.#screen.line(shown`          ${field}: ${text}`);
    if (this.#isVerbose || result.run.problem !== undefined) this.#history(result);
  }

  /** The last lines: how many cases, and what no case came through. */
  end(results: readonly CaseResult[], coverage: readonly CoverageReport[] | undefined): void {
    for (const { definitionFile, reached, total, missing } of coverage ?? []) {
      const percent = percentText(reached, total);
      this.#screen.line(
        shown`coverage of ${definitionFile}: ${reached} of ${total} states and rules (${percent})`,
      );
      for (const pointer of missing) this.#screen.line(shown`  not reached: ${pointer}`);
    }
    const failed = results.filter(({ mismatches }) => mismatches.length > 0).length;
    const tookMs = results.reduce((sum, each) => sum + each.tookMs, 0);
    const verdict =
      failed === 0
        ? this.#screen.paint("green", "all ok")
        : this.#screen.paint("red", `${failed} failed`);
    const count = results.length === 1 ? "1 case" : `${results.length} cases`;
    this.#screen.line(`${count}, ${verdict} (${duration(tookMs)})`);
  }

  #history({ run }: CaseResult): void {
    const startMs = run.history[0]?.timestampMs ?? 0;
    const rows = run.history.map(
      ({ id, timestampMs, type, within = "", stateName = "", details = {} }) => [
        String(id),
        `+${duration(timestampMs - startMs)}`,
        type,
        [shortPath(within), stateName].filter((part) => part !== "").join("/"),
        detailText(details),
      ],
    );
    const text = table(["ID", "TIME", "EVENT", "STATE", "ABOUT"], rows);
    for (const line of text.split("\n")) this.#screen.line(`          ${line}`);
  }
}

/** `(FAILED OrderRejected, 3.0 s)`: the end, if it is not a success, and virtual time, if any went by. */
function aboutOf({ run: { execution, durationMs } }: CaseResult): string {
  const { status, failure } = execution;
  const about = [
    status === "SUCCEEDED" ? "" : [status, failure?.error ?? ""].join(" ").trim(),
    durationMs === 0 ? "" : duration(durationMs),
  ].filter((part) => part !== "");
  return about.length === 0 ? "" : shown` (${about.join(", ")})`;
}

const told = ["resource", "parameters", "input", "output", "error", "cause"];

function detailText(details: Readonly<Record<string, unknown>>): string {
  return told
    .filter((key) => typeof details[key] === "string")
    .map((key) => `${key} ${details[key] as string}`)
    .join(", ");
}

export function percentText(part: number, whole: number): string {
  return `${whole === 0 ? 100 : Math.floor((part / whole) * 1000) / 10} %`;
}
