import type { WorkerSession } from "../../engine/engine.ts";
import { EngineError } from "../../engine/errors.ts";
import {
  TaskTokenState,
  type Hello,
  type WorkerService,
  type WorkRequest,
  type WorkResponse,
} from "../../gen/pawl/v1/worker_service_pb.ts";
import type { CallContext } from "../call-context.ts";
import { engineHeartbeatOf, partOutcomes } from "../convert/task-report.ts";
import { durationMs, durationOf, durationProblem, timestampOf } from "../convert/time.ts";
import { workerHelloOf } from "../convert/worker.ts";
import {
  batchTasksMax,
  frameBytesMax,
  helloTimeoutMs,
  pingIntervalMs,
  sessionTimeoutMs,
} from "../limits.ts";
import type { Handlers, ServiceDeps } from "../service.ts";
import { refuse } from "../violations.ts";
import type { DuplexCall } from "./duplex-call.ts";
import { WorkFrames } from "./work-frames.ts";

/** The worker's session: frames of the stream to calls of the engine's session, and back. */
export function work(deps: ServiceDeps): Handlers<typeof WorkerService>["work"] {
  return (call, context) => {
    new WorkStream(deps, call, context).run();
  };
}

type Call = DuplexCall<WorkRequest, WorkResponse>;
type Message = WorkRequest["message"];

class WorkStream {
  readonly #deps: ServiceDeps;
  readonly #call: Call;
  readonly #peer: string;
  readonly #frames: WorkFrames;
  #session: WorkerSession | undefined;
  #isOpening = false;
  #isDrained = false;
  #isHalfClosed = false;
  /** Runs out when the worker says nothing; any message winds it up. */
  #silence: NodeJS.Timeout;

  constructor(deps: ServiceDeps, call: Call, context: CallContext) {
    this.#deps = deps;
    this.#call = call;
    this.#peer = context.peer;
    this.#frames = new WorkFrames(call);
    this.#silence = setTimeout(() => {
      call.refuse(
        new EngineError("ValidationException", `no hello within ${helloTimeoutMs} ms`, {
          reason: "HELLO_EXPECTED",
        }),
      );
    }, helloTimeoutMs);
  }

  run(): void {
    this.#call.listen({
      message: ({ message }) => this.#receive(message),
      halfClosed: () => {
        this.#isHalfClosed = true;
        if (!this.#isOpening) this.#finish();
      },
      closed: () => {
        clearTimeout(this.#silence);
        this.#closeSession(this.#isHalfClosed && this.#isDrained);
      },
    });
  }

  #receive(message: Message): void {
    const session = this.#session;
    if (session === undefined) {
      if (message.case !== "hello")
        refuse(
          "message",
          `is ${message.case ?? "empty"}; the first message must be hello`,
          "HELLO_EXPECTED",
        );
      this.#call.pause();
      void this.#open(message.value);
      return;
    }
    this.#silence.refresh();
    session.touch();
    this.#take(session, message);
  }

  async #open(hello: Hello): Promise<void> {
    this.#isOpening = true;
    try {
      const { engine } = this.#deps;
      const session = await engine.openSession(
        workerHelloOf(hello, "hello", this.#peer),
        this.#frames,
      );
      if (this.#call.isOver) {
        session.close(false);
        return;
      }
      clearTimeout(this.#silence);
      this.#silence = setTimeout(() => {
        this.#call.refuse(
          new EngineError("Unavailable", `no message for ${sessionTimeoutMs} ms`, {
            reason: "SESSION_TIMEOUT",
          }),
        );
      }, sessionTimeoutMs);
      this.#session = session;
      this.#frames.open(this.#welcome(session, hello));
      this.#call.resume();
      if (this.#isHalfClosed) this.#finish();
    } catch (error) {
      this.#call.refuse(error);
    } finally {
      this.#isOpening = false;
    }
  }

  #take(session: WorkerSession, message: Message): void {
    switch (message.case) {
      case "outcomes": {
        const { taken, refused } = partOutcomes(message.value.outcomes);
        if (taken.length > 0) session.report(taken);
        this.#frames.refusedOutcomes(refused);
        return;
      }
      case "demand":
        session.demand(limitsOf(message.value.limits));
        return;
      case "accept":
        session.accept(message.value.taskTokens);
        return;
      case "heartbeats":
        session.heartbeat(message.value.beats.map(engineHeartbeatOf));
        return;
      case "release":
        this.#release(session, message.value);
        return;
      case "ping":
        this.#pong(session, message.value.nonce);
        return;
      case "drain":
        void this.#drain(session);
        return;
      case "hello":
        return refuse("message", "is a second hello; a session has one", "HELLO_TWICE");
      case undefined:
        this.#reject("a message of a kind that this server does not know was ignored");
        return;
    }
  }

  #release(
    session: WorkerSession,
    { taskTokens, redeliverAfter }: Extract<Message, { case: "release" }>["value"],
  ): void {
    const problem = redeliverAfter && durationProblem(redeliverAfter);
    if (problem !== undefined)
      this.#reject(`release.redeliver_after ${problem}; the tasks were released at once`);
    const afterMs =
      redeliverAfter !== undefined && problem === undefined
        ? durationMs(redeliverAfter)
        : undefined;
    session.release(taskTokens, afterMs);
  }

  #pong(session: WorkerSession, nonce: bigint): void {
    const tasksSent = Object.fromEntries(
      Object.entries(session.tasksSent()).map(([pool, sent]) => [pool, BigInt(sent)]),
    );
    this.#frames.send({
      case: "pong",
      value: {
        $typeName: "pawl.v1.Pong",
        nonce,
        serverTime: timestampOf(this.#deps.clock.nowMs()),
        tasksSent,
      },
    });
  }

  /** The barrier: tasks given before it leave before it, none comes after. */
  async #drain(session: WorkerSession): Promise<void> {
    const tasksSent = BigInt(await session.drain());
    if (session !== this.#session) return;
    this.#isDrained = true;
    this.#frames.send({ case: "drainAck", value: { $typeName: "pawl.v1.DrainAck", tasksSent } });
  }

  #reject(message: string): void {
    this.#frames.send({
      case: "rejections",
      value: { $typeName: "pawl.v1.Rejections", messages: [message] },
    });
  }

  /** The worker has half-closed: what it was owed leaves, then the stream ends. */
  #finish(): void {
    this.#closeSession(this.#isDrained);
    this.#frames.flush();
    this.#call.end();
  }

  #closeSession(isClean: boolean): void {
    const session = this.#session;
    this.#session = undefined;
    session?.close(isClean);
  }

  #welcome(session: WorkerSession, hello: Hello): WorkResponse {
    const { config, clock, engine, serverVersion } = this.#deps;
    return {
      $typeName: "pawl.v1.WorkResponse",
      message: {
        case: "welcome",
        value: {
          $typeName: "pawl.v1.Welcome",
          sessionId: session.sessionId,
          serverId: engine.serverId,
          serverVersion,
          serverTime: timestampOf(clock.nowMs()),
          pingInterval: durationOf(pingIntervalMs),
          sessionTimeout: durationOf(sessionTimeoutMs),
          deliveryLease: durationOf(config.deliveryLeaseMs),
          reconnectGrace: durationOf(config.reconnectGraceMs),
          maxBatchTasks: batchTasksMax,
          maxMessageBytes: frameBytesMax,
          held: hello.heldTaskTokens.map((taskToken, index) => ({
            $typeName: "pawl.v1.HeldTask",
            taskToken,
            state: TaskTokenState[session.held[index] ?? "UNKNOWN"],
          })),
          capabilities: [],
          warnings: [...session.warnings],
        },
      },
    };
  }
}

function limitsOf(limits: { [pool: string]: bigint }): Record<string, number> {
  const numbers: Record<string, number> = Object.create(null) as Record<string, number>;
  for (const [pool, limit] of Object.entries(limits)) {
    numbers[pool] = limit <= 0n ? 0 : limit > maxLimit ? Number.MAX_SAFE_INTEGER : Number(limit);
  }
  return numbers;
}

const maxLimit = BigInt(Number.MAX_SAFE_INTEGER);
