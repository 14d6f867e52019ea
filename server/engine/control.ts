import type { Failure, Limits } from "../asl/index.ts";
import type { Store } from "../store/open-store.ts";
import { activityControl } from "./activities.ts";
import type { Arns } from "./arns.ts";
import type { Clock } from "./clock.ts";
import type { Definitions } from "./definitions.ts";
import type { Control, Engine, WorkerInfo } from "./engine.ts";
import { listings } from "./listings.ts";
import { PageTokens } from "./page-token.ts";
import { stateMachineControl } from "./state-machines.ts";

export interface ControlOptions {
  readonly store: Pick<Store, "orm" | "pool" | "tokenKey">;
  readonly arns: Arns;
  /** Takes what was compiled to be checked, for the first start. */
  readonly definitions: Pick<Definitions, "put">;
  readonly clock: Pick<Clock, "nowMs">;
  readonly limits: Pick<Limits, "historyEventsMax">;
  /** Stops one execution, for deletes with `force`; absent: those are refused. */
  readonly stopExecution?: (executionId: string, failure: Failure) => Promise<unknown>;
  /** This server's own sessions. */
  readonly liveWorkers?: () => readonly WorkerInfo[];
}

/** Everything of the engine that is not on the hot path: definitions, activities, lists. */
export type ControlPlane = Control &
  Pick<
    Engine,
    | "listExecutions"
    | "listHistory"
    | "listMessageWaits"
    | "listWorkers"
    | "describeStateMachineForExecution"
  >;

export function createControl(options: ControlOptions): ControlPlane {
  const { store, arns, definitions, clock, limits, stopExecution } = options;
  const { liveWorkers = () => [] } = options;
  const pageTokens = new PageTokens(store.tokenKey);
  const machines = stateMachineControl({
    store,
    arns,
    definitions,
    clock,
    pageTokens,
    ...(stopExecution !== undefined && { stopExecution }),
  });
  return {
    ...machines,
    ...activityControl({ store, arns, pageTokens }),
    ...listings({
      store,
      arns,
      pageTokens,
      clock,
      limits,
      liveWorkers,
      describeStateMachine: (reference) => machines.describeStateMachine(reference),
    }),
  };
}
