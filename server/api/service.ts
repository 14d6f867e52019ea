import type {
  DescMethod,
  DescMethodBiDiStreaming,
  DescMethodClientStreaming,
  DescMethodServerStreaming,
  DescMethodUnary,
  DescService,
  MessageShape,
} from "@bufbuild/protobuf";
import type { Config } from "../config.ts";
import type { Clock } from "../engine/clock.ts";
import type { Engine } from "../engine/engine.ts";
import { EngineError } from "../engine/errors.ts";
import type { Log } from "../observe/log.ts";
import type { CallContext, Draining } from "./call-context.ts";
import type { DuplexCall } from "./grpc/duplex-call.ts";

/**
 * The implementation of one RPC. One function answers gRPC, gRPC-Web, Connect and JSON; only streams in
 * both directions need HTTP/2 and therefore gRPC.
 */
export type Handler<Method extends DescMethod> =
  Method extends DescMethodUnary<infer In, infer Out>
    ? (request: MessageShape<In>, context: CallContext) => Promise<MessageShape<Out>>
    : Method extends DescMethodServerStreaming<infer In, infer Out>
      ? (request: MessageShape<In>, context: CallContext) => AsyncIterable<MessageShape<Out>>
      : Method extends DescMethodBiDiStreaming<infer In, infer Out>
        ? (call: DuplexCall<MessageShape<In>, MessageShape<Out>>, context: CallContext) => void
        : Method extends DescMethodClientStreaming<infer In, infer Out>
          ? (
              requests: AsyncIterable<MessageShape<In>>,
              context: CallContext,
            ) => Promise<MessageShape<Out>>
          : never;

export type Handlers<Desc extends DescService> = {
  readonly [Name in keyof Desc["method"]]: Handler<Desc["method"][Name]>;
};

/** Handlers by local method name, without their message types: what the adapters work with. */
export type UntypedHandler = (input: never, context: CallContext) => unknown;

export interface Service {
  readonly desc: DescService;
  readonly handlers: Readonly<Record<string, UntypedHandler>>;
}

/** A service and its complete set of handlers; a missing one does not compile. */
export function service<Desc extends DescService>(desc: Desc, handlers: Handlers<Desc>): Service {
  return { desc, handlers };
}

/** What handlers work with. */
export interface ServiceDeps {
  readonly engine: Engine;
  readonly config: Config;
  readonly log: Log;
  readonly clock: Clock;
  readonly draining: Draining;
  readonly serverVersion: string;
}

/** An RPC that is in the contract and not built. @param sentence what is missing, as the caller shall read it. */
export function unimplemented(sentence: string): () => never {
  return () => {
    throw new EngineError("NotImplemented", sentence, { reason: "NOT_IMPLEMENTED" });
  };
}
