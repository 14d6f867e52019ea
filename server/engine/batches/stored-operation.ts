import type { StateMachineType } from "../engine.ts";
import { deriveExecutionId } from "../ids.ts";
import type { BatchOperation } from "./batch.ts";

/** A batch's operation as its row keeps it: what it starts is decided once. */
export type StoredOperation =
  | Exclude<BatchOperation, { kind: "Start" }>
  | (Extract<BatchOperation, { kind: "Start" }> & {
      readonly namePrefix: string;
      readonly machine: {
        readonly id: string;
        readonly name: string;
        readonly type: StateMachineType;
      };
    });

/** Under which request an item does what it does: the same whichever server does it, so that it is done once. */
export function itemRequestId(batchId: string, index: number): string {
  return deriveExecutionId(batchId, String(index));
}

/** Name and id of the execution that an item starts; undefined when it starts none. */
export function itemExecution(
  batchId: string,
  operation: StoredOperation,
  index: number,
): { readonly name: string; readonly id: string } | undefined {
  if (operation.kind !== "Start") return undefined;
  const { machine, namePrefix } = operation;
  const name = `${namePrefix}-${index}`;
  const id =
    machine.type === "STANDARD"
      ? deriveExecutionId(machine.name, name)
      : deriveExecutionId(machine.id, itemRequestId(batchId, index));
  return { name, id };
}
