import type { Batches, Pauses, Records } from "../../server/engine/engine.ts";

const notInMemory = async (): Promise<never> => {
  throw new Error("the engine in memory has no batches, no pauses and no statistics");
};

/** What is tested with the real engine only. */
export class NotInMemory
  implements
    Batches,
    Pauses,
    Pick<
      Records,
      "countExecutions" | "executionStatistics" | "deleteExecution" | "changeRetention"
    >
{
  countExecutions: Records["countExecutions"] = notInMemory;
  executionStatistics: Records["executionStatistics"] = notInMemory;
  deleteExecution: Records["deleteExecution"] = notInMemory;
  changeRetention: Records["changeRetention"] = notInMemory;
  pauseExecution: Pauses["pauseExecution"] = notInMemory;
  resumeExecution: Pauses["resumeExecution"] = notInMemory;
  changeRecovery: Pauses["changeRecovery"] = notInMemory;
  createBatch: Batches["createBatch"] = notInMemory;
  addBatchItems: Batches["addBatchItems"] = notInMemory;
  describeBatch: Batches["describeBatch"] = notInMemory;
  listBatches: Batches["listBatches"] = notInMemory;
  listBatchItems: Batches["listBatchItems"] = notInMemory;
  pauseBatch: Batches["pauseBatch"] = notInMemory;
  resumeBatch: Batches["resumeBatch"] = notInMemory;
  cancelBatch: Batches["cancelBatch"] = notInMemory;
  watchBatch: Batches["watchBatch"] = () => {
    throw new Error("the engine in memory has no batches");
  };
}
