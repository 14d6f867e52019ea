import { BatchService } from "../../gen/pawl/v1/batch_service_pb.ts";
import { service, unimplemented, type Service } from "../service.ts";

/** In the contract, not built: every RPC says so. */
export function batchService(): Service {
  const missing = unimplemented(
    "batches are not built yet; StartExecutions starts many executions on one stream",
  );
  return service(BatchService, {
    createBatch: missing,
    addBatchItems: missing,
    getBatch: missing,
    listBatches: missing,
    listBatchItems: missing,
    watchBatch: missing,
    pauseBatch: missing,
    resumeBatch: missing,
    cancelBatch: missing,
  });
}
