import { create } from "@bufbuild/protobuf";
import {
  AddBatchItemsResponseSchema,
  BatchService,
  CancelBatchResponseSchema,
  CreateBatchResponseSchema,
  GetBatchResponseSchema,
  ListBatchesResponseSchema,
  ListBatchItemsResponseSchema,
  PauseBatchResponseSchema,
  ResumeBatchResponseSchema,
} from "../../gen/pawl/v1/batch_service_pb.ts";
import { PayloadView, PayloadViewSchema } from "../../gen/pawl/v1/common_pb.ts";
import type { Batch as EngineBatch } from "../../engine/engine.ts";
import { parseBatchFilter, parseBatchItemFilter } from "../batch-filter.ts";
import { batchItemOf, batchOf } from "../convert/batch.ts";
import { checkPolicy, createBatchOf, policyOf } from "../convert/create-batch.ts";
import { pageInfoOf, pageQueryOf } from "../convert/page.ts";
import { viewOr } from "../convert/payload.ts";
import { service, type Handlers, type Service, type ServiceDeps } from "../service.ts";
import { refuse, Violations } from "../violations.ts";
import { watchBatch } from "./watch-batch.ts";

type Rpcs = Handlers<typeof BatchService>;

/** Batches: created, fed, shown, listed, followed, paused, resumed, cancelled. */
export function batchService(deps: ServiceDeps): Service {
  return service(BatchService, {
    createBatch: async (request) => {
      const batch = await deps.engine.createBatch(createBatchOf(request));
      return create(CreateBatchResponseSchema, { batch: batchOf(batch) });
    },
    addBatchItems: addBatchItems(deps),
    getBatch: async ({ batch: id }) => {
      const batch = await deps.engine.describeBatch(required(id));
      return create(GetBatchResponseSchema, { batch: batchOf(batch) });
    },
    ...lists(deps),
    watchBatch: watchBatch(deps),
    ...actions(deps),
  });
}

/** Each message is kept before the next one is read; the answer says where to go on. */
function addBatchItems({ engine }: ServiceDeps): Rpcs["addBatchItems"] {
  return async (requests) => {
    let batch: EngineBatch | undefined;
    for await (const { batch: id, firstIndex, values, last } of requests) {
      if (firstIndex < 0n || firstIndex > BigInt(Number.MAX_SAFE_INTEGER))
        refuse("first_index", `is ${firstIndex}; indexes count from 0`, "OUT_OF_RANGE");
      batch = await engine.addBatchItems(batch?.id ?? required(id), {
        firstIndex: Number(firstIndex),
        values,
        isLast: last,
      });
    }
    if (batch === undefined) return refuse("batch", "is required", "FIELD_REQUIRED");
    return create(AddBatchItemsResponseSchema, {
      nextIndex: BigInt(batch.counts.total),
      batch: batchOf(batch),
    });
  };
}

function lists({ engine }: ServiceDeps): Pick<Rpcs, "listBatches" | "listBatchItems"> {
  return {
    listBatches: async (request) => {
      const violations = new Violations();
      const query = pageQueryOf(request.page, violations, { hasFilter: true });
      violations.refuse();
      const filter = parseBatchFilter(request.page?.filter ?? "", "page.filter");
      const page = await engine.listBatches({ ...filter, ...query });
      return create(ListBatchesResponseSchema, {
        batches: page.items.map(batchOf),
        page: pageInfoOf(page.nextPageToken),
      });
    },
    listBatchItems: async (request) => {
      const violations = new Violations();
      violations.required("batch", request.batch);
      violations.known("payload_view", PayloadViewSchema, request.payloadView);
      const query = pageQueryOf(request.page, violations, { orders: ["index"], hasFilter: true });
      violations.refuse();
      const filter = parseBatchItemFilter(request.page?.filter ?? "", "page.filter");
      const view = viewOr(request.payloadView, PayloadView.NONE);
      const includeOutputs = view !== PayloadView.NONE;
      const page = await engine.listBatchItems(request.batch, {
        ...filter,
        ...query,
        includeOutputs,
      });
      return create(ListBatchItemsResponseSchema, {
        items: page.items.map((item) => batchItemOf(item, view)),
        page: pageInfoOf(page.nextPageToken),
      });
    },
  };
}

function actions({
  engine,
}: ServiceDeps): Pick<Rpcs, "pauseBatch" | "resumeBatch" | "cancelBatch"> {
  return {
    pauseBatch: async ({ batch: id, operator, reason }) => {
      const batch = await engine.pauseBatch(required(id), { operator, reason });
      return create(PauseBatchResponseSchema, { batch: batchOf(batch) });
    },
    resumeBatch: async ({ batch: id, operator, reason, failurePolicy, resetWindow }) => {
      const violations = new Violations();
      violations.required("batch", id);
      if (failurePolicy !== undefined) checkPolicy(failurePolicy, violations);
      violations.refuse();
      const batch = await engine.resumeBatch(id, {
        operator,
        reason,
        resetWindow,
        ...(failurePolicy !== undefined && { failurePolicy: policyOf(failurePolicy) }),
      });
      return create(ResumeBatchResponseSchema, { batch: batchOf(batch) });
    },
    cancelBatch: async ({ batch: id, operator, reason, stopStarted }) => {
      const batch = await engine.cancelBatch(required(id), { operator, reason, stopStarted });
      return create(CancelBatchResponseSchema, { batch: batchOf(batch) });
    },
  };
}

function required(id: string): string {
  return id === "" ? refuse("batch", "is required", "FIELD_REQUIRED") : id;
}
