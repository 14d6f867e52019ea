import { create } from "@bufbuild/protobuf";
import { FieldMaskSchema } from "@bufbuild/protobuf/wkt";
import type { FieldMask } from "@bufbuild/protobuf/wkt";
import type { StateMachineInput } from "./state-machine.ts";

/** Names the fields that a change gives; what it does not name stays as it is (AIP-134). */
export function fieldMask(change: Partial<StateMachineInput>): FieldMask {
  const paths = [
    ...(change.definition !== undefined ? ["definition"] : []),
    ...(change.description !== undefined ? ["description"] : []),
    ...(change.labels !== undefined ? ["labels"] : []),
    ...(change.retentionSeconds !== undefined ? ["retention"] : []),
    ...(change.onTaskLost !== undefined ? ["on_task_lost"] : []),
    ...(change.maxTaskDeliveries !== undefined ? ["max_task_deliveries"] : []),
    ...(change.type !== undefined ? ["type"] : []),
  ];
  return create(FieldMaskSchema, { paths });
}
