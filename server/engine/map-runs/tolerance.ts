import type { Tolerance } from "../../asl/index.ts";

/**
 * Whether a Map Run has failed. ASL § Failure Tolerance in Map States.
 *
 * @param total items of the run; undefined while a reader has not come to its end: no share is known then.
 */
export function exceedsTolerance(
  { toleratedFailureCount: count, toleratedFailurePercentage: percentage }: Tolerance,
  failed: number,
  total: number | undefined,
): boolean {
  if (count === undefined && percentage === undefined) return failed > 0;
  if (count !== undefined && failed > count) return true;
  if (percentage === undefined) return false;
  if (percentage === 0) return failed > 0;
  return total !== undefined && total > 0 && (failed / total) * 100 > percentage;
}
