import type { StateMachine } from "./engine.ts";

const machinesMax = 1_000;

/**
 * State machines by the name or ARN that starts use. May be out of date (another server's update): a
 * start is guarded by the machine's revision, and asks again when it was refused.
 */
export class Machines {
  readonly #describe: (reference: string) => Promise<StateMachine>;
  readonly #kept = new Map<string, StateMachine>();

  constructor(describe: (reference: string) => Promise<StateMachine>) {
    this.#describe = describe;
  }

  /** @throws EngineError StateMachineDoesNotExist, InvalidArn */
  async get(reference: string): Promise<StateMachine> {
    const kept = this.#kept.get(reference);
    if (kept !== undefined) return kept;
    const machine = await this.#describe(reference);
    if (this.#kept.size >= machinesMax) this.#kept.clear();
    this.#kept.set(reference, machine);
    return machine;
  }

  forget(reference: string): void {
    this.#kept.delete(reference);
  }
}
