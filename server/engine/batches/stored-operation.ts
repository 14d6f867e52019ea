import type { StateMachineType } from "../engine.ts";
import { deriveExecutionId } from "../ids.ts";
import type { BatchOperation } from "./batch.ts";

/** Items of which start an execution each. */
type Starting = Extract<BatchOperation, { kind: "Start" | "Chain" }>;

/** A batch's operation as its row keeps it: what it starts is decided once. */
export type StoredOperation =
  | Exclude<BatchOperation, Starting>
  | (Starting & {
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
  if (!startsExecutions(operation)) return undefined;
  const { machine, namePrefix } = operation;
  const name = `${namePrefix}-${index}`;
  const id =
    machine.type === "STANDARD"
      ? deriveExecutionId(machine.name, name)
      : deriveExecutionId(machine.id, itemRequestId(batchId, index));
  return { name, id };
}

export function startsExecutions<Operation extends BatchOperation | StoredOperation>(
  operation: Operation,
): operation is Extract<Operation, { kind: "Start" | "Chain" }> {
  return operation.kind === "Start" || operation.kind === "Chain";
}
