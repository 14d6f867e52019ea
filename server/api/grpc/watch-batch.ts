import { create } from "@bufbuild/protobuf";
import type { BatchPosition } from "../../engine/engine.ts";
import { EngineError } from "../../engine/errors.ts";
import {
  WatchBatchResponseSchema,
  type BatchService,
  type WatchBatchRequest,
  type WatchBatchResponse,
} from "../../gen/pawl/v1/batch_service_pb.ts";
import { PayloadView } from "../../gen/pawl/v1/common_pb.ts";
import { batchItemOf, batchOf } from "../convert/batch.ts";
import { durationMs, timestampOf } from "../convert/time.ts";
import {
  batchIntervalMsMin,
  snapshotIntervalMs,
  watchesMax,
  watchesPerConnectionMax,
  watchKeepaliveMs,
} from "../limits.ts";
import { Quota } from "../quota.ts";
import type { Handlers, ServiceDeps } from "../service.ts";
import { refuse, Violations } from "../violations.ts";
import { silence, withSilences } from "./with-silences.ts";

/** Progress of one batch, and its items if asked for, until it has ended. */
export function watchBatch(deps: ServiceDeps): Handlers<typeof BatchService>["watchBatch"] {
  const quota = new Quota({
    what: "open watches of batches",
    perCaller: watchesPerConnectionMax,
    total: watchesMax,
  });
  return async function* watch(request, context) {
    const intervalMs = checkedIntervalMs(request);
    const after = startingPoint(request);
    const release = quota.take(context.peer);
    const leave = new AbortController();
    const signal = AbortSignal.any([context.signal, leave.signal]);
    const stopListening = deps.draining.onBegin(() => leave.abort());
    try {
      yield* updates(deps, request, { signal, intervalMs, ...(after !== undefined && { after }) });
      if (leave.signal.aborted && !context.signal.aborted)
        throw new EngineError(
          "Unavailable",
          "the server is going away; resume with the last token on another connection",
          { retryAfterMs: 0 },
        );
    } finally {
      stopListening();
      leave.abort();
      release();
    }
  };
}

async function* updates(
  { engine, clock }: ServiceDeps,
  { batch: id, includeItems, resumeToken: from }: WatchBatchRequest,
  watching: {
    readonly signal: AbortSignal;
    readonly intervalMs: number;
    readonly after?: BatchPosition;
  },
): AsyncGenerator<WatchBatchResponse> {
  const source = engine.watchBatch(id, { ...watching, includeItems });
  let resumeToken = from;
  for await (const update of withSilences(source, watchKeepaliveMs)) {
    if (update === silence) {
      const keepalive = { serverTime: timestampOf(clock.nowMs()) };
      yield create(WatchBatchResponseSchema, {
        update: { case: "keepalive", value: keepalive },
        resumeToken,
      });
      continue;
    }
    resumeToken = sealed(id, update.position);
    if (update.kind === "Item") {
      const value = batchItemOf(update.item, PayloadView.NONE);
      yield create(WatchBatchResponseSchema, { update: { case: "item", value }, resumeToken });
    } else {
      const { batch } = update;
      yield create(WatchBatchResponseSchema, {
        update: { case: "progress", value: batchOf(batch) },
        resumeToken,
        terminal: batch.endedAtMs !== undefined,
      });
    }
  }
}

function checkedIntervalMs({ batch, minInterval }: WatchBatchRequest): number {
  const violations = new Violations();
  violations.required("batch", batch);
  violations.duration("min_interval", minInterval);
  violations.refuse();
  if (minInterval === undefined) return snapshotIntervalMs;
  return Math.min(watchKeepaliveMs, Math.max(batchIntervalMsMin, durationMs(minInterval)));
}

function startingPoint({
  batch,
  resumeToken,
  fromStart,
}: WatchBatchRequest): BatchPosition | undefined {
  if (resumeToken === "") return fromStart ? { begun: 0, done: 0 } : undefined;
  const [, begun, done] = /^b1\.(\d{1,10})\.(\d{1,10})\./.exec(resumeToken) ?? [];
  const position = { begun: Number(begun), done: Number(done) };
  if (resumeToken === sealed(batch, position)) return position;
  return refuse("resume_token", "is no token of a watch of this batch", "RESUME_TOKEN");
}

function sealed(batch: string, { begun, done }: BatchPosition): string {
  return `b1.${begun}.${done}.${batch}`;
}
