import { create } from "@bufbuild/protobuf";
import {
  ListWorkersResponseSchema,
  TaskQueueService,
} from "../../gen/pawl/v1/worker_service_pb.ts";
import { pageInfoOf, pageQueryOf } from "../convert/page.ts";
import { workerInfoOf } from "../convert/worker.ts";
import { service, unimplemented, type Service, type ServiceDeps } from "../service.ts";
import { Violations } from "../violations.ts";

/** Queues and workers as operators see them; so far the workers. */
export function taskQueueService({ engine }: ServiceDeps): Service {
  return service(TaskQueueService, {
    listTaskQueues: unimplemented("statistics of task queues are not built yet"),
    updateTaskQueue: unimplemented("pausing and limiting task queues is not built yet"),
    listTasks: unimplemented(
      "listing tasks is not built yet; GetExecution shows an execution's active states",
    ),
    listWorkers: async (request) => {
      const violations = new Violations();
      const query = pageQueryOf(request.page, violations);
      violations.refuse();
      const page = await engine.listWorkers(query);
      return create(ListWorkersResponseSchema, {
        workers: page.items.map(workerInfoOf),
        page: pageInfoOf(page.nextPageToken),
      });
    },
    drainWorker: unimplemented(
      "draining a worker from the server is not built yet; send the worker SIGTERM",
    ),
  });
}
