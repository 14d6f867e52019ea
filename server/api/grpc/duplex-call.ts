import type { ServerDuplexStream } from "@grpc/grpc-js";
import { EngineError } from "../../engine/errors.ts";
import { refusedStreamGraceMs } from "../limits.ts";
import { grpcErrorOf, refusalOf } from "./errors.ts";
import type { Log } from "../../observe/log.ts";
import { Undecodable } from "./undecodable.ts";

export interface DuplexListener<In> {
  message(message: In): void;
  /** The caller has half-closed: nothing more comes, answers are still read. */
  halfClosed(): void;
  /** The call is over, however it ended: nothing is received or sent from now on. Called once. */
  closed(): void;
}

/**
 * A stream in both directions, as handlers see it: messages by callback (no promise per message), with
 * backpressure on both sides.
 */
export class DuplexCall<In, Out> {
  readonly #stream: ServerDuplexStream<In | Undecodable, Out>;
  readonly #where: { readonly log: Log; readonly method: string };
  #isOver = false;
  #closed: (() => void) | undefined;

  constructor(
    stream: ServerDuplexStream<In | Undecodable, Out>,
    where: { readonly log: Log; readonly method: string },
  ) {
    this.#stream = stream;
    this.#where = where;
  }

  /** True once the call has been ended, refused, or left by the caller. */
  get isOver(): boolean {
    return this.#isOver || this.#stream.cancelled;
  }

  listen(listener: DuplexListener<In>): void {
    this.#stream.on("data", (message: In | Undecodable) => {
      if (this.#isOver) return;
      if (message instanceof Undecodable) {
        this.refuse(
          new EngineError("ValidationException", `message is not decodable: ${message.problem}`, {
            reason: "MALFORMED_MESSAGE",
          }),
        );
        return;
      }
      try {
        listener.message(message);
      } catch (error) {
        this.refuse(error);
      }
    });
    this.#stream.once("end", () => {
      if (!this.#isOver) listener.halfClosed();
    });
    this.#closed = () => listener.closed();
    this.#stream.once("cancelled", () => this.#close());
  }

  /** @returns false when the caller reads slowly: hold back until {@link onDrain}. */
  send(message: Out): boolean {
    return this.isOver ? true : this.#stream.write(message);
  }

  onDrain(listener: () => void): void {
    this.#stream.on("drain", listener);
  }

  pause(): void {
    this.#stream.pause();
  }

  resume(): void {
    this.#stream.resume();
  }

  /** Ends with OK after what was sent. */
  end(): void {
    if (this.isOver) return;
    this.#close();
    this.#stream.end();
  }

  /** Ends with the error's status after what was sent; resets the stream if the caller does not read that either. */
  refuse(error: unknown): void {
    if (this.isOver) return;
    this.#close();
    this.#stream.emit("error", grpcErrorOf(refusalOf(error, this.#where)));
    this.#stream.resume();
    setTimeout(() => this.#reset(), refusedStreamGraceMs).unref();
  }

  #close(): void {
    this.#isOver = true;
    const closed = this.#closed;
    this.#closed = undefined;
    closed?.();
  }

  /** grpc-js has no door to a call's HTTP/2 stream; without this a caller that stops reading keeps it for ever. */
  #reset(): void {
    const call = (
      this.#stream as {
        readonly call?: {
          readonly stream?: { readonly closed: boolean; close(code: number): void };
        };
      }
    ).call;
    if (call?.stream?.closed === false) call.stream.close(enhanceYourCalm);
  }
}

/** RFC 9113 § 7. */
const enhanceYourCalm = 0xb;
