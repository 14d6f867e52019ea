/** The seams of the jsonata library (2.2.2) that the guards and the shadowed functions hang on. */
import jsonata from "jsonata";
import type { Turn } from "../../turn.ts";
import type { Budget } from "./budget.ts";

/** What an evaluation carries along; functions find it at `environment.base`. */
export interface Session {
  readonly turn: Turn;
  readonly budget: Budget;
}

export interface Frame {
  base: Frame & { session: Session; guardrails(): void };
  lookup(name: string | symbol): unknown;
}

/** `this` of a native function. */
export interface Focus {
  readonly environment: Frame;
  readonly input: unknown;
  createSequence(...first: unknown[]): unknown[];
}

export interface NativeFunction {
  readonly _jsonata_function: true;
  readonly implementation: (this: Focus, ...args: never[]) => unknown;
  readonly signature?: unknown;
}

export type Bind = (name: string | symbol, value: unknown) => void;

const pushKey = Symbol.for("jsonata.__createFrame_push");
const entryKey = Symbol.for("jsonata.__evaluate_entry");
const exitKey = Symbol.for("jsonata.__evaluate_exit");

/**
 * A callback is awaited, which costs as much as the node itself: only one of some values is looked at.
 * What is made in between is measured as a part of it; it can have doubled a few times by then.
 */
const exitsPerLook = 4;

/**
 * Has every evaluation of an expression counted.
 *
 * The library asks its environment for callbacks at each node it evaluates. The environment of one
 * evaluation answers itself: being asked for the entry callback is the count, and the exit callback
 * sees the values that are made.
 *
 * @param opening the session of the evaluation that is being started right now.
 * @param options `isSlow`: more goes on between two nodes than can be counted.
 */
export function guardExpression(
  bind: Bind,
  opening: () => Session,
  { isSlow }: { readonly isSlow: boolean },
): void {
  bind(pushKey, (_outer: Frame, frame: Frame) => {
    const session = opening();
    const { budget } = session;
    const lookup = frame.lookup.bind(frame);
    const exit = (_expr: unknown, _input: unknown, _env: unknown, result: unknown) => {
      budget.admit(result);
      return budget.pauseIfDue();
    };
    let exits = 0;
    frame.lookup = (name) => {
      if (typeof name === "string") return lookup(name);
      if (name === entryKey) budget.step(isSlow);
      return name === exitKey && (exits += 1) % exitsPerLook === 0 ? exit : undefined;
    };
    Object.assign(frame, { session });
  });
}

/** The library's own functions by name. */
export const builtIns: (name: string) => NativeFunction | undefined = captureBuiltIns();

function captureBuiltIns(): (name: string) => NativeFunction | undefined {
  const probe = jsonata("0");
  let environment: Frame | undefined;
  (probe.assign as Bind)(pushKey, (outer: Frame) => (environment ??= outer));
  // The first frame is made before anything is awaited.
  void probe.evaluate(undefined);
  const found = environment;
  if (found === undefined) throw new Error("jsonata did not show its environment");
  return (name) => found.lookup(name) as NativeFunction | undefined;
}
