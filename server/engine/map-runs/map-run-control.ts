/** Map Runs: shown, listed, changed. */
import type pg from "pg";
import type { ExecutionFacts } from "../../asl/index.ts";
import { changeMapRun } from "../../store/control/map-runs.ts";
import {
  countChildren,
  findMapRun,
  listMapRuns,
  type MapRunCount,
  type MapRunRecord,
} from "../../store/reads/map-runs.ts";
import { doesNotExist, type Arns } from "../arns.ts";
import type { MapRun, MapRunCounts, MapRuns, MapRunSummary } from "../engine.ts";
import { pageSizeOf, type PageTokens } from "../page-token.ts";
import { childNames } from "./child-names.ts";

export interface MapRunControlOptions {
  readonly sql: pg.Pool;
  readonly arns: Arns;
  readonly pageTokens: PageTokens;
  /** Id of an execution. @throws ExecutionDoesNotExist */
  readonly executionIdOf: (reference: string) => Promise<string>;
}

export function mapRunControl(options: MapRunControlOptions): MapRuns {
  return {
    describeMapRun: (reference) => describe(options, reference),
    listMapRuns: (execution, query) => page(options, execution, query),
    updateMapRun: async (reference, change) => {
      const { sql, arns } = options;
      const isThere = await changeMapRun(sql, arns.parseMapRun(reference), change);
      if (!isThere) throw doesNotExist("ResourceNotFound", reference);
      return await describe(options, reference);
    },
  };
}

async function describe({ sql, arns }: MapRunControlOptions, reference: string): Promise<MapRun> {
  const id = arns.parseMapRun(reference);
  const [record, counts] = await Promise.all([findMapRun(sql, id), countChildren(sql, id)]);
  if (record === undefined) throw doesNotExist("ResourceNotFound", reference);
  const { itemCount, childCount } = record;
  // Without batches there are as many children as items; that is known before all have begun.
  const isBatched = counts.some(({ children, items }) => children !== items);
  const known = childCount ?? (isBatched ? null : itemCount);
  return {
    ...summaryOf(record, arns),
    itemCounts: countsOf(record, counts, { by: "items", known: itemCount }),
    executionCounts: countsOf(record, counts, { by: "children", known }),
  };
}

async function page(
  { sql, arns, pageTokens, executionIdOf }: MapRunControlOptions,
  execution: string,
  query: { readonly pageSize?: number; readonly pageToken?: string },
): ReturnType<MapRuns["listMapRuns"]> {
  const executionId = await executionIdOf(execution);
  const size = pageSizeOf(query.pageSize);
  const bound = { list: "MapRuns", executionId };
  const after = pageTokens.open(bound, query.pageToken)?.[0];
  const records = await listMapRuns(sql, executionId, {
    after: after === undefined ? undefined : String(after),
    limit: size + 1,
  });
  const items = records.slice(0, size);
  return {
    items: items.map((record) => summaryOf(record, arns)),
    ...(records.length > size && { nextPageToken: pageTokens.seal(bound, [items.at(-1)!.id]) }),
  };
}

function summaryOf(record: MapRunRecord, arns: Arns): MapRunSummary {
  const { id, arn, executionId, status, maxConcurrency, startedAtMs, stoppedAtMs } = record;
  const { redrivenAtMs } = record;
  const { executionArn } = JSON.parse(record.parentFacts) as ExecutionFacts;
  return {
    id,
    arn,
    executionId,
    executionArn,
    stateMachineArn: arns.stateMachine(childNames(arn).machineName),
    status,
    maxConcurrency,
    toleratedFailureCount: record.toleratedFailureCount ?? 0,
    toleratedFailurePercentage: record.toleratedFailurePercentage ?? 0,
    startedAtMs,
    ...(stoppedAtMs !== null && { stoppedAtMs }),
    redrive: { count: record.redriveCount, ...(redrivenAtMs !== null && { timeMs: redrivenAtMs }) },
  };
}

/** @param known how many there are in all, if that is known; else as many as have begun. */
function countsOf(
  { status }: MapRunRecord,
  counts: readonly MapRunCount[],
  { by, known }: { readonly by: "items" | "children"; readonly known: number | null },
): MapRunCounts {
  const sumOf = (some: readonly MapRunCount[]): number =>
    some.reduce((sum, count) => sum + count[by], 0);
  const of = (wanted: MapRunCount["status"]): number =>
    sumOf(counts.filter((count) => count.status === wanted && !count.isPending));
  const begun = sumOf(counts);
  const total = Math.max(known ?? 0, begun);
  return {
    pending: total - begun,
    running: of("RUNNING"),
    succeeded: of("SUCCEEDED"),
    failed: of("FAILED"),
    timedOut: of("TIMED_OUT"),
    aborted: of("ABORTED"),
    total,
    resultsWritten: status === "SUCCEEDED" ? begun : 0,
    pendingRedrive: sumOf(counts.filter(({ isPending }) => isPending)),
  };
}
