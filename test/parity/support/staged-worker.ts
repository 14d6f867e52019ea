import { vi } from "vitest";
import type { Driver } from "./driver.ts";
import type { DriverEvent, OutcomeEvent, TaskEnd, TaskStart } from "./protocol.ts";

/** A worker of a scenario: what it has done, and what it is to do. */
export class StagedWorker {
  readonly name: string;
  readonly #driver: Driver;
  #closing: Promise<object> | undefined;

  constructor(driver: Driver, name: string) {
    this.#driver = driver;
    this.name = name;
  }

  get starts(): readonly TaskStart[] {
    return this.#driver.events.filter((event) => this.#isMine(event, "task.start"));
  }

  get ends(): readonly TaskEnd[] {
    return this.#driver.events.filter((event) => this.#isMine(event, "task.end"));
  }

  get outcomes(): readonly OutcomeEvent[] {
    return this.#driver.events.filter((event) => this.#isMine(event, "outcome"));
  }

  /** What it told, in order. */
  get events(): readonly DriverEvent[] {
    return this.#driver.events.filter(({ worker }) => worker === this.name);
  }

  /** The start of an attempt, past or to come; without an execution, of any. */
  started(execution?: string, attempt?: number): Promise<TaskStart> {
    return this.#driver.event(
      (event): event is TaskStart =>
        this.#isMine(event, "task.start") &&
        (execution === undefined || event.execution === execution) &&
        (attempt === undefined || event.attempt === attempt),
    );
  }

  /** Its n-th start, from 1. */
  async nth(count: number): Promise<TaskStart> {
    await this.#driver.event(
      (event): event is TaskStart =>
        this.#isMine(event, "task.start") && this.starts.length >= count,
    );
    return this.starts[count - 1]!;
  }

  /** The start of a task of this resource. */
  startedOf(resource: string, execution: string): Promise<TaskStart> {
    return this.#driver.event(
      (event): event is TaskStart =>
        this.#isMine(event, "task.start") &&
        event.resource === resource &&
        event.execution === execution,
    );
  }

  ended(taskId: string): Promise<TaskEnd> {
    return this.#driver.event(
      (event): event is TaskEnd => this.#isMine(event, "task.end") && event.taskId === taskId,
    );
  }

  outcome(execution: string): Promise<OutcomeEvent> {
    return this.#driver.event(
      (event): event is OutcomeEvent =>
        this.#isMine(event, "outcome") && event.execution === execution,
    );
  }

  /** Lets a `hold` handler return this JSON text, or fail. */
  async release(
    { taskId }: TaskStart,
    end: { readonly output: string } | { readonly error: string; readonly cause: string } = {
      output: '"released"',
    },
  ): Promise<void> {
    // A handler tells its start a moment before it waits.
    await vi.waitFor(() => this.#driver.send({ op: "task.release", taskId, ...end }), {
      timeout: 2_000,
    });
  }

  /** Once is enough. */
  close(graceMs: number): Promise<object> {
    this.#closing ??= this.#driver.send({ op: "worker.close", worker: this.name, graceMs });
    return this.#closing;
  }

  #isMine<Kind extends DriverEvent["event"]>(
    event: DriverEvent,
    kind: Kind,
  ): event is Extract<DriverEvent, { event: Kind }> {
    return event.event === kind && event.worker === this.name;
  }
}
