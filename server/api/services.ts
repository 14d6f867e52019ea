import { batchService } from "./grpc/batch-service.ts";
import { executionService } from "./grpc/execution-service.ts";
import { stateMachineService } from "./grpc/state-machine-service.ts";
import { systemService } from "./grpc/system-service.ts";
import { taskQueueService } from "./grpc/task-queue-service.ts";
import { workerService } from "./grpc/worker-service.ts";
import type { Service, ServiceDeps } from "./service.ts";

/** Everything this server serves, over gRPC and over Connect alike. */
export function servicesOf(deps: ServiceDeps): readonly Service[] {
  return [
    stateMachineService(deps),
    executionService(deps),
    workerService(deps),
    taskQueueService(deps),
    batchService(deps),
    systemService(deps),
  ];
}
