import {
  countExecutionLinks,
  listExecutionLinks,
  type LinkConditions,
  type LinksFilter,
} from "../store/reads/execution-links.ts";
import type { Engine, ExecutionLinkFilter } from "./engine.ts";
import { executionHead, type ExecutionHeadOptions } from "./execution-head.ts";
import { pageSizeOf, type PageQuery, type PageTokens } from "./page-token.ts";

/** Pages of links between executions. */
export async function executionLinksPage(
  options: ExecutionHeadOptions & { readonly pageTokens: PageTokens },
  query: Parameters<Engine["listExecutionLinks"]>[0],
): ReturnType<Engine["listExecutionLinks"]> {
  const { store, pageTokens } = options;
  const { pageSize, pageToken, ...asked } = query;
  const size = pageSizeOf(pageSize);
  const filter = await linksFilterOf(options, asked);
  const bound: PageQuery = { list: "ExecutionLinks", ...filter };
  const [createdAt, targetExecutionId] = pageTokens.open(bound, pageToken) ?? [];
  const after =
    createdAt === undefined
      ? undefined
      : { createdAt: String(createdAt), targetExecutionId: String(targetExecutionId) };
  const records = await listExecutionLinks(store.pool, filter, { after, limit: size + 1 });
  const page = records.slice(0, size);
  const last = page.at(-1);
  return {
    items: page.map(({ createdAt: _, ...link }) => link),
    ...(records.length > size &&
      last !== undefined && {
        nextPageToken: pageTokens.seal(bound, [last.createdAt, last.targetExecutionId]),
      }),
  };
}

export async function executionLinkCount(
  options: ExecutionHeadOptions,
  filter: ExecutionLinkFilter,
  limit: number,
): ReturnType<Engine["countExecutionLinks"]> {
  const where = await linksFilterOf(options, filter);
  const count = await countExecutionLinks(options.store.pool, where, limit + 1);
  return { count: Math.min(count, limit), isLimited: count > limit };
}

async function linksFilterOf(
  options: ExecutionHeadOptions,
  { sourceStatus, ...asked }: ExecutionLinkFilter,
): Promise<LinksFilter> {
  const conditions = await linkConditionsOf(options, asked);
  return { ...conditions, ...(sourceStatus !== undefined && { sourceStatus }) };
}

/** References to executions and machines as the rows have them. @throws EngineError ExecutionDoesNotExist, InvalidArn */
export async function linkConditionsOf(
  options: ExecutionHeadOptions,
  filter: Omit<ExecutionLinkFilter, "sourceStatus">,
): Promise<LinkConditions> {
  const { sourceExecution, targetExecution, sourceStateMachine, targetStateMachine, ...rest } =
    filter;
  const idOf = async (reference: string): Promise<string> =>
    (await executionHead(options, reference)).id;
  const nameOf = (reference: string): string => options.arns.parseQualified(reference).name;
  return {
    ...rest,
    ...(sourceExecution !== undefined && { sourceExecutionId: await idOf(sourceExecution) }),
    ...(targetExecution !== undefined && { targetExecutionId: await idOf(targetExecution) }),
    ...(sourceStateMachine !== undefined && { sourceStateMachine: nameOf(sourceStateMachine) }),
    ...(targetStateMachine !== undefined && { targetStateMachine: nameOf(targetStateMachine) }),
  };
}
