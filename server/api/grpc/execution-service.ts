import { create } from "@bufbuild/protobuf";
import type { Execution as EngineExecution, ListExecutions } from "../../engine/engine.ts";
import { EngineError } from "../../engine/errors.ts";
import { PayloadView, PayloadViewSchema } from "../../gen/pawl/v1/common_pb.ts";
import {
  ExecutionService,
  GetExecutionResponseSchema,
  ListExecutionEventsResponseSchema,
  ListExecutionsResponseSchema,
  RedriveExecutionResponseSchema,
  RunExecutionResponseSchema,
  StartExecutionResponseSchema,
  StopExecutionResponseSchema,
  type ListExecutionsRequest,
} from "../../gen/pawl/v1/execution_service_pb.ts";
import type { CallContext } from "../call-context.ts";
import { executionOf, failureOf } from "../convert/execution.ts";
import { executionEventOf } from "../convert/history-event.ts";
import { pageInfoOf, pageQueryOf } from "../convert/page.ts";
import { viewOr } from "../convert/payload.ts";
import { startExecutionOf, traceparentOf } from "../convert/start-execution.ts";
import { engineFilterOf } from "../execution-filter.ts";
import { redriveRequestIdCharactersMax, runWaitMsMax, stateNameCharactersMax } from "../limits.ts";
import {
  service,
  unimplemented,
  type Handlers,
  type Service,
  type ServiceDeps,
} from "../service.ts";
import { Violations } from "../violations.ts";
import { executionLinks } from "./execution-links.ts";
import { mapRuns } from "./map-runs.ts";
import { listMessageWaits, sendMessage } from "./messages.ts";
import { pauses } from "./pauses.ts";
import { records } from "./records.ts";
import { startExecutions } from "./start-executions.ts";
import { watchExecution } from "./watch-execution.ts";

type Rpcs = Handlers<typeof ExecutionService>;

/** Start, run, read, watch, stop and redrive executions. */
export function executionService(deps: ServiceDeps): Service {
  return service(ExecutionService, {
    startExecution: startExecution(deps),
    startExecutions: startExecutions(deps),
    runExecution: runExecution(deps),
    getExecution: getExecution(deps),
    listExecutions: listExecutions(deps),
    listExecutionEvents: listExecutionEvents(deps),
    watchExecution: watchExecution(deps),
    stopExecution: stopExecution(deps),
    watchExecutions: unimplemented(
      "watching a set of executions is not built yet; watch one, or list",
    ),
    ...pauses(deps),
    redriveExecution: redriveExecution(deps),
    sendMessage: sendMessage(deps),
    listMessageWaits: listMessageWaits(deps),
    ...executionLinks(deps),
    ...mapRuns(deps),
    ...records(deps),
  });
}

function startExecution({ engine }: ServiceDeps): Rpcs["startExecution"] {
  return async (request, context) => {
    const started = await engine.startExecution(
      startExecutionOf(request, "", traceparentOf(context.header("traceparent"))),
    );
    return create(StartExecutionResponseSchema, {
      execution: executionOf(started.execution, PayloadView.FULL),
      created: started.created,
    });
  };
}

function runExecution(deps: ServiceDeps): Rpcs["runExecution"] {
  const { engine } = deps;
  return async ({ start }, context) => {
    const { execution } = await engine.startExecution(
      startExecutionOf(start, "start", traceparentOf(context.header("traceparent"))),
    );
    const closed =
      execution.status === "RUNNING"
        ? await waitFor(deps, execution.id, context)
        : await engine.describeExecution(execution.id);
    return create(RunExecutionResponseSchema, { execution: executionOf(closed, PayloadView.FULL) });
  };
}

/** Waits for the end, the caller leaving, or the longest wait, whichever is first. */
async function waitFor(
  { engine }: ServiceDeps,
  executionId: string,
  context: CallContext,
): Promise<EngineExecution> {
  const wait = new AbortController();
  const stop = (): void => wait.abort();
  const timer = setTimeout(stop, runWaitMsMax);
  context.signal.addEventListener("abort", stop, { once: true });
  if (context.signal.aborted) stop();
  try {
    return await engine.waitForExecution(executionId, wait.signal);
  } finally {
    clearTimeout(timer);
    context.signal.removeEventListener("abort", stop);
  }
}

function getExecution({ engine }: ServiceDeps): Rpcs["getExecution"] {
  return async (request) => {
    const violations = new Violations();
    violations.required("execution", request.execution);
    violations.known("payload_view", PayloadViewSchema, request.payloadView);
    violations.refuse();
    const execution = await engine.describeExecution(request.execution);
    return create(GetExecutionResponseSchema, {
      execution: executionOf(execution, viewOr(request.payloadView, PayloadView.FULL)),
    });
  };
}

function listExecutions({ engine }: ServiceDeps): Rpcs["listExecutions"] {
  return async (request) => {
    const page = await engine.listExecutions(listQueryOf(request));
    const view = viewOr(request.payloadView, PayloadView.NONE);
    return create(ListExecutionsResponseSchema, {
      executions: page.items.map((execution) => executionOf(execution, view)),
      page: pageInfoOf(page.nextPageToken),
    });
  };
}

function listQueryOf(request: ListExecutionsRequest): ListExecutions {
  const violations = new Violations();
  const page = pageQueryOf(request.page, violations, {
    orders: ["start_time desc"],
    hasFilter: true,
  });
  violations.known("payload_view", PayloadViewSchema, request.payloadView);
  violations.refuse();
  const hasPayloads =
    request.payloadView === PayloadView.FULL || request.payloadView === PayloadView.TRUNCATED;
  return {
    ...page,
    ...engineFilterOf(request.page?.filter ?? "", "page.filter"),
    ...(hasPayloads && { includePayloads: true }),
  };
}

function listExecutionEvents({ engine }: ServiceDeps): Rpcs["listExecutionEvents"] {
  return async (request) => {
    const violations = new Violations();
    violations.required("execution", request.execution);
    violations.known("payload_view", PayloadViewSchema, request.payloadView);
    const query = pageQueryOf(request.page, violations);
    if (request.afterEventId < 0n || request.afterEventId > BigInt(Number.MAX_SAFE_INTEGER)) {
      violations.add(
        "after_event_id",
        `is ${request.afterEventId}; event ids count from 1`,
        "OUT_OF_RANGE",
      );
    }
    violations.refuse();
    const page = await engine.listHistory(request.execution, {
      ...query,
      ...(request.reverse && { reverse: true }),
      ...(request.afterEventId > 0n && { afterEventId: Number(request.afterEventId) }),
    });
    const view = viewOr(request.payloadView, PayloadView.NONE);
    return create(ListExecutionEventsResponseSchema, {
      events: page.items.map((event) => executionEventOf(event, view)),
      page: pageInfoOf(page.nextPageToken),
    });
  };
}

function stopExecution({ engine }: ServiceDeps): Rpcs["stopExecution"] {
  return async (request) => {
    const violations = new Violations();
    violations.required("execution", request.execution);
    violations.duration("grace", request.grace);
    violations.refuse();
    if (request.grace !== undefined && (request.grace.seconds > 0n || request.grace.nanos > 0)) {
      throw new EngineError(
        "NotImplemented",
        "a grace period for workers (grace) is not built yet; stop without it",
      );
    }
    const execution = await engine.stopExecution(request.execution, failureOf(request.error));
    return create(StopExecutionResponseSchema, {
      execution: executionOf(execution, PayloadView.FULL),
    });
  };
}

function redriveExecution({ engine }: ServiceDeps): Rpcs["redriveExecution"] {
  return async (request) => {
    const violations = new Violations();
    violations.required("execution", request.execution);
    violations.length("request_id", request.requestId, redriveRequestIdCharactersMax);
    violations.length("from_state", request.fromState, stateNameCharactersMax);
    violations.refuse();
    if (request.asNew) {
      throw new EngineError(
        "NotImplemented",
        "redriving as a new execution (as_new) is not built yet; start one",
      );
    }
    const { requestId, fromState, inputOverride, stateMachine } = request;
    const { execution } = await engine.redriveExecution({
      execution: request.execution,
      ...(requestId !== "" && { requestId }),
      ...(fromState !== "" && { fromState }),
      ...(inputOverride !== "" && { input: inputOverride }),
      ...(stateMachine !== "" && { stateMachine }),
    });
    return create(RedriveExecutionResponseSchema, {
      execution: executionOf(execution, PayloadView.FULL),
    });
  };
}
