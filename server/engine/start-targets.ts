import type { RouteWrite } from "../store/turn-writes.ts";
import type { StateMachine } from "./engine.ts";
import { newRandom } from "./ids.ts";

/** What one start runs. */
export interface StartTarget {
  /** The head or a version. */
  readonly machine: StateMachine;
  /** Absent: the plain machine was named. */
  readonly route?: RouteWrite;
}

export interface WeightedTarget {
  /** Percent of the starts. */
  readonly weight: number;
  readonly target: StartTarget;
}

const referencesMax = 1_000;

/**
 * What starts run, by the name or ARN that they use. May be out of date (another server's update): a
 * start is guarded by the machine's revision or routing id, and asks again when it was refused.
 */
export class StartTargets {
  readonly #resolve: (reference: string) => Promise<readonly WeightedTarget[]>;
  readonly #kept = new Map<string, readonly WeightedTarget[]>();
  readonly #random = newRandom();

  constructor(resolve: (reference: string) => Promise<readonly WeightedTarget[]>) {
    this.#resolve = resolve;
  }

  /** One of them, by the weights of the alias. @throws EngineError StateMachineDoesNotExist, InvalidArn */
  async get(reference: string): Promise<StartTarget> {
    const kept = this.#kept.get(reference);
    if (kept !== undefined) return chosen(kept, this.#random);
    const resolved = await this.#resolve(reference);
    if (this.#kept.size >= referencesMax) this.#kept.clear();
    this.#kept.set(reference, resolved);
    return chosen(resolved, this.#random);
  }

  forget(reference: string): void {
    this.#kept.delete(reference);
  }
}

function chosen(targets: readonly WeightedTarget[], random: () => number): StartTarget {
  const [first, second] = targets;
  if (first === undefined) throw new Error("there is nothing to start");
  return second === undefined || random() * 100 < first.weight ? first.target : second.target;
}
