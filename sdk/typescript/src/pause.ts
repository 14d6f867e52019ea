import { timestampDate } from "@bufbuild/protobuf/wkt";
import type { AuditStamp } from "./gen/pawl/v1/common_pb.ts";

/** Who pauses or resumes, and why; kept in the history. */
export interface PauseAction {
  readonly operator?: string;
  readonly reason?: string;
}

/** Since when, by whom and why an execution is paused; texts are empty where nothing was said. */
export interface Pause {
  readonly operator: string;
  readonly reason: string;
  readonly time: Date | undefined;
}

export function pauseOf({ principal, reason, time }: AuditStamp): Pause {
  return { operator: principal, reason, time: time && timestampDate(time) };
}
