import type { Store } from "../../store/open-store.ts";
import type { ListExecutionsFilter } from "../../store/reads/execution-conditions.ts";
import { findMapRun } from "../../store/reads/map-runs.ts";
import { doesNotExist, type Arns } from "../arns.ts";
import { checkStorable } from "../check-storable.ts";
import type { ExecutionFilter, StateMachine } from "../engine.ts";
import { EngineError } from "../errors.ts";
import { candidateIds } from "../ids.ts";
import { linkConditionsOf } from "../link-listing.ts";

export interface ExecutionWhereOptions {
  readonly store: Pick<Store, "orm" | "pool">;
  readonly arns: Arns;
  readonly describeStateMachine: (reference: string) => Promise<StateMachine>;
}

/**
 * A caller's filter with the names in it looked up.
 *
 * @throws EngineError StateMachineDoesNotExist, ResourceNotFound, ValidationException
 */
export async function executionWhere(
  options: ExecutionWhereOptions,
  { stateMachine, mapRun, labels, linked, ...filter }: ExecutionFilter,
): Promise<ListExecutionsFilter> {
  checkTimes("start", filter.startedAfterMs, filter.startedBeforeMs);
  checkTimes("end", filter.endedAfterMs, filter.endedBeforeMs);
  const { name, namePrefix, error, currentState } = filter;
  checkStorable({ name, name_prefix: namePrefix, error, current_state: currentState, labels });
  const machine =
    stateMachine === undefined ? undefined : await options.describeStateMachine(stateMachine);
  // The children of a Map Run are kept under its id.
  const machineId = mapRun === undefined ? machine?.id : await mapRunId(options, mapRun);
  return {
    ...filter,
    ...(stateMachine !== undefined && routeFilterOf(options.arns, stateMachine)),
    ...(labels !== undefined && { labels }),
    ...(linked !== undefined && {
      links: { isLinked: linked.isLinked, by: await linkConditionsOf(options, linked.by) },
    }),
    ...(machineId !== undefined && { stateMachineId: machineId }),
    ...(mapRun !== undefined && { isMapRun: true }),
    // A machine's execution is found by its name's id, without a search.
    ...(machine?.type === "STANDARD" &&
      name !== undefined && { ids: candidateIds(machine.name, name) }),
  };
}

function routeFilterOf(
  arns: Arns,
  reference: string,
): Pick<ListExecutionsFilter, "version" | "alias"> {
  const { qualifier } = arns.parseQualified(reference);
  if (qualifier === undefined) return {};
  return typeof qualifier === "number" ? { version: qualifier } : { alias: qualifier };
}

async function mapRunId(
  { store, arns }: ExecutionWhereOptions,
  reference: string,
): Promise<string> {
  const id = arns.parseMapRun(reference);
  if ((await findMapRun(store.pool, id)) === undefined)
    throw doesNotExist("ResourceNotFound", reference);
  return id;
}

function checkTimes(
  what: "start" | "end",
  afterMs: number | undefined,
  beforeMs: number | undefined,
): void {
  if (afterMs === undefined || beforeMs === undefined || afterMs <= beforeMs) return;
  const article = what === "end" ? "an" : "a";
  const description = `asks for ${article} ${what} after a later and before an earlier time`;
  throw new EngineError("ValidationException", `the filter ${description}`, {
    reason: "FILTER",
    violations: [{ field: "filter", description, reason: "FILTER" }],
  });
}
