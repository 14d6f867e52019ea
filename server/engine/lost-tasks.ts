import type pg from "pg";
import type { Event } from "../asl/index.ts";
import { lostTasks, type LostTask } from "../store/sql/lost-tasks.ts";
import type { Clock } from "./clock.ts";
import { keyOf, type Delivery, type Dispatcher } from "./dispatch.ts";
import { startOf } from "./outcomes.ts";
import type { TurnLoop } from "./turn-loop.ts";

export interface LostTasksOptions {
  readonly sql: pg.Pool;
  readonly turns: TurnLoop;
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  readonly onError: (error: unknown, message: string) => void;
}

const retryMs = 1_000;

/**
 * Tasks whose workers are gone: offered again, unless their state machines have a policy for them. Then
 * their executions are told, and decide. Until that is committed their rows stay with the lost session,
 * where the next look finds them again.
 */
export class LostTasks {
  readonly #options: LostTasksOptions;
  /** What executions are being told. */
  readonly #reporting = new Set<string>();

  constructor(options: LostTasksOptions) {
    this.#options = options;
  }

  /** These were accepted, and their worker has not come back for them. */
  async lose(held: readonly Delivery[]): Promise<void> {
    const { sql, dispatcher, onError } = this.#options;
    if (held.length === 0) return;
    // What Pawl does itself is always done again.
    const ofWorkers = held.filter(({ pool }) => !pool.session.isNative);
    try {
      const lost = ofWorkers.length === 0 ? [] : await lostTasks(sql, ofWorkers);
      const keys = new Set(lost.map(({ executionId, taskId }) => keyOf(executionId, taskId)));
      await dispatcher.release(
        held.filter(({ executionId, taskId }) => !keys.has(keyOf(executionId, taskId))),
      );
      this.report(lost);
    } catch (error) {
      onError(error, "could not see to lost tasks; trying again");
      setTimeout(() => void this.lose(held), retryMs).unref();
    }
  }

  report(lost: readonly LostTask[]): void {
    for (const task of lost) {
      const key = `${keyOf(task.executionId, task.taskId)}@${task.epoch}`;
      if (this.#reporting.has(key)) continue;
      this.#reporting.add(key);
      void this.#report(task).finally(() => this.#reporting.delete(key));
    }
  }

  async #report({ policy, heartbeatDetails, ...key }: LostTask): Promise<void> {
    const { executionId, taskId, epoch } = key;
    const { turns, dispatcher, clock } = this.#options;
    const delivery = dispatcher.find(executionId, taskId);
    const nowMs = clock.nowMs();
    const start = delivery?.epoch === epoch ? startOf(delivery, nowMs) : { atMs: nowMs };
    const event: Event = {
      type: "TaskLost",
      taskId,
      policy,
      deliveries: epoch,
      start,
      ...(heartbeatDetails !== null && { lastHeartbeatDetails: heartbeatDetails }),
    };
    const verdict = await turns.submit(executionId, event, { epoch });
    if (verdict === "StillOpen") await dispatcher.release([key]);
  }
}
