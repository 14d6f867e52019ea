import { pointerSegment } from "../asl/index.ts";
import type { Body, State } from "../asl/index.ts";

/** A state of a definition, and how people and programs say where it is. */
export interface StatePlace {
  readonly state: State;
  /** `Charge`; `Deliver[0]/SendReceipt` in the first branch of a Parallel; `Each[*]/Charge` in a Map. */
  readonly path: string;
  /** JSON pointer into the definition. */
  readonly pointer: string;
}

/** Every state, each before those in it. */
export function statePlaces(body: Body, path = "", pointer = ""): readonly StatePlace[] {
  return [...body.states.values()].flatMap((state) => {
    const here = `${pointer}/States/${pointerSegment(state.name)}`;
    const place = { state, path: path + state.name, pointer: here };
    switch (state.type) {
      case "Parallel":
        return [
          place,
          ...state.branches.flatMap((branch, index) =>
            statePlaces(branch, `${place.path}[${index}]/`, `${here}/Branches/${index}`),
          ),
        ];
      case "Map":
        return [
          place,
          ...statePlaces(state.itemProcessor, `${place.path}[*]/`, `${here}/ItemProcessor`),
        ];
      default:
        return [place];
    }
  });
}

/** A path as history has it, `/States/Each[3]/Charge` or the prefix `/States/Each[3]/`, as people write it. */
export function shortPath(path: string): string {
  return path.replace(/^\/States\//, "").replace(/\/$/, "");
}

/** With every index open: what `Each[3]/Charge` and `Each[*]/Charge` have in common. */
export function anyIndex(path: string): string {
  return path.replaceAll(/\[(?:\d+|\*)\]/g, "[*]");
}
