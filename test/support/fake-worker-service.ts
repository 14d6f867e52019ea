import { Metadata, Server, ServerCredentials, status } from "@grpc/grpc-js";
import type {
  ServerDuplexStream,
  ServiceDefinition,
  UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { DescMethod, DescService, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { anyPack, durationFromMs } from "@bufbuild/protobuf/wkt";
import {
  ErrorInfoSchema,
  RetryInfoSchema,
} from "../../sdk/typescript/src/gen/google/rpc/error_details_pb.ts";
import { StatusSchema } from "../../sdk/typescript/src/gen/google/rpc/status_pb.ts";
import { BatchService } from "../../sdk/typescript/src/gen/pawl/v1/batch_service_pb.ts";
import { ExecutionService } from "../../sdk/typescript/src/gen/pawl/v1/execution_service_pb.ts";
import { StateMachineService } from "../../sdk/typescript/src/gen/pawl/v1/state_machine_service_pb.ts";
import { SystemService } from "../../sdk/typescript/src/gen/pawl/v1/system_service_pb.ts";
import {
  OutcomeStatus,
  TaskQueueService,
  WorkerService,
  WorkResponseSchema,
} from "../../sdk/typescript/src/gen/pawl/v1/worker_service_pb.ts";
import type {
  HeldTask,
  Hello,
  TaskOutcome,
  TaskSchema,
  WelcomeSchema,
  WorkRequest,
  WorkResponse,
} from "../../sdk/typescript/src/gen/pawl/v1/worker_service_pb.ts";

const services = [
  BatchService,
  ExecutionService,
  StateMachineService,
  SystemService,
  TaskQueueService,
  WorkerService,
];

/** Speaks the real protocol over a real socket, and does exactly what a test says. */
export class FakeServer {
  /** Sessions in the order they were opened. */
  readonly sessions: FakeSession[] = [];
  /** Answers Hello; a test may replace it. `undefined`: no answer. */
  welcome: (
    hello: Hello,
    session: FakeSession,
  ) => MessageInitShape<typeof WelcomeSchema> | undefined = () => ({});
  readonly #handlers = new Map<string, Handler>();
  readonly #waiting: (() => void)[] = [];
  #server: Server | undefined;
  #port = 0;

  static async start(): Promise<FakeServer> {
    const server = new FakeServer();
    await server.listen();
    return server;
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  /** Listens on the port it had before, if it had one. */
  async listen(): Promise<void> {
    const server = new Server();
    for (const service of services)
      server.addService(definitionOf(service), this.#implementationOf(service));
    this.#port = await new Promise<number>((resolve, reject) => {
      server.bindAsync(
        `127.0.0.1:${this.#port}`,
        ServerCredentials.createInsecure(),
        (error, port) => {
          if (error === null) resolve(port);
          else reject(error);
        },
      );
    });
    this.#server = server;
  }

  /** As a crash looks from outside: every connection is gone. */
  crash(): void {
    this.#server?.forceShutdown();
    this.#server = undefined;
  }

  /** Answers a method; whatever it throws is the call's status. */
  on<Method extends DescMethod>(
    method: Method,
    handler: (call: FakeCall<Method>) => Promise<void> | void,
  ): void {
    this.#handlers.set(pathOf(method), handler);
  }

  /** The n-th session (from 0), when the worker has said hello on it. */
  async session(index: number): Promise<FakeSession> {
    while (this.sessions.length <= index)
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const session = this.sessions[index]!;
    await session.until(({ hello }) => hello);
    return session;
  }

  #implementationOf(service: DescService): UntypedServiceImplementation {
    const implementation: UntypedServiceImplementation = {};
    for (const method of service.methods) {
      implementation[method.localName] =
        method.localName === "work"
          ? (stream: WorkStream) => this.#onWork(stream)
          : this.#answer(method);
    }
    return implementation;
  }

  #answer(method: DescMethod) {
    return (call: RawCall, callback?: (error: object | null, response?: unknown) => void): void => {
      const handler =
        this.#handlers.get(pathOf(method)) ??
        (() => Promise.reject(failure(status.UNIMPLEMENTED, `${method.name} has no answer`)));
      const send = (init: object): void => {
        const message = create(method.output, init as never);
        if (callback === undefined) call.write(message);
        else callback(null, message);
      };
      const fail = (error: unknown): void => {
        if (callback === undefined) call.emit("error", error);
        else callback(error as object);
      };
      const stream = { request: call.request, send, fail, end: () => call.end(), raw: call };
      Promise.resolve()
        .then(() => handler(stream as never))
        .catch(fail);
    };
  }

  #onWork(stream: WorkStream): void {
    const session = new FakeSession(stream, this);
    this.sessions.push(session);
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** One call to the fake. */
export interface FakeCall<Method extends DescMethod> {
  readonly request: MessageShape<Method["input"]>;
  readonly raw: RawCall;
  send(response: MessageInitShape<Method["output"]>): void;
  fail(error: unknown): void;
  end(): void;
}

/** One worker's stream: what came in, and what a test sends. */
export class FakeSession {
  readonly received: WorkRequest["message"][] = [];
  readonly outcomes: TaskOutcome[] = [];
  /** Latest limit of each pool. */
  readonly limits: Record<string, number> = {};
  readonly sent: Record<string, number> = {};
  hello: Hello | undefined;
  /** What the worker sent beside its messages. */
  readonly headers: Metadata;
  /** Acknowledge each outcome as it comes. */
  isAcking = true;
  isEnded = false;
  readonly #stream: WorkStream;
  readonly #waiting = new Set<() => void>();

  constructor(stream: WorkStream, server: FakeServer) {
    this.#stream = stream;
    this.headers = stream.metadata;
    stream.on("data", ({ message }: WorkRequest) => {
      this.received.push(message);
      if (message.case === "hello") this.#onHello(message.value, server);
      if (message.case === "demand")
        for (const [pool, limit] of Object.entries(message.value.limits))
          this.limits[pool] = Number(limit);
      if (message.case === "outcomes") this.#onOutcomes(message.value.outcomes);
      this.#wake();
    });
    stream.on("end", () => {
      this.isEnded = true;
      stream.end();
      this.#wake();
    });
    stream.on("error", () => this.#wake());
    stream.on("cancelled", () => this.#wake());
  }

  /** Resolves with what `find` finds, as soon as it finds something. */
  async until<Found>(find: (session: FakeSession) => Found | undefined | false): Promise<Found> {
    for (;;) {
      const found = find(this);
      if (found !== undefined && found !== false) return found;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** The first message of a kind; `skip` that many. */
  async message<Case extends MessageCase>(kind: Case, skip = 0): Promise<MessageValue<Case>> {
    const message = await this.until(
      ({ received }) => received.filter((candidate) => candidate.case === kind)[skip],
    );
    return message.value as MessageValue<Case>;
  }

  async outcome(index: number): Promise<TaskOutcome> {
    return this.until(({ outcomes }) => outcomes[index]);
  }

  send(message: MessageInitShape<typeof WorkResponseSchema>["message"]): void {
    this.#stream.write(
      create(WorkResponseSchema, { message } as MessageInitShape<typeof WorkResponseSchema>),
    );
  }

  /** Hands out tasks; the pool is the resource unless the task says otherwise. */
  tasks(...tasks: MessageInitShape<typeof TaskSchema>[]): void {
    const filled = tasks.map((task, index) => ({
      taskId: `task-${index}`,
      attempt: 1,
      input: "{}",
      pool: task.resource ?? "",
      rawResource: task.resource ?? "",
      ...task,
    }));
    for (const { pool } of filled) this.sent[pool] = (this.sent[pool] ?? 0) + 1;
    this.send({ case: "tasks", value: { tasks: filled } });
  }

  ack(token: string, ackStatus: OutcomeStatus = OutcomeStatus.RECORDED, reason = ""): void {
    this.send({
      case: "outcomeAcks",
      value: { acks: [{ taskToken: bytes(token), status: ackStatus, reason }] },
    });
  }

  /** Ends the stream with a status. */
  fail(code: number, message: string): void {
    this.#stream.emit("error", failure(code, message));
  }

  #onHello(hello: Hello, server: FakeServer): void {
    this.hello = hello;
    const welcome = server.welcome(hello, this);
    if (welcome === undefined) return;
    this.send({
      case: "welcome",
      value: {
        sessionId: `session-${server.sessions.length}`,
        serverId: "fake",
        pingInterval: durationFromMs(10_000),
        sessionTimeout: durationFromMs(30_000),
        maxMessageBytes: 1024 * 1024,
        ...(welcome as object),
      },
    });
  }

  #onOutcomes(outcomes: readonly TaskOutcome[]): void {
    this.outcomes.push(...outcomes);
    if (!this.isAcking) return;
    const acks = outcomes.map(({ taskToken }) => ({ taskToken, status: OutcomeStatus.RECORDED }));
    this.send({ case: "outcomeAcks", value: { acks } });
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

/** A token that reads well in a test. */
export function bytes(name: string): Uint8Array {
  return new TextEncoder().encode(name);
}

export function text(token: Uint8Array): string {
  return new TextDecoder().decode(token);
}

export function held(
  token: string,
  state: HeldTask["state"],
): { taskToken: Uint8Array; state: HeldTask["state"] } {
  return { taskToken: bytes(token), state };
}

/** A gRPC status with its details. */
export function failure(
  code: number,
  message: string,
  details: { reason?: string; retryAfterMs?: number } = {},
): object {
  const metadata = new Metadata();
  const packed = [
    ...(details.reason !== undefined
      ? [anyPack(ErrorInfoSchema, create(ErrorInfoSchema, { reason: details.reason }))]
      : []),
    ...(details.retryAfterMs !== undefined
      ? [
          anyPack(
            RetryInfoSchema,
            create(RetryInfoSchema, { retryDelay: durationFromMs(details.retryAfterMs) }),
          ),
        ]
      : []),
  ];
  if (packed.length > 0) {
    const trailer = toBinary(
      StatusSchema,
      create(StatusSchema, { code, message, details: packed }),
    );
    metadata.set("grpc-status-details-bin", Buffer.from(trailer));
  }
  return Object.assign(new Error(message), { code, details: message, metadata });
}

type MessageCase = NonNullable<WorkRequest["message"]["case"]>;
type MessageValue<Case extends MessageCase> = Extract<
  WorkRequest["message"],
  { case: Case }
>["value"];
type WorkStream = ServerDuplexStream<WorkRequest, WorkResponse>;
type Handler = (call: FakeCall<DescMethod>) => Promise<void> | void;

interface RawCall extends NodeJS.EventEmitter {
  readonly request: unknown;
  readonly metadata: Metadata;
  sendMetadata(headers: Metadata): void;
  write(message: unknown): boolean;
  end(): void;
}

function pathOf(method: DescMethod): string {
  return `/${method.parent.typeName}/${method.name}`;
}

function definitionOf(service: DescService): ServiceDefinition {
  return Object.fromEntries(
    service.methods.map((method) => [
      method.localName,
      {
        path: pathOf(method),
        requestStream:
          method.methodKind === "bidi_streaming" || method.methodKind === "client_streaming",
        responseStream:
          method.methodKind === "bidi_streaming" || method.methodKind === "server_streaming",
        requestSerialize: (message: unknown) =>
          Buffer.from(toBinary(method.input, message as never)),
        requestDeserialize: (buffer: Buffer) => fromBinary(method.input, buffer),
        responseSerialize: (message: unknown) =>
          Buffer.from(toBinary(method.output, message as never)),
        responseDeserialize: (buffer: Buffer) => fromBinary(method.output, buffer),
      },
    ]),
  );
}
