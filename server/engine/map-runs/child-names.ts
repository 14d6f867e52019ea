import { deriveExecutionId } from "../ids.ts";

/** What the children of a Map Run are called. */
export interface ChildNames {
  /** `<state machine>/<label>`: the machine that they are executions of. */
  readonly machineName: string;
  /** Name and id of the child with this index. The same whoever asks, so that none is started twice. */
  of(index: number): { readonly name: string; readonly id: string };
}

/** @param arn `arn:aws:states:<region>:<account>:mapRun:<state machine>/<label>:<uuid>` */
export function childNames(arn: string): ChildNames {
  const [machineName = "", mapRunId = ""] = arn.split(":").slice(-2);
  return {
    machineName,
    of: (index) => {
      const name = deriveExecutionId(mapRunId, String(index));
      return { name, id: deriveExecutionId(machineName, name) };
    },
  };
}
