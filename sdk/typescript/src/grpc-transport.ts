import type { CallOptions, ServiceError } from "@grpc/grpc-js";
import type {
  DescMessage,
  DescMethodClientStreaming,
  DescMethodServerStreaming,
  DescMethodUnary,
  MessageShape,
} from "@bufbuild/protobuf";
import { codecOf } from "./channel.ts";
import type { Channel } from "./channel.ts";
import { codeName, PawlError } from "./errors.ts";
import { cancelled } from "./retry.ts";
import { statusDetailsOf } from "./status-details.ts";
import type { Transport, TransportCall } from "./transport.ts";

/** Calls over gRPC. */
export class GrpcTransport implements Transport {
  readonly #channel: Channel;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  unary<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageShape<I>,
    { timeoutMs, signal }: TransportCall,
  ): Promise<MessageShape<O>> {
    const { path, serialize, deserialize } = codecOf<I, O>(method);
    const metadata = this.#channel.metadata();
    return answered(path, signal, (answer) =>
      this.#channel.client.makeUnaryRequest(
        path,
        serialize,
        deserialize,
        request,
        metadata,
        deadline(timeoutMs),
        answer,
      ),
    );
  }

  clientStream<I extends DescMessage, O extends DescMessage>(
    method: DescMethodClientStreaming<I, O>,
    request: MessageShape<I>,
    { timeoutMs, signal }: TransportCall,
  ): Promise<MessageShape<O>> {
    const { path, serialize, deserialize } = codecOf<I, O>(method);
    const metadata = this.#channel.metadata();
    return answered(path, signal, (answer) => {
      const call = this.#channel.client.makeClientStreamRequest(
        path,
        serialize,
        deserialize,
        metadata,
        deadline(timeoutMs),
        answer,
      );
      call.end(request);
      return call;
    });
  }

  async *serverStream<I extends DescMessage, O extends DescMessage>(
    method: DescMethodServerStreaming<I, O>,
    request: MessageShape<I>,
    { timeoutMs, signal }: TransportCall,
  ): AsyncGenerator<MessageShape<O>> {
    if (signal?.aborted === true) throw cancelled(signal.reason);
    const { path, serialize, deserialize } = codecOf<I, O>(method);
    const metadata = this.#channel.metadata();
    const call = this.#channel.client.makeServerStreamRequest(
      path,
      serialize,
      deserialize,
      request,
      metadata,
      deadline(timeoutMs),
    );
    const onAbort = (): void => call.cancel();
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      for await (const message of call) yield message as MessageShape<O>;
    } catch (error) {
      throw toPawlError(error, signal);
    } finally {
      signal?.removeEventListener("abort", onAbort);
      call.on("error", () => undefined);
      call.cancel();
    }
  }

  close(): void {
    this.#channel.close();
  }
}

/** The one answer of a call. */
function answered<Response>(
  path: string,
  signal: AbortSignal | undefined,
  begin: (answer: (error: ServiceError | null, response?: Response) => void) => {
    cancel(): void;
  },
): Promise<Response> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(cancelled(signal.reason));
      return;
    }
    const onAbort = (): void => call.cancel();
    const call = begin((error, response) => {
      signal?.removeEventListener("abort", onAbort);
      if (error !== null) reject(toPawlError(error, signal));
      else if (response === undefined)
        reject(new PawlError("INTERNAL", `${path} answered without a message`));
      else resolve(response);
    });
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

/** A grpc-js error as a PawlError; an abort of `signal` is CANCELLED whatever the transport says. */
export function toPawlError(error: unknown, signal?: AbortSignal): PawlError {
  if (error instanceof PawlError) return error;
  if (signal?.aborted === true) return cancelled(signal.reason);
  if (!isServiceError(error))
    return new PawlError("UNKNOWN", error instanceof Error ? error.message : String(error), {
      cause: error,
    });
  const trailer = error.metadata?.get("grpc-status-details-bin")[0];
  const details = trailer instanceof Uint8Array ? statusDetailsOf(trailer) : {};
  return new PawlError(codeName(error.code), error.details, { ...details, cause: error });
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && "code" in error && typeof error.code === "number";
}

function deadline(timeoutMs: number | undefined): CallOptions {
  return timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs };
}
