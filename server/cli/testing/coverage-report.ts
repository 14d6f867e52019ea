import type { Suite } from "./load-suites.ts";

/** What the cases came through of one definition. */
export interface CoverageReport {
  readonly definitionFile: string;
  /** States and rules. */
  readonly total: number;
  readonly reached: number;
  /** JSON pointers of the others. */
  readonly missing: readonly string[];
}

/** One for each definition. */
export function coverageReports(suites: readonly Suite[]): readonly CoverageReport[] {
  const definitions = new Map(suites.map((suite) => [suite.coverage, suite.definitionFile]));
  return [...definitions].map(([coverage, definitionFile]) => {
    const items = coverage.items();
    const missing = items.filter(({ isReached }) => !isReached).map(({ pointer }) => pointer);
    return { definitionFile, total: items.length, reached: items.length - missing.length, missing };
  });
}

/** Of all definitions together, from 0 to 100. */
export function percentReached(reports: readonly CoverageReport[]): number {
  const total = reports.reduce((sum, each) => sum + each.total, 0);
  const reached = reports.reduce((sum, each) => sum + each.reached, 0);
  return total === 0 ? 100 : (reached / total) * 100;
}
