import type {
  DescMessage,
  DescMethodServerStreaming,
  DescMethodUnary,
  MessageInitShape,
  MessageShape,
} from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import type { Transport as Connect } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";
import { codeName, PawlError } from "./errors.ts";
import { cancelled } from "./retry.ts";
import { errorDetailsOf } from "./status-details.ts";
import type { Transport, TransportCall } from "./transport.ts";

type Headers = Readonly<Record<string, string>> | (() => Readonly<Record<string, string>>);

/** Calls over Connect, with `fetch`. */
export class ConnectTransport implements Transport {
  readonly #connect: Connect;
  readonly #headers: Headers;
  readonly #closing = new AbortController();

  constructor(baseUrl: string, headers: Headers = {}) {
    this.#connect = createConnectTransport({ baseUrl, useBinaryFormat: true });
    this.#headers = headers;
  }

  async unary<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageShape<I>,
    { timeoutMs, signal }: TransportCall,
  ): Promise<MessageShape<O>> {
    const input = request as MessageInitShape<I>;
    try {
      const response = await this.#connect.unary(
        method,
        this.#signal(signal),
        timeoutMs,
        this.#header(),
        input,
      );
      return response.message;
    } catch (error) {
      throw this.#toPawlError(error, signal);
    }
  }

  async *serverStream<I extends DescMessage, O extends DescMessage>(
    method: DescMethodServerStreaming<I, O>,
    request: MessageShape<I>,
    { timeoutMs, signal }: TransportCall,
  ): AsyncGenerator<MessageShape<O>> {
    const over = new AbortController();
    const input = one(request as MessageInitShape<I>);
    try {
      const signals = AbortSignal.any([over.signal, this.#signal(signal)]);
      const response = await this.#connect.stream(
        method,
        signals,
        timeoutMs,
        this.#header(),
        input,
      );
      yield* response.message;
    } catch (error) {
      throw this.#toPawlError(error, signal);
    } finally {
      over.abort();
    }
  }

  /** `fetch` sends no streams. */
  async clientStream(): Promise<never> {
    throw new PawlError(
      "UNIMPLEMENTED",
      "items can not be streamed from a browser; send at most 1,000",
    );
  }

  close(): void {
    this.#closing.abort();
  }

  #signal(signal: AbortSignal | undefined): AbortSignal {
    return signal === undefined
      ? this.#closing.signal
      : AbortSignal.any([signal, this.#closing.signal]);
  }

  #header(): Record<string, string> {
    return { ...(typeof this.#headers === "function" ? this.#headers() : this.#headers) };
  }

  #toPawlError(error: unknown, signal: AbortSignal | undefined): PawlError {
    if (signal?.aborted === true) return cancelled(signal.reason);
    const connectError = ConnectError.from(error);
    const details = connectError.details.filter((detail) => "type" in detail && "value" in detail);
    // fetch reports an unreachable server as a TypeError
    const code =
      error instanceof TypeError || connectError.cause instanceof TypeError
        ? "UNAVAILABLE"
        : codeName(connectError.code);
    return new PawlError(code, connectError.rawMessage, {
      ...errorDetailsOf(details),
      cause: error,
    });
  }
}

async function* one<Message>(message: Message): AsyncGenerator<Message> {
  yield message;
}
