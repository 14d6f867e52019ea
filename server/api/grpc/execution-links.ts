import { create } from "@bufbuild/protobuf";
import {
  CountExecutionLinksResponseSchema,
  ExecutionLinkSchema,
  ListExecutionLinksResponseSchema,
  type ExecutionService,
} from "../../gen/pawl/v1/execution_service_pb.ts";
import { pageInfoOf, pageQueryOf } from "../convert/page.ts";
import { timestampOf } from "../convert/time.ts";
import {
  countLimitDefault,
  countLimitMax,
  filterCharactersMax,
  joinedCountLimitDefault,
} from "../limits.ts";
import { parseLinkFilter } from "../link-filter.ts";
import type { Handlers, ServiceDeps } from "../service.ts";
import { Violations } from "../violations.ts";

type Rpcs = Pick<Handlers<typeof ExecutionService>, "listExecutionLinks" | "countExecutionLinks">;

/** Whose output became whose input. */
export function executionLinks(deps: ServiceDeps): Rpcs {
  return {
    listExecutionLinks: listExecutionLinks(deps),
    countExecutionLinks: async ({ filter, limit }) => {
      const violations = new Violations();
      violations.length("filter", filter, filterCharactersMax);
      violations.range("limit", limit, [0, countLimitMax]);
      violations.refuse();
      const where = parseLinkFilter(filter, "filter");
      const limitDefault =
        where.sourceStatus === undefined ? countLimitDefault : joinedCountLimitDefault;
      const { count, isLimited } = await deps.engine.countExecutionLinks(
        where,
        limit || limitDefault,
      );
      return create(CountExecutionLinksResponseSchema, {
        count: BigInt(count),
        limited: isLimited,
      });
    },
  };
}

/** Newest first. */
function listExecutionLinks({ engine }: ServiceDeps): Rpcs["listExecutionLinks"] {
  return async (request) => {
    const violations = new Violations();
    const query = pageQueryOf(request.page, violations, {
      orders: ["create_time desc"],
      hasFilter: true,
    });
    violations.refuse();
    const filter = parseLinkFilter(request.page?.filter ?? "", "page.filter");
    const page = await engine.listExecutionLinks({ ...query, ...filter });
    return create(ListExecutionLinksResponseSchema, {
      links: page.items.map((link) =>
        create(ExecutionLinkSchema, {
          sourceExecution: link.sourceExecutionId,
          sourceStateMachine: link.sourceStateMachineName,
          sourceState: link.sourceState,
          transformer: link.transformer,
          targetExecution: link.targetExecutionId,
          targetStateMachine: link.targetStateMachineName,
          createTime: timestampOf(link.createdAtMs),
        }),
      ),
      page: pageInfoOf(page.nextPageToken),
    });
  };
}
