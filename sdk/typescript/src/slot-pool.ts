import { PawlError } from "./errors.ts";
import { servesResource } from "./resource-name.ts";
import type { TaskHandler, TaskOptions } from "./worker-options.ts";

/** A handler and what it was registered for. */
export interface Registration {
  readonly resource: string;
  readonly options: TaskOptions;
  readonly handler: TaskHandler<never, unknown>;
}

/** Tasks that share slots. A slot is taken from the task's arrival until its outcome is acknowledged. */
export class SlotPool {
  readonly name: string;
  readonly concurrency: number;
  readonly registrations: Registration[] = [];
  /** Slots in use; credit is what is left. */
  taken = 0;

  constructor(name: string, concurrency: number) {
    if (!Number.isInteger(concurrency) || concurrency < 1) {
      throw new PawlError(
        "INVALID_ARGUMENT",
        `concurrency of ${name} is ${concurrency}; it must be a whole number from 1`,
      );
    }
    this.name = name;
    this.concurrency = concurrency;
  }

  get resources(): string[] {
    return this.registrations.map(({ resource }) => resource);
  }

  /** The handler for a task: the exact resource, else a spelling or prefix that leads to it, the longest first. */
  registrationFor(resource: string, rawResource: string): Registration | undefined {
    const [only] = this.registrations;
    if (this.registrations.length === 1) return only;
    const exact = this.registrations.find(
      (registration) => registration.resource === resource || registration.resource === rawResource,
    );
    if (exact !== undefined) return exact;
    return this.registrations
      .filter(
        (registration) =>
          servesResource(registration.resource, resource) ||
          servesResource(registration.resource, rawResource),
      )
      .toSorted((a, b) => b.resource.length - a.resource.length)[0];
  }
}
