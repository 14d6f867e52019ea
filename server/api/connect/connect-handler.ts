import type { IncomingMessage, ServerResponse } from "node:http";
import {
  Code,
  ConnectError,
  createConnectRouter,
  createContextKey,
  createContextValues,
  type HandlerContext,
  type MethodImpl,
} from "@connectrpc/connect";
import {
  compressionGzip,
  universalRequestFromNodeRequest,
  universalResponseToNodeResponse,
} from "@connectrpc/connect-node";
import type { DescMethod } from "@bufbuild/protobuf";
import type { Log } from "../../observe/log.ts";
import type { CallContext } from "../call-context.ts";
import { ErrorInfoSchema } from "../../gen/google/rpc/error_details_pb.ts";
import { connectErrorOf, errorDomain, refusalOf } from "../grpc/errors.ts";
import { receiveMessageBytesMax, sendMessageBytesMax } from "../limits.ts";
import type { Service } from "../service.ts";

/** Answers a request if its path is one of the services' RPCs; else returns false and touches nothing. */
export type ConnectHandler = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * The services as Connect, gRPC-Web and JSON over HTTP/1.1. Streams in both directions are not possible
 * there; connect answers 505 for them.
 */
export function createConnectHandler(services: readonly Service[], log: Log): ConnectHandler {
  const router = createConnectRouter({
    acceptCompression: [compressionGzip],
    readMaxBytes: receiveMessageBytesMax,
    writeMaxBytes: sendMessageBytesMax,
    maxTimeoutMs: timerMsMax,
    jsonOptions: { ignoreUnknownFields: true },
    requestGate: blameCaller,
  });
  for (const { desc, handlers } of services) {
    for (const method of desc.methods) {
      if (method.methodKind === "bidi_streaming" || method.methodKind === "client_streaming") {
        router.rpc(method, refuseStream as MethodImpl<typeof method>);
      } else {
        const handler = handlers[method.localName] as AnyHandler;
        router.rpc(
          method,
          connectImplementationOf(method, handler, log) as MethodImpl<typeof method>,
        );
      }
    }
  }
  const byPath = new Map(router.handlers.map((handler) => [handler.requestPath, handler]));

  return (request, response) => {
    const handler = byPath.get(request.url?.split("?", 1)[0] ?? "");
    if (handler === undefined) return false;
    const { remoteAddress, remotePort } = request.socket;
    const values = createContextValues().set(peerKey, `${remoteAddress}:${remotePort}`);
    const universal = universalRequestFromNodeRequest(request, response, undefined, values);
    handler(universal)
      .then((answer) => universalResponseToNodeResponse(answer, response))
      .catch((error: unknown) => {
        if (ConnectError.from(error).code !== Code.Aborted)
          log.debug({ err: error, method: handler.method.name }, "answer not delivered");
        if (!response.headersSent) response.writeHead(500);
        response.end();
      });
    return true;
  };
}

/**
 * Bytes that are no message are the caller's fault, which connect calls INTERNAL. It aborts the call
 * with that very error before it writes it down: the moment to correct its code.
 */
function blameCaller(context: HandlerContext): void {
  context.signal.addEventListener("abort", () => {
    const error: unknown = context.signal.reason;
    if (!(error instanceof ConnectError) || error.code !== Code.Internal) return;
    if (!callersFaults.test(error.rawMessage)) return;
    (error as { code: Code }).code = Code.InvalidArgument;
    error.details.push({
      desc: ErrorInfoSchema,
      value: { reason: "MALFORMED_MESSAGE", domain: errorDomain },
    });
  });
}

const callersFaults = /^(?:parse binary|decompression failed|received compressed envelope)/;

/** What a timer of Node.js can wait; connect refuses longer timeouts with INVALID_ARGUMENT. */
const timerMsMax = 2 ** 31 - 1;

type AnyHandler = (input: unknown, context: CallContext) => unknown;

const peerKey = createContextKey("unknown");

function connectImplementationOf(method: DescMethod, handler: AnyHandler, log: Log): unknown {
  const where = { log, method: `${method.parent.typeName}/${method.name}` };
  if (method.methodKind === "unary") {
    return async (request: unknown, context: HandlerContext) => {
      try {
        return await handler(request, contextOf(context, where.method));
      } catch (error) {
        throw connectErrorOf(refusalOf(error, where));
      }
    };
  }
  return async function* stream(request: unknown, context: HandlerContext) {
    try {
      yield* handler(request, contextOf(context, where.method)) as AsyncIterable<unknown>;
    } catch (error) {
      throw connectErrorOf(refusalOf(error, where));
    }
  };
}

function refuseStream(): never {
  throw new ConnectError("streams from the client need gRPC over HTTP/2", Code.Unimplemented);
}

function contextOf(context: HandlerContext, method: string): CallContext {
  return {
    method,
    signal: context.signal,
    peer: context.values.get(peerKey),
    header: (name) => context.requestHeader.get(name) ?? undefined,
    timeoutMs: () => context.timeoutMs(),
  };
}
