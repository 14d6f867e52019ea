/** Names for the Map states of a definition that stay the same as long as its revision: JSON pointers. */
import { pointerSegment } from "../json-scan.ts";
import type { Body, MapState } from "../definition/definition.ts";
import type { Progress } from "../progress.ts";
import type { Scope } from "../scope.ts";

/** Where the scope's state is: `/States/Each/ItemProcessor/States/Inner`. */
export function mapPointer(progress: Progress, scope: Scope): string {
  const parent = progress.parentOf(scope);
  const state = `/States/${pointerSegment(scope.stateName)}`;
  if (parent === undefined) return state;
  const inner =
    progress.stateOf(parent).type === "Map"
      ? "/ItemProcessor"
      : `/Branches/${scope.parent?.index ?? 0}`;
  return mapPointer(progress, parent) + inner + state;
}

/**
 * The Map state at a pointer.
 *
 * @throws Error when there is none: the pointer is of another revision.
 */
export function mapAt(body: Body, pointer: string): MapState {
  const [, , name = "", ...inner] = pointer.split("/");
  const state = body.states.get(unescaped(name));
  if (state?.type === "Map") {
    if (inner.length === 0) return state;
    return mapAt(state.itemProcessor, `/${inner.slice(1).join("/")}`);
  }
  const branch = state?.type === "Parallel" ? state.branches[Number(inner[1])] : undefined;
  if (branch === undefined) throw new Error(`no Map at ${pointer} in the definition`);
  return mapAt(branch, `/${inner.slice(2).join("/")}`);
}

function unescaped(segment: string): string {
  return segment.replaceAll("~1", "/").replaceAll("~0", "~");
}
