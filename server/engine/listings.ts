import { parseJson, type ExecutionFacts, type Limits } from "../asl/index.ts";
import type { Store } from "../store/open-store.ts";
import { listExecutions } from "../store/reads/executions.ts";
import { readHistoryPage } from "../store/reads/history.ts";
import { listMessageWaits } from "../store/reads/message-waits.ts";
import { findRevision, findStateMachine } from "../store/reads/state-machines.ts";
import { findVersion } from "../store/reads/versions.ts";
import { listWorkers } from "../store/reads/workers.ts";
import type { WorkerRecord } from "../store/reads/workers.ts";
import { qualifierOf } from "./arns.ts";
import type { Arns } from "./arns.ts";
import type { Clock } from "./clock.ts";
import { checkStorable } from "./check-storable.ts";
import { correlationOf } from "./correlation.ts";
import type {
  Engine,
  Links,
  ListExecutions,
  ListHistory,
  ListMessageWaits,
  StateMachine,
  WorkerInfo,
} from "./engine.ts";
import { executionHead } from "./execution-head.ts";
import { executionOfRow } from "./execution-view.ts";
import { executionLinkCount, executionLinksPage } from "./link-listing.ts";
import { executionWhere } from "./records/execution-where.ts";
import { pageSizeOf } from "./page-token.ts";
import type { PageQuery, PageTokens } from "./page-token.ts";

type Listings = Pick<
  Engine,
  | "listExecutions"
  | "listHistory"
  | "listWorkers"
  | "describeStateMachineForExecution"
  | "listMessageWaits"
  | keyof Links
>;

export interface ListingsOptions {
  readonly store: Pick<Store, "orm" | "pool">;
  readonly arns: Arns;
  readonly pageTokens: PageTokens;
  readonly clock: Pick<Clock, "nowMs">;
  readonly limits: Pick<Limits, "historyEventsMax">;
  readonly describeStateMachine: (reference: string) => Promise<StateMachine>;
  /** What this server knows better of its own sessions than the database. */
  readonly liveWorkers: () => readonly WorkerInfo[];
}

/** What needs no decision: pages of executions, of a record, of workers. */
export function listings(options: ListingsOptions): Listings {
  return {
    listExecutions: (query) => executionsPage(options, query),
    listHistory: (reference, query) => historyPage(options, reference, query),
    listWorkers: (query) => workersPage(options, query),
    listMessageWaits: (query) => messageWaitsPage(options, query),
    listExecutionLinks: (query) => executionLinksPage(options, query),
    countExecutionLinks: (filter, limit) => executionLinkCount(options, filter, limit),
    describeStateMachineForExecution: (reference) => machineOfExecution(options, reference),
  };
}

async function executionsPage(
  options: ListingsOptions,
  query: ListExecutions,
): ReturnType<Engine["listExecutions"]> {
  const { store, pageTokens } = options;
  const size = pageSizeOf(query.pageSize);
  const { pageSize: _, pageToken, includePayloads = false, ...filter } = query;
  const where = await executionWhere(options, filter);
  const { labels, links, ids: __, ...bindable } = where;
  const bound: PageQuery = {
    list: "Executions",
    ...bindable,
    links: links && JSON.stringify(links),
    labels: labels === undefined ? undefined : sortedText(labels),
  };
  const [startedAt, id] = pageTokens.open(bound, pageToken) ?? [];
  const after =
    startedAt === undefined ? undefined : { startedAt: String(startedAt), id: String(id) };
  const records = await listExecutions(store.pool, where, { after, limit: size, includePayloads });
  const { clock, limits } = options;
  const moment = { nowMs: clock.nowMs(), historyEventsMax: limits.historyEventsMax };
  const last = records.at(-1);
  // A full page may be the last one; so may a page cut for its size. Whether there is more is asked only then.
  const hasMore =
    last !== undefined &&
    (
      await listExecutions(store.pool, where, {
        after: last.position,
        limit: 1,
        includePayloads: false,
      })
    ).length > 0;
  return {
    items: records.map((record) => executionOfRow(record, moment)),
    ...(hasMore && {
      nextPageToken: pageTokens.seal(bound, [last.position.startedAt, last.position.id]),
    }),
  };
}

function sortedText(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

async function historyPage(
  options: ListingsOptions,
  reference: string,
  query: ListHistory,
): ReturnType<Engine["listHistory"]> {
  const { store, pageTokens } = options;
  const limit = pageSizeOf(query.pageSize);
  const { id: executionId, nextEventId } = await executionHead(options, reference);
  const isReverse = query.reverse ?? false;
  const bound: PageQuery = { list: "History", executionId, isReverse };
  const position = pageTokens.open(bound, query.pageToken)?.[0];
  const asked = position === undefined ? query.afterEventId : Number(position);
  // No record has more events; the column holds no more either.
  const from = asked === undefined ? undefined : Math.min(asked, nextEventId);
  const items = await readHistoryPage(store.pool, { executionId, from, isReverse, limit });
  const last = items.at(-1)?.id;
  const hasMore = last !== undefined && (isReverse ? last > 1 : last < nextEventId - 1);
  return { items, ...(hasMore && { nextPageToken: pageTokens.seal(bound, [last]) }) };
}

async function workersPage(
  options: ListingsOptions,
  query: { pageSize?: number; pageToken?: string },
): ReturnType<Engine["listWorkers"]> {
  const { store, pageTokens, liveWorkers } = options;
  const size = pageSizeOf(query.pageSize);
  const bound: PageQuery = { list: "Workers" };
  const after = pageTokens.open(bound, query.pageToken)?.[0];
  const records = await listWorkers(store.pool, {
    afterSessionId: after === undefined ? undefined : String(after),
    limit: size + 1,
  });
  const items = records.slice(0, size);
  const live = new Map(liveWorkers().map((worker) => [worker.sessionId, worker]));
  return {
    items: items.map((record) => live.get(record.sessionId) ?? workerOf(record)),
    ...(records.length > size && {
      nextPageToken: pageTokens.seal(bound, [items.at(-1)!.sessionId]),
    }),
  };
}

async function messageWaitsPage(
  options: ListingsOptions,
  query: ListMessageWaits,
): ReturnType<Engine["listMessageWaits"]> {
  const { store, pageTokens } = options;
  const { stateMachine, correlationKey, correlationValue } = query;
  const size = pageSizeOf(query.pageSize);
  checkStorable({ correlation_key: correlationKey });
  const machine =
    stateMachine === undefined ? undefined : await options.describeStateMachine(stateMachine);
  const filter = {
    stateMachineId: machine?.id,
    correlationKey,
    correlation:
      correlationKey === undefined || correlationValue === undefined
        ? undefined
        : correlationOf(correlationKey, parseJson(correlationValue)),
  };
  const bound: PageQuery = { list: "MessageWaits", ...filter };
  const records = await listMessageWaits(store.pool, filter, {
    after: pageTokens.open(bound, query.pageToken),
    limit: size + 1,
  });
  const page = records.slice(0, size);
  const last = page.at(-1);
  return {
    items: page.map(({ timeoutAtMs, since: _, waitId: __, ...wait }) => ({
      ...wait,
      ...(timeoutAtMs !== null && { timeoutAtMs }),
    })),
    ...(records.length > size &&
      last !== undefined && {
        nextPageToken: pageTokens.seal(bound, [last.since, last.executionId, last.waitId]),
      }),
  };
}

function workerOf({ facts, isClosed, isServerAlive, ...record }: WorkerRecord): WorkerInfo {
  const { pools, labels, runtime, buildId, remoteAddress } = facts as Partial<WorkerInfo>;
  return {
    ...record,
    status: !isClosed && isServerAlive ? "CONNECTED" : "LOST",
    pools: pools ?? [],
    labels: labels ?? {},
    runtime: runtime ?? {},
    buildId: buildId ?? "",
    remoteAddress: remoteAddress ?? "",
    running: {},
  };
}

async function machineOfExecution(
  options: ListingsOptions,
  reference: string,
): Promise<StateMachine> {
  const { orm } = options.store;
  const { stateMachineName, facts, revisionId } = await executionHead(options, reference);
  const [machine, revision] = await Promise.all([
    // That of a Map Run's child is called `<machine>/<label>`.
    findStateMachine(orm, stateMachineName.split("/")[0]!),
    findRevision(orm, revisionId),
  ]);
  if (revision === undefined) throw new Error(`revision ${revisionId} is not in the database`);
  const { stateMachineArn, stateMachineVersionArn, roleArn, type, mapRun } = JSON.parse(
    facts,
  ) as ExecutionFacts;
  // Another machine may have the name by now; of the one that is gone, the revision is left.
  const present = machine?.id === revision.stateMachineId ? machine : undefined;
  const version =
    present === undefined || stateMachineVersionArn === undefined
      ? undefined
      : await findVersion(orm, present, Number(qualifierOf(stateMachineVersionArn)));
  const settings = version ?? present;
  return {
    id: revision.stateMachineId,
    ...(mapRun !== undefined && { mapRunArn: mapRun.arn }),
    name: stateMachineName,
    arn: stateMachineArn,
    type,
    status: present?.status ?? "DELETING",
    definition: revision.definition,
    definitionFormat: revision.format,
    roleArn,
    description: present?.description ?? "",
    labels: present?.labels ?? {},
    revisionId,
    updateCount: revision.isFirst ? 0 : 1,
    createdAtMs: present?.createdAtMs ?? revision.createdAtMs,
    updatedAtMs: revision.createdAtMs,
    ...(settings?.logging !== undefined && { logging: settings.logging }),
    ...(settings?.tracing !== undefined && { tracing: settings.tracing }),
    ...(settings?.encryption !== undefined && { encryption: settings.encryption }),
  };
}
