import { create } from "@bufbuild/protobuf";
import { executionEventOf, executionOf } from "./execution.ts";
import type { Execution, ExecutionEvent } from "./execution.ts";
import { PayloadView } from "./gen/pawl/v1/common_pb.ts";
import {
  ExecutionService,
  WatchExecutionRequestSchema,
} from "./gen/pawl/v1/execution_service_pb.ts";
import type { WatchExecutionResponse } from "./gen/pawl/v1/execution_service_pb.ts";
import { resumed } from "./resumed.ts";
import type { ResumeOptions } from "./resumed.ts";
import type { Transport } from "./transport.ts";

/** How to watch. */
export interface WatchOptions extends ResumeOptions {
  /** Continue after the update that carried this token. */
  readonly resumeToken?: string;
  /** Instead of a token: replay the history after this event. */
  readonly afterEventId?: number;
  /** How much of the JSON documents to send; default NONE. */
  readonly payloads?: "NONE" | "TRUNCATED" | "FULL";
  /** Only snapshots of the execution, at most two a second and the last one at once. */
  readonly snapshotsOnly?: boolean;
}

/** A change of an execution. The last one has `isTerminal`. */
export type ExecutionUpdate =
  | {
      readonly type: "snapshot";
      readonly execution: Execution;
      readonly isTerminal: boolean;
      readonly resumeToken: string;
    }
  | {
      readonly type: "event";
      readonly event: ExecutionEvent;
      readonly isTerminal: boolean;
      readonly resumeToken: string;
    };

/**
 * Yields each update once and in order until the execution has closed.
 *
 * When the stream breaks it is opened again with the last resume token, for as long as it takes: only an
 * abort of `signal`, a refusal, or a server that never answered at all end it with an error.
 */
export async function* watchExecution(
  transport: Transport,
  execution: string,
  options: WatchOptions,
): AsyncGenerator<ExecutionUpdate, void, undefined> {
  const cursor = new Cursor(options);
  const open = (signal: AbortSignal): AsyncIterable<WatchExecutionResponse> => {
    const request = create(WatchExecutionRequestSchema, {
      execution,
      ...cursor.position,
      payloadView: PayloadView[options.payloads ?? "NONE"],
      snapshotsOnly: options.snapshotsOnly ?? false,
    });
    return transport.serverStream(ExecutionService.method.watchExecution, request, { signal });
  };
  for await (const response of resumed(open, options)) {
    const update = cursor.advance(response);
    if (update !== undefined) yield update;
  }
}

/** Where a watch stands: what to ask for next, and what was seen. */
class Cursor {
  #resumeToken: string;
  #lastEventId: number;

  constructor(options: WatchOptions) {
    this.#resumeToken = options.resumeToken ?? "";
    this.#lastEventId = options.afterEventId ?? 0;
  }

  get position(): { resumeToken: string; afterEventId: bigint } {
    return {
      resumeToken: this.#resumeToken,
      afterEventId: this.#resumeToken === "" ? BigInt(this.#lastEventId) : 0n,
    };
  }

  /** The update in a response, unless it is a keepalive or an event seen before. */
  advance({ update, terminal, resumeToken }: WatchExecutionResponse): ExecutionUpdate | undefined {
    if (resumeToken !== "") this.#resumeToken = resumeToken;
    const shared = { isTerminal: terminal, resumeToken: this.#resumeToken };
    if (update.case === "snapshot")
      return { type: "snapshot", execution: executionOf(update.value), ...shared };
    if (update.case !== "event") return undefined;
    const event = executionEventOf(update.value);
    if (event.id <= this.#lastEventId && !terminal) return undefined;
    this.#lastEventId = event.id;
    return { type: "event", event, ...shared };
  }
}
