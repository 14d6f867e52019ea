import { create } from "@bufbuild/protobuf";
import {
  GetTaskInputResponseSchema,
  HeartbeatTasksResponseSchema,
  PollTasksResponseSchema,
  ReportTasksResponseSchema,
  WorkerService,
  type PollTasksRequest,
} from "../../gen/pawl/v1/worker_service_pb.ts";
import {
  engineHeartbeatOf,
  heartbeatReplyOf,
  outcomeAckOf,
  partOutcomes,
} from "../convert/task-report.ts";
import { taskBytes, taskOf } from "../convert/task.ts";
import { durationMs, durationOf } from "../convert/time.ts";
import { workerHelloOf } from "../convert/worker.ts";
import { pollTasksMax, pollWaitMsMax, receiveMessageBytesMax } from "../limits.ts";
import { service, type Handlers, type Service, type ServiceDeps } from "../service.ts";
import { quoted, Violations } from "../violations.ts";
import type { CallContext } from "../call-context.ts";
import type { Task as EngineTask } from "../../engine/engine.ts";
import { work } from "./work-stream.ts";

type Rpcs = Handlers<typeof WorkerService>;

/** What a worker needs: the stream, and the unary twin of each of its messages. */
export function workerService(deps: ServiceDeps): Service {
  return service(WorkerService, {
    work: work(deps),
    pollTasks: pollTasks(deps),
    reportTasks: reportTasks(deps),
    heartbeatTasks: heartbeatTasks(deps),
    getTaskInput: getTaskInput(deps),
  });
}

function pollTasks(deps: ServiceDeps): Rpcs["pollTasks"] {
  const { engine, config, draining } = deps;
  return async (request, context) => {
    const { heldTaskTokens: _, ...hello } = workerHelloOf(request.hello, "hello", context.peer);
    const { maxTasks, waitMs } = pollOf(
      request,
      hello.pools.map(({ name }) => name),
    );
    const leave = new AbortController();
    const abort = (): void => leave.abort();
    const stopListening = draining.onBegin(abort);
    context.signal.addEventListener("abort", abort, { once: true });
    if (context.signal.aborted) abort();
    try {
      const wait = Math.min(waitMs, waitBefore(context));
      const tasks = await engine.pollTasks({ hello, maxTasks, waitMs: wait, signal: leave.signal });
      const { kept, returned } = fitting(tasks);
      if (returned.length > 0)
        await engine.releaseTasks(returned.map(({ taskToken }) => taskToken));
      return create(PollTasksResponseSchema, {
        tasks: kept.map(taskOf),
        deliveryLease: durationOf(config.deliveryLeaseMs),
        ...(draining.isDraining && { retryAfter: durationOf(1_000) }),
      });
    } finally {
      stopListening();
      context.signal.removeEventListener("abort", abort);
    }
  };
}

/** What a poll asks for: more tasks or a longer wait than allowed are cut, nonsense is refused. */
function pollOf(
  request: PollTasksRequest,
  pools: readonly string[],
): { maxTasks: Record<string, number>; waitMs: number } {
  const violations = new Violations();
  violations.duration("wait", request.wait);
  const maxTasks = new Map(
    pools.map((pool) => [pool, Object.keys(request.maxTasks).length === 0 ? 1 : 0]),
  );
  for (const [pool, most] of Object.entries(request.maxTasks)) {
    if (!maxTasks.has(pool))
      violations.add(
        "max_tasks",
        `names pool ${quoted(pool)}, which hello does not`,
        "UNKNOWN_POOL",
      );
    if (most < 1)
      violations.add(
        `max_tasks[${quoted(pool)}]`,
        `is ${most}; it must be at least 1`,
        "OUT_OF_RANGE",
      );
    maxTasks.set(pool, Math.min(most, pollTasksMax));
  }
  violations.refuse();
  const waitMs =
    request.wait === undefined ? pollWaitMsMax : Math.min(durationMs(request.wait), pollWaitMsMax);
  return { maxTasks: Object.fromEntries(maxTasks), waitMs };
}

/** A poll that outlives its caller's deadline would hand tasks to nobody. */
function waitBefore(context: CallContext): number {
  const timeoutMs = context.timeoutMs();
  return timeoutMs === undefined ? Number.POSITIVE_INFINITY : Math.max(0, timeoutMs - 500);
}

/** As many tasks as a client with gRPC's default receive limit can take; at least one. */
function fitting(tasks: readonly EngineTask[]): {
  kept: readonly EngineTask[];
  returned: readonly EngineTask[];
} {
  let bytes = 0;
  for (const [index, task] of tasks.entries()) {
    bytes += taskBytes(task);
    if (index > 0 && bytes > receiveMessageBytesMax - 64 * 1024)
      return { kept: tasks.slice(0, index), returned: tasks.slice(index) };
  }
  return { kept: tasks, returned: [] };
}

function reportTasks({ engine }: ServiceDeps): Rpcs["reportTasks"] {
  return async (request) => {
    const { taken, refused } = partOutcomes(request.outcomes);
    const [acks] = await Promise.all([
      taken.length === 0 ? [] : engine.reportTasks(taken),
      request.release.length === 0 ? undefined : engine.releaseTasks(request.release),
    ]);
    return create(ReportTasksResponseSchema, { acks: [...acks.map(outcomeAckOf), ...refused] });
  };
}

function heartbeatTasks({ engine }: ServiceDeps): Rpcs["heartbeatTasks"] {
  return async (request) => {
    const replies =
      request.beats.length === 0
        ? []
        : await engine.heartbeatTasks(request.beats.map(engineHeartbeatOf));
    return create(HeartbeatTasksResponseSchema, { replies: replies.map(heartbeatReplyOf) });
  };
}

function getTaskInput({ engine }: ServiceDeps): Rpcs["getTaskInput"] {
  return async (request) =>
    create(GetTaskInputResponseSchema, { input: await engine.getTaskInput(request.taskToken) });
}
