import type pg from "pg";
import type { ExecutionStatus } from "../../asl/index.ts";
import type { MapRunRecord } from "../../store/reads/map-runs.ts";
import { forgetChild, type ChildStatus } from "../../store/sql/map-run-children.ts";

export interface TakeUpOptions {
  readonly sql: pg.Pool;
  readonly type: "STANDARD" | "EXPRESS";
  /** @returns how it stands then; undefined when that is not known. */
  readonly redriveChild: (
    executionId: string,
    runRedrivenAtMs: number,
  ) => Promise<ExecutionStatus | undefined>;
  readonly run: Pick<MapRunRecord, "redrivenAtMs">;
}

/**
 * A child that an earlier attempt of its Map Run has left: a STANDARD one goes on where it stood, an
 * EXPRESS one begins anew, in the place of the one that failed.
 *
 * @param start begins the child as if there were none.
 * @returns how it stands after its first turn; undefined when that is not known.
 */
export async function takeUpChild(
  { sql, type, redriveChild, run }: TakeUpOptions,
  { id }: ChildStatus,
  start: () => Promise<ExecutionStatus | undefined>,
): Promise<ExecutionStatus | undefined> {
  if (type === "STANDARD") return await redriveChild(id, run.redrivenAtMs ?? 0);
  await forgetChild(sql, id);
  return await start();
}
