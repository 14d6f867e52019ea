import type { Audit } from "../../asl/index.ts";
import type { AuditStamp } from "../../gen/pawl/v1/common_pb.ts";
import { timestampOf } from "./time.ts";

/** Who did something, when and why. */
export function auditStampOf({
  operator = "",
  reason = "",
  timeMs,
}: Audit & { readonly timeMs: number }): AuditStamp {
  return {
    $typeName: "pawl.v1.AuditStamp",
    principal: operator,
    time: timestampOf(timeMs),
    reason,
  };
}
