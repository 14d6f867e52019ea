import type {
  Metadata,
  handleUnaryCall,
  ServerDuplexStream,
  ServerReadableStream,
  ServerWritableStream,
  UntypedServiceImplementation,
} from "@grpc/grpc-js";
import type { DescMethod } from "@bufbuild/protobuf";
import { EngineError } from "../../engine/errors.ts";
import type { Log } from "../../observe/log.ts";
import type { CallContext } from "../call-context.ts";
import type { Service, UntypedHandler } from "../service.ts";
import { DuplexCall } from "./duplex-call.ts";
import { grpcErrorOf, refusalOf } from "./errors.ts";
import { Undecodable } from "./undecodable.ts";

/** A service's handlers as grpc-js calls them. */
export function grpcImplementationOf(service: Service, log: Log): UntypedServiceImplementation {
  return Object.fromEntries(
    service.desc.methods.map((method) => {
      const handler = service.handlers[method.localName] as UntypedHandler;
      const where = { log, method: `${service.desc.typeName}/${method.name}` };
      return [
        method.localName,
        implementationOf(
          method,
          handler as (input: unknown, context: CallContext) => unknown,
          where,
        ),
      ];
    }),
  );
}

interface Where {
  readonly log: Log;
  readonly method: string;
}

type AnyHandler = (input: unknown, context: CallContext) => unknown;

function implementationOf(
  method: DescMethod,
  handler: AnyHandler,
  where: Where,
): UntypedServiceImplementation[string] {
  switch (method.methodKind) {
    case "unary":
      return unary(handler, where);
    case "server_streaming":
      return (call: ServerWritableStream<unknown, unknown>) => void pump(call, handler, where);
    case "client_streaming":
      return (
        call: ServerReadableStream<unknown, unknown>,
        answer: Parameters<handleUnaryCall<unknown, unknown>>[1],
      ) =>
        respond(
          async () => handler(allDecoded(call), new GrpcCallContext(call, where.method)),
          answer,
          where,
        );
    case "bidi_streaming":
      return (call: ServerDuplexStream<unknown, unknown>) => {
        const duplex = new DuplexCall<unknown, unknown>(call, where);
        try {
          handler(duplex, new GrpcCallContext(call, where.method));
        } catch (error) {
          duplex.refuse(error);
        }
      };
  }
}

function unary(handler: AnyHandler, where: Where): handleUnaryCall<unknown, unknown> {
  return (call, answer) => {
    respond(
      async () => handler(decoded(call.request), new GrpcCallContext(call, where.method)),
      answer,
      where,
    );
  };
}

function respond(
  run: () => Promise<unknown>,
  answer: Parameters<handleUnaryCall<unknown, unknown>>[1],
  where: Where,
): void {
  run().then(
    (response) => answer(null, response),
    (error: unknown) => answer(grpcErrorOf(refusalOf(error, where))),
  );
}

/** Writes what the handler yields as fast as the caller reads it. */
async function pump(
  call: ServerWritableStream<unknown, unknown>,
  handler: AnyHandler,
  where: Where,
): Promise<void> {
  try {
    const responses = handler(
      decoded(call.request),
      new GrpcCallContext(call, where.method),
    ) as AsyncIterable<unknown>;
    for await (const response of responses) {
      if (call.cancelled) return;
      if (!call.write(response)) await drained(call);
    }
    call.end();
  } catch (error) {
    if (!call.cancelled) call.emit("error", grpcErrorOf(refusalOf(error, where)));
    else if (!(error instanceof Error && error.name === "AbortError"))
      where.log.debug(
        { err: error, method: where.method },
        "stream failed after its caller had left",
      );
  }
}

function drained(call: ServerWritableStream<unknown, unknown>): Promise<void> {
  return new Promise((resolve) => {
    if (call.cancelled) {
      resolve();
      return;
    }
    const done = (): void => {
      call.off("drain", done);
      call.off("cancelled", done);
      resolve();
    };
    call.once("drain", done);
    call.once("cancelled", done);
  });
}

async function* allDecoded(requests: AsyncIterable<unknown>): AsyncGenerator {
  for await (const request of requests) yield decoded(request);
}

function decoded(request: unknown): unknown {
  if (!(request instanceof Undecodable)) return request;
  throw new EngineError("ValidationException", `message is not decodable: ${request.problem}`, {
    reason: "MALFORMED_MESSAGE",
  });
}

/** What all four kinds of call of grpc-js have. */
interface ServerCall {
  readonly cancelled: boolean;
  readonly metadata: Metadata;
  getPeer(): string;
  getDeadline(): Date | number;
  once(event: "cancelled", listener: () => void): unknown;
}

/** Everything is made when asked for: most handlers need none of it. */
class GrpcCallContext implements CallContext {
  readonly method: string;
  readonly #call: ServerCall;
  #controller: AbortController | undefined;

  constructor(call: ServerCall, method: string) {
    this.#call = call;
    this.method = method;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      const controller = new AbortController();
      this.#controller = controller;
      if (this.#call.cancelled) controller.abort();
      else this.#call.once("cancelled", () => controller.abort());
    }
    return this.#controller.signal;
  }

  get peer(): string {
    return this.#call.getPeer();
  }

  header(name: string): string | undefined {
    const value = this.#call.metadata.get(name)[0];
    return typeof value === "string" ? value : undefined;
  }

  timeoutMs(): number | undefined {
    const deadline = this.#call.getDeadline();
    const deadlineMs = typeof deadline === "number" ? deadline : deadline.getTime();
    return Number.isFinite(deadlineMs)
      ? Math.max(0, deadlineMs - (performance.timeOrigin + performance.now()))
      : undefined;
  }
}
