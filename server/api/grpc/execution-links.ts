import { create } from "@bufbuild/protobuf";
import {
  ExecutionLinkSchema,
  ListExecutionLinksResponseSchema,
  type ExecutionService,
} from "../../gen/pawl/v1/execution_service_pb.ts";
import { pageInfoOf, pageQueryOf } from "../convert/page.ts";
import { timestampOf } from "../convert/time.ts";
import { parseLinkFilter } from "../link-filter.ts";
import type { Handlers, ServiceDeps } from "../service.ts";
import { Violations } from "../violations.ts";

/** Whose output became whose input, newest first. */
export function listExecutionLinks({
  engine,
}: ServiceDeps): Handlers<typeof ExecutionService>["listExecutionLinks"] {
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
