import type { Failure, Limits } from "../asl/index.ts";
import type { Store } from "../store/open-store.ts";
import { definitionGraph, variableReferences } from "../asl/index.ts";
import { activityControl } from "./activities.ts";
import { aliasControl } from "./aliases.ts";
import { doesNotExist, type Arns } from "./arns.ts";
import { checkDefinition } from "./check-definition.ts";
import type { Clock } from "./clock.ts";
import type { Definitions } from "./definitions.ts";
import type { Control, Engine, Links, MapRuns, Records, WorkerInfo } from "./engine.ts";
import { labelControl } from "./labels.ts";
import { executionHead } from "./execution-head.ts";
import { listings } from "./listings.ts";
import { mapRunControl } from "./map-runs/map-run-control.ts";
import { recordControl } from "./records/record-control.ts";
import { PageTokens } from "./page-token.ts";
import type { WeightedTarget } from "./start-targets.ts";
import { findMachine, stateMachineControl } from "./state-machines.ts";
import { startTargetsOf, versionControl, type VersionControlOptions } from "./versions.ts";

export interface ControlOptions {
  readonly store: Pick<Store, "orm" | "pool" | "tokenKey">;
  readonly arns: Arns;
  /** Takes what was compiled to be checked, for the first start. */
  readonly definitions: Pick<Definitions, "get" | "put">;
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
    | keyof Links
    | keyof MapRuns
    | keyof Records
  > & {
    /** What a start by this reference may run. @throws EngineError StateMachineDoesNotExist, InvalidArn */
    startTargets(reference: string): Promise<readonly WeightedTarget[]>;
  };

export function createControl(options: ControlOptions): ControlPlane {
  const { store, arns, definitions, clock, limits, stopExecution } = options;
  const { liveWorkers = () => [] } = options;
  const pageTokens = new PageTokens(store.tokenKey);
  const versionOptions: VersionControlOptions = {
    store,
    arns,
    pageTokens,
    machineOf: async (name, reference) => {
      const machine = await findMachine({ store }, name);
      if (machine === undefined) throw doesNotExist("StateMachineDoesNotExist", reference);
      return machine;
    },
  };
  const startTargets = (reference: string): Promise<readonly WeightedTarget[]> =>
    startTargetsOf(versionOptions, reference);
  const describeStateMachine: Control["describeStateMachine"] = async (reference) => {
    const targets = await startTargets(reference);
    return targets.toSorted((a, b) => b.weight - a.weight)[0]!.target.machine;
  };
  return {
    startTargets,
    describeStateMachine,
    ...stateMachineControl({
      store,
      arns,
      definitions,
      clock,
      pageTokens,
      ...(stopExecution !== undefined && { stopExecution }),
    }),
    ...versionControl(versionOptions),
    ...aliasControl(versionOptions),
    ...labelControl({ store, arns }),
    ...activityControl({ store, arns, pageTokens }),
    ...mapRunControl({
      sql: store.pool,
      arns,
      pageTokens,
      executionIdOf: async (reference) => (await executionHead({ store, arns }, reference)).id,
    }),
    ...recordControl({ store, arns, clock, limits, describeStateMachine }),
    ...listings({
      store,
      arns,
      pageTokens,
      clock,
      limits,
      liveWorkers,
      describeStateMachine,
    }),
    definitionGraph: async (source) => {
      if ("definition" in source) {
        const { format } = checkDefinition(source.definition, "STANDARD", undefined);
        return definitionGraph(source.definition, format);
      }
      const { definition, definitionFormat } = await describeStateMachine(source.stateMachine);
      return definitionGraph(definition, definitionFormat);
    },
    variableReferences: async (revisionId) =>
      Object.fromEntries(variableReferences(await definitions.get(revisionId))),
  };
}
