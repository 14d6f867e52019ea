import { setImmediate, setTimeout } from "node:timers/promises";
import { JsonText, TaskError } from "@pawl/sdk";
import type { TaskContext } from "@pawl/sdk";
import type { HandlerName } from "../../support/protocol.ts";

/** What the suite gives to handlers; each reads its own fields. */
export interface HandlerInput {
  readonly ms: number;
  readonly bytes: number;
  /** JSON text. */
  readonly details?: string;
  readonly error: string;
  readonly cause?: string;
  readonly nonRetryable?: boolean;
  readonly retryAfterMs?: number;
  /** Attempts that fail; absent: all. */
  readonly times?: number;
  readonly message: string;
}

/** All one thread can block without a pause that the session needs. */
const sliceMs = 50;

/** What the suite lets workers do, but for `hold`, which waits for its word. */
export const handlers: Readonly<
  Record<Exclude<HandlerName, "hold">, (input: HandlerInput, ctx: TaskContext) => unknown>
> = {
  echo: (_, { inputText }) => new JsonText(inputText),
  noop: () => null,
  token: () => null,
  sleep: ({ ms }, { signal }) => setTimeout(ms, null, { signal }),
  busy,
  fail: ({ error, cause, times = Infinity, nonRetryable = false, retryAfterMs }, { attempt }) => {
    if (attempt > times) return { attempt };
    const retryAfter = retryAfterMs === undefined ? {} : { retryAfter: retryAfterMs / 1_000 };
    throw new TaskError(error, cause, { nonRetryable, ...retryAfter });
  },
  throw: ({ message }) => {
    throw new Error(message);
  },
  large: ({ bytes }) => "x".repeat(bytes),
  size: (_, { inputText }) => ({ bytes: Buffer.byteLength(inputText) }),
  describe: (_, ctx) => ({
    attempt: ctx.attempt,
    idempotencyKey: ctx.idempotencyKey,
    execution: ctx.execution,
    executionArn: ctx.executionArn,
    stateMachine: ctx.stateMachine,
    stateName: ctx.stateName,
    statePath: ctx.statePath,
    resource: ctx.resource,
    rawResource: ctx.rawResource,
    taskId: ctx.taskId,
    lastError: ctx.lastError ?? null,
    lastHeartbeatDetails: ctx.lastHeartbeatDetails ?? null,
    deadline: ctx.deadline?.toISOString() ?? null,
    labels: ctx.labels,
    traceparent: ctx.traceparent,
  }),
};

async function busy({ ms }: HandlerInput): Promise<object> {
  const endsAt = performance.now() + ms;
  while (performance.now() < endsAt) {
    const sliceEndsAt = Math.min(endsAt, performance.now() + sliceMs);
    while (performance.now() < sliceEndsAt);
    await setImmediate();
  }
  return { busy: ms };
}
