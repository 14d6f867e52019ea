import { crc32 } from "node:zlib";
import type { ExecutionUpdate } from "../../engine/engine.ts";
import { EngineError } from "../../engine/errors.ts";
import { PayloadView, PayloadViewSchema } from "../../gen/pawl/v1/common_pb.ts";
import type {
  ExecutionService,
  WatchExecutionRequest,
  WatchExecutionResponse,
} from "../../gen/pawl/v1/execution_service_pb.ts";
import { executionOf } from "../convert/execution.ts";
import { executionEventOf } from "../convert/history-event.ts";
import { viewOr } from "../convert/payload.ts";
import { timestampOf } from "../convert/time.ts";
import {
  snapshotIntervalMs,
  watchesMax,
  watchesPerConnectionMax,
  watchKeepaliveMs,
} from "../limits.ts";
import type { Handlers, ServiceDeps } from "../service.ts";
import { quoted, refuse, Violations } from "../violations.ts";
import { Quota } from "../quota.ts";
import { silence, withSilences } from "./with-silences.ts";

/** Live updates of one execution: a snapshot, every event once and in order, the terminal snapshot. */
export function watchExecution(
  deps: ServiceDeps,
): Handlers<typeof ExecutionService>["watchExecution"] {
  const quota = new Quota({
    what: "open watches",
    perCaller: watchesPerConnectionMax,
    total: watchesMax,
  });
  return async function* watch(request, context) {
    check(request);
    const release = quota.take(context.peer);
    const leave = new AbortController();
    const abort = (): void => leave.abort();
    context.signal.addEventListener("abort", abort, { once: true });
    if (context.signal.aborted) abort();
    const stopListening = deps.draining.onBegin(abort);
    try {
      yield* updates(deps, request, leave.signal);
      if (deps.draining.isDraining && !context.signal.aborted && leave.signal.aborted) {
        throw new EngineError(
          "Unavailable",
          "the server is going away; resume with the last token on another connection",
          { retryAfterMs: 0 },
        );
      }
    } finally {
      stopListening();
      context.signal.removeEventListener("abort", abort);
      leave.abort();
      release();
    }
  };
}

async function* updates(
  deps: ServiceDeps,
  request: WatchExecutionRequest,
  signal: AbortSignal,
): AsyncGenerator<WatchExecutionResponse> {
  const view = viewOr(request.payloadView, PayloadView.NONE);
  const from = await startingPoint(deps, request);
  const source = deps.engine.watchExecution(from.reference, {
    signal,
    ...(from.afterEventId !== undefined && { afterEventId: from.afterEventId }),
  });
  const timeouts = request.snapshotsOnly ? snapshotIntervalMs : watchKeepaliveMs;
  const tokens = new ResumeTokens(from.executionId);
  const snapshots = new Snapshots(deps, view, signal);

  for await (const update of withSilences(source, timeouts)) {
    if (signal.aborted) return;
    if (update === silence) {
      const snapshot = request.snapshotsOnly ? await snapshots.due() : undefined;
      if (snapshot !== undefined) yield tokens.response({ case: "snapshot", value: snapshot });
      else if (!request.snapshotsOnly || snapshots.isQuiet())
        yield tokens.response({ case: "keepalive", value: keepaliveOf(deps) });
      continue;
    }
    tokens.advance(update);
    if (update.kind === "Snapshot") {
      yield {
        ...tokens.response({ case: "snapshot", value: executionOf(update.execution, view) }),
        terminal: update.isTerminal,
      };
      snapshots.sent();
      if (update.isTerminal) return;
    } else if (request.snapshotsOnly) {
      snapshots.changed(from.reference);
      const snapshot = await snapshots.due();
      if (snapshot !== undefined) yield tokens.response({ case: "snapshot", value: snapshot });
    } else {
      yield tokens.response({ case: "event", value: executionEventOf(update.event, view) });
    }
  }
}

interface StartingPoint {
  readonly reference: string;
  /** Known when the watch resumes; else the first snapshot tells it. */
  readonly executionId?: string;
  readonly afterEventId?: number;
}

/** Where the watch begins. A token that belongs to another execution is refused. */
async function startingPoint(
  { engine }: ServiceDeps,
  request: WatchExecutionRequest,
): Promise<StartingPoint> {
  const reference = request.execution;
  if (request.resumeToken === "" && request.afterEventId === 0n) return { reference };
  const { id, eventCount } = await engine.describeExecution(reference);
  const afterEventId =
    request.resumeToken === ""
      ? Number(request.afterEventId)
      : openResumeToken(request.resumeToken, id);
  if (afterEventId === undefined)
    refuse(
      "resume_token",
      `is ${quoted(request.resumeToken)}, which is no token of this execution`,
      "RESUME_TOKEN",
    );
  if (request.resumeToken === "" && afterEventId > eventCount) {
    throw new EngineError(
      "ValidationException",
      `after_event_id is ${afterEventId}; the last event is ${eventCount}`,
      {
        reason: "EVENT_ID_IN_FUTURE",
        metadata: { last_event_id: String(eventCount) },
      },
    );
  }
  return { reference: id, executionId: id, afterEventId };
}

/** Opaque to clients: the last event's id and a check that binds it to the execution. */
class ResumeTokens {
  #binding: number | undefined;
  #lastEventId = 0;
  #token = "";

  constructor(executionId: string | undefined) {
    if (executionId !== undefined) this.#binding = crc32(executionId);
  }

  advance(update: ExecutionUpdate): void {
    if (update.kind === "Snapshot") {
      this.#binding ??= crc32(update.execution.id);
      this.#lastEventId = update.lastEventId;
    } else {
      this.#lastEventId = update.event.id;
    }
    this.#token = sealResumeToken(this.#lastEventId, this.#binding ?? 0);
  }

  response(update: WatchExecutionResponse["update"]): WatchExecutionResponse {
    return {
      $typeName: "pawl.v1.WatchExecutionResponse",
      update,
      resumeToken: this.#token,
      terminal: false,
    };
  }
}

function sealResumeToken(eventId: number, binding: number): string {
  const id = eventId.toString(36);
  return `w1.${id}.${crc32(id, binding).toString(36)}`;
}

function openResumeToken(token: string, executionId: string): number | undefined {
  const [, id] = /^w1\.([0-9a-z]{1,11})\.[0-9a-z]{1,7}$/.exec(token) ?? [];
  if (id === undefined || token !== sealResumeToken(Number.parseInt(id, 36), crc32(executionId)))
    return undefined;
  return Number.parseInt(id, 36);
}

/** Snapshots for `snapshots_only`: at most one per interval, only when something has changed. */
class Snapshots {
  readonly #deps: ServiceDeps;
  readonly #view: PayloadView;
  readonly #signal: AbortSignal;
  #changed: string | undefined;
  #sentAtMs = Number.NEGATIVE_INFINITY;

  constructor(deps: ServiceDeps, view: PayloadView, signal: AbortSignal) {
    this.#deps = deps;
    this.#view = view;
    this.#signal = signal;
  }

  changed(reference: string): void {
    this.#changed = reference;
  }

  sent(): void {
    this.#sentAtMs = performance.now();
    this.#changed = undefined;
  }

  isQuiet(): boolean {
    return performance.now() - this.#sentAtMs >= watchKeepaliveMs;
  }

  async due(): Promise<ReturnType<typeof executionOf> | undefined> {
    if (this.#changed === undefined || performance.now() - this.#sentAtMs < snapshotIntervalMs)
      return undefined;
    const execution = await this.#deps.engine.describeExecution(this.#changed);
    // The terminal snapshot comes from the watch itself, marked as such.
    if (this.#signal.aborted || execution.status !== "RUNNING") return undefined;
    this.sent();
    return executionOf(execution, this.#view);
  }
}

function keepaliveOf({
  clock,
}: ServiceDeps): Extract<WatchExecutionResponse["update"], { case: "keepalive" }>["value"] {
  return { $typeName: "pawl.v1.Keepalive", serverTime: timestampOf(clock.nowMs()) };
}

function check(request: WatchExecutionRequest): void {
  const violations = new Violations();
  violations.required("execution", request.execution);
  violations.known("payload_view", PayloadViewSchema, request.payloadView);
  if (request.afterEventId < 0n || request.afterEventId > BigInt(Number.MAX_SAFE_INTEGER)) {
    violations.add(
      "after_event_id",
      `is ${request.afterEventId}; event ids count from 1`,
      "OUT_OF_RANGE",
    );
  }
  if (request.resumeToken !== "" && request.afterEventId !== 0n) {
    violations.add(
      "after_event_id",
      "stands beside resume_token; only one of them may be given",
      "BOTH_GIVEN",
    );
  }
  violations.refuse();
  if (request.filter.trim() !== "")
    throw new EngineError(
      "NotImplemented",
      "filtering the events of a watch is not built yet; leave filter empty",
    );
}
