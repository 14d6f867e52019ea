import { EngineError } from "../../engine/errors.ts";
import { PayloadView } from "../../gen/pawl/v1/common_pb.ts";
import type {
  ExecutionService,
  StartError,
  StartExecutionsRequest,
  StartExecutionsRequest_Start,
  StartExecutionsResponse,
  StartExecutionsResponse_Outcome,
} from "../../gen/pawl/v1/execution_service_pb.ts";
import type { CallContext } from "../call-context.ts";
import { executionOf } from "../convert/execution.ts";
import { startExecutionOf, traceparentOf } from "../convert/start-execution.ts";
import { durationOf } from "../convert/time.ts";
import { startsFollowedMax, startsInFlightMax } from "../limits.ts";
import type { Handlers, ServiceDeps } from "../service.ts";
import type { DuplexCall } from "./duplex-call.ts";
import { refusalOf } from "./errors.ts";
import { Outbox } from "./outbox.ts";
import type { Execution as EngineExecution } from "../../engine/engine.ts";

/** Pipelined starts: many in flight, answers in the order they become durable, joined per tick. */
export function startExecutions(
  deps: ServiceDeps,
): Handlers<typeof ExecutionService>["startExecutions"] {
  return (call, context) => {
    new StartStream(deps, call, context).run();
  };
}

type Call = DuplexCall<StartExecutionsRequest, StartExecutionsResponse>;

class StartStream {
  readonly #deps: ServiceDeps;
  readonly #call: Call;
  readonly #trace: string | undefined;
  readonly #method: string;
  readonly #outbox: Outbox<StartExecutionsRequest, StartExecutionsResponse>;
  readonly #gone = new AbortController();
  #ready: StartExecutionsResponse_Outcome[] = [];
  /** Received, not begun: a message may carry more starts than may be in flight. */
  #waiting: StartExecutionsRequest_Start[] = [];
  #inFlight = 0;
  #followed = 0;
  #isStarting = false;
  #isPaused = false;
  #isHalfClosed = false;

  constructor(deps: ServiceDeps, call: Call, context: CallContext) {
    this.#deps = deps;
    this.#call = call;
    this.#method = context.method;
    this.#trace = traceparentOf(context.header("traceparent"));
    this.#outbox = new Outbox(call, () => this.#flush());
  }

  run(): void {
    const stopListening = this.#deps.draining.onBegin(() => this.#drain());
    this.#call.listen({
      message: ({ starts }) => {
        this.#waiting.push(...starts);
        this.#startWaiting();
      },
      halfClosed: () => {
        this.#isHalfClosed = true;
        this.#endIfDone();
      },
      closed: () => {
        stopListening();
        this.#waiting = [];
        this.#gone.abort();
      },
    });
  }

  /** Not re-entered: a start that is refused at once comes back here before its successor is begun. */
  #startWaiting(): void {
    if (this.#isStarting) return;
    this.#isStarting = true;
    let next = 0;
    while (
      next < this.#waiting.length &&
      this.#inFlight < startsInFlightMax &&
      this.#followed < startsFollowedMax
    ) {
      void this.#start(this.#waiting[next]!);
      next += 1;
    }
    if (next > 0) this.#waiting = this.#waiting.slice(next);
    this.#isStarting = false;
    this.#pace();
  }

  async #start(start: StartExecutionsRequest_Start): Promise<void> {
    this.#inFlight += 1;
    let running: EngineExecution | undefined;
    try {
      if (this.#deps.draining.isDraining)
        throw new EngineError(
          "Unavailable",
          "the server is going away; start on another connection",
        );
      const { execution, created } = await this.#deps.engine.startExecution(
        startExecutionOf(start.request, "request", this.#trace),
      );
      running = execution;
      this.#answer(start.sequence, {
        case: "response",
        value: {
          $typeName: "pawl.v1.StartExecutionResponse",
          execution: executionOf(execution, PayloadView.NONE),
          created,
        },
      });
    } catch (error) {
      this.#answer(start.sequence, { case: "error", value: this.#startErrorOf(error) });
    }
    this.#inFlight -= 1;
    if (running !== undefined && start.follow) await this.#follow(start.sequence, running);
    this.#startWaiting();
    this.#endIfDone();
  }

  async #follow(sequence: bigint, execution: EngineExecution): Promise<void> {
    this.#followed += 1;
    try {
      const ended = await this.#deps.engine.waitForExecution(execution.id, this.#gone.signal);
      if (this.#gone.signal.aborted) return;
      this.#answer(sequence, {
        case: "ended",
        value: executionOf(withoutInput(ended), PayloadView.FULL),
      });
    } catch (error) {
      this.#call.refuse(error);
    } finally {
      this.#followed -= 1;
    }
  }

  #answer(sequence: bigint, result: StartExecutionsResponse_Outcome["result"]): void {
    this.#ready.push({ $typeName: "pawl.v1.StartExecutionsResponse.Outcome", sequence, result });
    this.#outbox.mark();
  }

  /** One message per tick, more only when it would grow too large. */
  #flush(): void {
    while (this.#ready.length > 0) {
      const outcomes = this.#ready.splice(0, outcomesPerMessageMax(this.#ready));
      if (!this.#outbox.send({ $typeName: "pawl.v1.StartExecutionsResponse", outcomes })) break;
    }
    this.#pace();
    this.#endIfDone();
  }

  /** A stream with too much open, or one that does not read its answers, is not read. */
  #pace(): void {
    const isFull =
      this.#waiting.length > 0 ||
      this.#inFlight >= startsInFlightMax ||
      this.#ready.length >= startsInFlightMax;
    if (isFull === this.#isPaused || this.#call.isOver) return;
    this.#isPaused = isFull;
    if (isFull) this.#call.pause();
    else this.#call.resume();
  }

  #endIfDone(): void {
    if (
      this.#isHalfClosed &&
      this.#waiting.length === 0 &&
      this.#inFlight === 0 &&
      this.#followed === 0 &&
      this.#ready.length === 0
    )
      this.#call.end();
  }

  /** Followed executions may run for days: their stream ends, and the client follows them elsewhere. */
  #drain(): void {
    const end = (): void => {
      if (this.#inFlight > 0) {
        setTimeout(end, 10).unref();
        return;
      }
      this.#outbox.flushNow();
      this.#call.refuse(
        new EngineError(
          "Unavailable",
          "the server is going away; send the unanswered starts again on another connection",
          { retryAfterMs: 0 },
        ),
      );
    };
    end();
  }

  #startErrorOf(error: unknown): StartError {
    const refusal = refusalOf(error, { log: this.#deps.log, method: this.#method });
    const details = error instanceof EngineError ? error : undefined;
    const retryAfterMs =
      details?.details.retryAfterMs ??
      (details?.code === "Unavailable" || details?.code === "ResourceExhausted"
        ? 1_000
        : undefined);
    return {
      $typeName: "pawl.v1.StartError",
      code: refusal.code,
      reason: details?.reason ?? "INTERNAL",
      message: refusal.message,
      retryAfter: retryAfterMs === undefined ? undefined : durationOf(retryAfterMs),
      metadata: { ...details?.details.metadata },
    };
  }
}

/** Outcomes that fit one message: ended executions carry their output. */
function outcomesPerMessageMax(outcomes: readonly StartExecutionsResponse_Outcome[]): number {
  let characters = 0;
  for (const [index, { result }] of outcomes.entries()) {
    characters += result.case === "ended" ? result.value.output.length + 500 : 500;
    if (characters > messageCharactersMax) return Math.max(1, index);
  }
  return outcomes.length;
}

const messageCharactersMax = 512 * 1024;

function withoutInput({ input: _, ...execution }: EngineExecution): EngineExecution {
  return execution;
}
