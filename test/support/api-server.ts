/** A server over real sockets on a MemoryEngine, and clients to talk to it. */
import {
  fromBinary,
  type DescMethod,
  type DescService,
  type MessageInitShape,
  type MessageShape,
  create,
} from "@bufbuild/protobuf";
import {
  credentials,
  makeClientConstructor,
  Metadata,
  type ClientDuplexStream,
  type ClientReadableStream,
  type Client,
  type ServiceError,
} from "@grpc/grpc-js";
import { listen, type ApiServer, type ListenOptions } from "../../server/api/server.ts";
import { serviceDefinitionOf } from "../../server/api/grpc/service-definition.ts";
import type { Config } from "../../server/config.ts";
import * as errorDetails from "../../server/gen/google/rpc/error_details_pb.ts";
import { StatusSchema } from "../../server/gen/google/rpc/status_pb.ts";
import { silentLog } from "../../server/observe/log.ts";
import { MemoryEngine } from "./memory-engine.ts";

export const testConfig: Config = {
  isEphemeral: true,
  host: "127.0.0.1",
  port: 0,
  awsRegion: "us-east-1",
  awsAccountId: "000000000000",
  awsSignIn: "off",
  payloadBytesMax: 262_144,
  historyEventsMax: 25_000,
  reconnectGraceMs: 30_000,
  deliveryLeaseMs: 10_000,
  drainTimeoutMs: 1_000,
  databasePoolMax: 4,
  allowUnsafeDatabase: false,
  logLevel: "silent",
  isS3PathStyle: false,
  mapConcurrencyMax: 1_000,
  batchRetentionSeconds: 0,
  isDevelopment: true,
};

export interface TestServer extends AsyncDisposable {
  readonly engine: MemoryEngine;
  readonly server: ApiServer;
  readonly address: string;
  /** One client of each service on a connection of its own. */
  client<Desc extends DescService>(desc: Desc): TestClient<Desc>;
}

export async function startApi(
  options: Partial<Omit<ListenOptions, "engine">> = {},
): Promise<TestServer> {
  const engine = new MemoryEngine();
  engine.machines.clear();
  await engine.createStateMachine({ name: "orders", definition: "{}" });
  await engine.createStateMachine({ name: "done", definition: "{}" });
  const server = await listen({ config: testConfig, log: silentLog, ...options, engine });
  const address = `127.0.0.1:${server.port}`;
  const clients: TestClient<DescService>[] = [];
  return {
    engine,
    server,
    address,
    client: (desc) => {
      const client = new TestClient(desc, address);
      clients.push(client);
      return client;
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.raw.close();
      await server.close(0);
    },
  };
}

type MethodOf<Desc extends DescService, Name extends keyof Desc["method"]> = Desc["method"][Name];
type In<Method> = Method extends DescMethod ? MessageInitShape<Method["input"]> : never;
type Out<Method> = Method extends DescMethod ? MessageShape<Method["output"]> : never;

/** A grpc-js client with protobuf-es messages. */
export class TestClient<Desc extends DescService> {
  readonly raw: Client;
  readonly #desc: Desc;

  constructor(desc: Desc, address: string) {
    this.#desc = desc;
    const ServiceClient = makeClientConstructor(serviceDefinitionOf(desc), desc.typeName);
    this.raw = new ServiceClient(address, credentials.createInsecure(), {
      "grpc.use_local_subchannel_pool": 1,
      "grpc.enable_retries": 0,
    });
  }

  call<Name extends keyof Desc["method"] & string>(
    name: Name,
    request: In<MethodOf<Desc, Name>>,
    options: { metadata?: Metadata; deadlineMs?: number } = {},
  ): Promise<Out<MethodOf<Desc, Name>>> {
    const callOptions =
      options.deadlineMs === undefined ? {} : { deadline: Date.now() + options.deadlineMs };
    return new Promise((resolve, reject) => {
      this.#method(name)(
        this.#message(name, request),
        options.metadata ?? new Metadata(),
        callOptions,
        (error: ServiceError | null, response: Out<MethodOf<Desc, Name>>) =>
          error === null ? resolve(response) : reject(refusalOf(error)),
      );
    });
  }

  stream<Name extends keyof Desc["method"] & string>(
    name: Name,
    request: In<MethodOf<Desc, Name>>,
  ): ClientReadableStream<Out<MethodOf<Desc, Name>>> {
    return this.#method(name)(this.#message(name, request)) as ClientReadableStream<
      Out<MethodOf<Desc, Name>>
    >;
  }

  duplex<Name extends keyof Desc["method"] & string>(
    name: Name,
  ): TestDuplex<In<MethodOf<Desc, Name>>, Out<MethodOf<Desc, Name>>> {
    const stream = this.#method(name)() as ClientDuplexStream<unknown, Out<MethodOf<Desc, Name>>>;
    return new TestDuplex(stream, (message) => this.#message(name, message));
  }

  #message<Name extends keyof Desc["method"] & string>(
    name: Name,
    message: In<MethodOf<Desc, Name>>,
  ): unknown {
    return create(this.#desc.method[name]!.input, message as never);
  }

  // oxlint-disable-next-line typescript/no-unsafe-function-type -- grpc-js types its generated methods so
  #method(name: string): Function {
    return (this.raw as unknown as Record<string, () => unknown>)[name]!.bind(this.raw);
  }
}

/** Collects what a duplex stream says; `next` waits for a message that fits. */
export class TestDuplex<Request, Response> {
  readonly received: Response[] = [];
  readonly raw: ClientDuplexStream<unknown, Response>;
  readonly ended: Promise<Refusal | undefined>;
  readonly #encode: (message: Request) => unknown;
  readonly #waiting = new Set<() => void>();
  #failure: Refusal | undefined;
  #isOver = false;
  #seen = 0;

  constructor(
    stream: ClientDuplexStream<unknown, Response>,
    encode: (message: Request) => unknown,
  ) {
    this.raw = stream;
    this.#encode = encode;
    stream.on("data", (message: Response) => {
      this.received.push(message);
      this.#wake();
    });
    this.ended = new Promise((resolve) => {
      stream.on("error", (error: ServiceError) => (this.#failure = refusalOf(error)));
      stream.on("close", () => undefined);
      const over = (): void => {
        this.#isOver = true;
        this.#wake();
        resolve(this.#failure);
      };
      stream.on("status", () => setImmediate(over));
    });
  }

  send(message: Request): void {
    this.raw.write(this.#encode(message));
  }

  end(): void {
    this.raw.end();
  }

  /** The next message not yet taken. @throws Refusal when the stream ends before. */
  async next(): Promise<Response> {
    while (this.#seen >= this.received.length) {
      if (this.#isOver) throw this.#failure ?? new Error("the stream has ended");
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
    this.#seen += 1;
    return this.received[this.#seen - 1]!;
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}

/** A gRPC status with its details decoded. */
export class Refusal extends Error {
  readonly code: number;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: number, message: string, details: Readonly<Record<string, unknown>>) {
    super(message);
    this.code = code;
    this.details = details;
  }

  get reason(): string | undefined {
    return (this.details["ErrorInfo"] as errorDetails.ErrorInfo | undefined)?.reason;
  }

  get violations(): readonly string[] {
    return (
      (this.details["BadRequest"] as errorDetails.BadRequest | undefined)?.fieldViolations ?? []
    ).map(({ field }) => field);
  }
}

export function refusalOf(error: ServiceError): Refusal {
  const [bytes] = error.metadata?.get("grpc-status-details-bin") ?? [];
  const status = bytes === undefined ? undefined : fromBinary(StatusSchema, bytes as Buffer);
  const details = (status?.details ?? []).map(({ typeUrl, value }) => {
    const name = typeUrl.slice(typeUrl.lastIndexOf(".") + 1);
    const schema = (errorDetails as unknown as Record<string, typeof errorDetails.ErrorInfoSchema>)[
      `${name}Schema`
    ]!;
    return [name, fromBinary(schema, value)] as const;
  });
  return new Refusal(error.code, error.details, Object.fromEntries(details));
}

/** The refusal a promise is rejected with. */
export async function refused(promise: Promise<unknown>): Promise<Refusal> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error("the call was not refused");
}
