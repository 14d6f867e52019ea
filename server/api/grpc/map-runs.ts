import { create } from "@bufbuild/protobuf";
import type { ExecutionService } from "../../gen/pawl/v1/execution_service_pb.ts";
import {
  GetMapRunResponseSchema,
  ListMapRunsResponseSchema,
  UpdateMapRunResponseSchema,
} from "../../gen/pawl/v1/execution_service_pb.ts";
import { mapRunOf, mapRunSummaryOf } from "../convert/map-run.ts";
import { pageInfoOf, pageQueryOf } from "../convert/page.ts";
import type { Handlers, ServiceDeps } from "../service.ts";
import { Violations } from "../violations.ts";

type MapRunRpcs = Pick<
  Handlers<typeof ExecutionService>,
  "getMapRun" | "listMapRuns" | "updateMapRun"
>;

/** Map Runs: shown, listed, changed. */
export function mapRuns({ engine }: ServiceDeps): MapRunRpcs {
  return {
    getMapRun: async ({ mapRun }) => {
      const violations = new Violations();
      violations.required("map_run", mapRun);
      violations.refuse();
      const found = await engine.describeMapRun(mapRun);
      return create(GetMapRunResponseSchema, { mapRun: mapRunOf(found) });
    },
    listMapRuns: async (request) => {
      const violations = new Violations();
      violations.required("execution", request.execution);
      const query = pageQueryOf(request.page, violations);
      violations.refuse();
      const page = await engine.listMapRuns(request.execution, query);
      return create(ListMapRunsResponseSchema, {
        mapRuns: page.items.map(mapRunSummaryOf),
        page: pageInfoOf(page.nextPageToken),
      });
    },
    updateMapRun: async (request) => {
      const { mapRun, maxConcurrency, toleratedFailurePercentage, toleratedFailureCount } = request;
      const violations = new Violations();
      violations.required("map_run", mapRun);
      const limits = [
        ["max_concurrency", maxConcurrency, int32Max],
        ["tolerated_failure_percentage", toleratedFailurePercentage, 100],
        ["tolerated_failure_count", toleratedFailureCount, int32Max],
      ] as const;
      for (const [field, value, most] of limits)
        if (value !== undefined && !(value >= 0 && value <= most))
          violations.add(field, `is ${value}; it must be from 0 to ${most}`, "OUT_OF_RANGE");
      violations.refuse();
      const changed = await engine.updateMapRun(mapRun, {
        ...(maxConcurrency !== undefined && { maxConcurrency }),
        ...(toleratedFailurePercentage !== undefined && { toleratedFailurePercentage }),
        ...(toleratedFailureCount !== undefined && {
          toleratedFailureCount: Number(toleratedFailureCount),
        }),
      });
      return create(UpdateMapRunResponseSchema, { mapRun: mapRunOf(changed) });
    },
  };
}

const int32Max = 2_147_483_647;
