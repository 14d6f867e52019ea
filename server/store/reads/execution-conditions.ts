import type { ExecutionStatus } from "../../asl/index.ts";
import { isLinkSource, type LinkConditions } from "./execution-links.ts";
import { hasStatus, isOpen } from "./execution-status.ts";

/** Newest first: by start, then by id. */
export interface ExecutionPosition {
  /** Microseconds since the epoch, as text: the database's own precision. */
  readonly startedAt: string;
  readonly id: string;
}

/** Which executions; all parts must hold. */
export interface ListExecutionsFilter {
  readonly stateMachineId?: string;
  /** That is a Map Run's id. */
  readonly isMapRun?: true;
  /** Those started through this version, by an alias too. */
  readonly version?: number;
  /** Those started through this alias. */
  readonly alias?: string;
  readonly status?: ExecutionStatus;
  readonly isPaused?: boolean;
  readonly isRedriven?: boolean;
  /** The whole name. */
  readonly name?: string;
  /** Those the execution may have; an empty list fits none. */
  readonly ids?: readonly string[];
  readonly namePrefix?: string;
  /** The error it ended with. */
  readonly error?: string;
  /** Open ones in a state of this name, branches and items included. */
  readonly currentState?: string;
  /** Exclusive, as all these times. */
  readonly startedAfterMs?: number;
  readonly startedBeforeMs?: number;
  readonly endedAfterMs?: number;
  readonly endedBeforeMs?: number;
  /** All of them. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Sources of a link that fulfils these conditions, or all others. */
  readonly links?: { readonly isLinked: boolean; readonly by: LinkConditions };
}

/** SQL conditions on `executions`. @param bound makes a parameter of a value. */
export function executionConditions(
  filter: ListExecutionsFilter,
  bound: (value: unknown) => string,
): string[] {
  const { stateMachineId, version, alias, isRedriven, ids, labels, links } = filter;
  const where = [...stateConditions(filter, bound), ...timeConditions(filter, bound)];
  // Children of Map Runs are listed with their run only: their machines are called `<machine>/<label>`.
  const isOfAny = stateMachineId === undefined && ids === undefined;
  // A link says the same of its source, and then an index of executions may do without their rows.
  const isByLink = isOfAny && links?.isLinked === true;
  if (isOfAny && !isByLink) where.push("strpos(state_machine_name, '/') = 0");
  if (stateMachineId !== undefined) where.push(`state_machine_id = ${bound(stateMachineId)}`);
  if (version !== undefined) where.push(`version = ${bound(version)}`);
  if (alias !== undefined) where.push(`alias = ${bound(alias)}`);
  if (isRedriven !== undefined) where.push(`(redrive is not null) = ${bound(isRedriven)}`);
  if (ids !== undefined) where.push(`id = any(${bound(ids)}::uuid[])`);
  if (labels !== undefined && Object.keys(labels).length > 0)
    where.push(`labels @> ${bound(JSON.stringify(labels))}::jsonb`);
  // A source was started before what was made of its output: this time has an index.
  if (links?.isLinked === true && links.by.createdBeforeMs !== undefined)
    where.push(`started_at < ${momentOf(bound(links.by.createdBeforeMs), "millisecond")}`);
  if (links !== undefined)
    where.push(
      `${links.isLinked ? "" : "not "}${isLinkSource({ ...links.by, isOfMachine: isByLink }, bound)}`,
    );
  return [...where, ...nameConditions(filter, bound)];
}

function stateConditions(
  { status, isPaused, error, currentState }: ListExecutionsFilter,
  bound: (value: unknown) => string,
): string[] {
  const where: string[] = [];
  if (status !== undefined) where.push(hasStatus(status, bound));
  if (currentState !== undefined && status !== "RUNNING") where.push(isOpen);
  if (status !== undefined && status !== "RUNNING" && currentState !== undefined)
    where.push("false");
  if (isPaused !== undefined) where.push(`pause is ${isPaused ? "not " : ""}null`);
  if (error !== undefined) where.push(`error = ${bound(error)}`);
  if (currentState !== undefined) {
    const name = bound(currentState);
    where.push(`(state::json ->> 'stateName' = ${name} or exists (
      select from scopes s where s.execution_id = executions.id and s.state::json ->> 'stateName' = ${name}))`);
  }
  return where;
}

/** Names that Pawl made are ids; only those of callers are in the index, in the order of bytes. */
function nameConditions(
  { name, namePrefix }: ListExecutionsFilter,
  bound: (value: unknown) => string,
): string[] {
  const where: string[] = [];
  if (name !== undefined) {
    const parameter = bound(name);
    const given = `(name <> id::text and name collate "C" = ${parameter})`;
    const made = `(id = ${parameter}::uuid and name = ${parameter})`;
    where.push(uuid.test(name) ? `(${given} or ${made})` : given);
  }
  if (namePrefix !== undefined) {
    const parameter = bound(namePrefix);
    // Not LIKE: % and _ are characters of names.
    const given = `(name <> id::text and starts_with(name collate "C", ${parameter}))`;
    const ids = idsFrom(namePrefix);
    where.push(
      ids === undefined
        ? given
        : `(${given} or (id between ${bound(ids.first)}::uuid and ${bound(ids.last)}::uuid and starts_with(name, ${parameter})))`,
    );
  }
  return where;
}

/** The ids whose text begins so; undefined: none does. */
function idsFrom(prefix: string): { readonly first: string; readonly last: string } | undefined {
  const first = prefix + lowest.slice(prefix.length);
  return uuid.test(first) ? { first, last: prefix + highest.slice(prefix.length) } : undefined;
}

const lowest = "00000000-0000-0000-0000-000000000000";
const highest = "ffffffff-ffff-ffff-ffff-ffffffffffff";
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function timeConditions(filter: ListExecutionsFilter, bound: (value: unknown) => string): string[] {
  const { startedAfterMs, startedBeforeMs, endedAfterMs, endedBeforeMs } = filter;
  const compared = [
    ["started_at >", startedAfterMs],
    ["started_at <", startedBeforeMs],
    ["stopped_at >", endedAfterMs],
    ["stopped_at <", endedBeforeMs],
    // Nothing ends before it has started: this one has an index.
    ["started_at <", endedBeforeMs],
  ] as const;
  return compared.flatMap(([comparison, ms]) =>
    ms === undefined ? [] : [`${comparison} ${momentOf(bound(ms), "millisecond")}`],
  );
}

/** Whether a row of `executions` comes after this one in lists, which are newest first. */
export function isAfter(
  { startedAt, id }: ExecutionPosition,
  bound: (value: unknown) => string,
): string {
  return `(started_at, id) < (${momentOf(bound(startedAt), "microsecond")}, ${bound(id)}::uuid)`;
}

export function momentOf(parameter: string, unit: "millisecond" | "microsecond"): string {
  return `(timestamptz 'epoch' + ${parameter}::float8 * interval '1 ${unit}')`;
}
