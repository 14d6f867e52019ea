import type { Server } from "@grpc/grpc-js";
import {
  constants,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import { EngineError } from "../../engine/errors.ts";
import type { Log } from "../../observe/log.ts";
import { quoted } from "../violations.ts";
import { grpcErrorOf, refusalOf } from "./errors.ts";

interface StreamHandling {
  _streamHandler(
    interceptors: unknown,
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
  ): void;
}

/**
 * Corrects what grpc-js 1.14 makes of headers and frames that are the caller's fault and answers as its
 * own: a malformed `grpc-timeout` and bytes that do not decompress are INVALID_ARGUMENT, not INTERNAL.
 *
 * A deadline of more than 24 days overflows the 32 bits it is computed in, and the call would be refused
 * at once as too late; such a deadline is as good as none.
 */
export function answerCallersFaults(server: Server, log: Log): void {
  const handling = server as unknown as StreamHandling;
  const original = handling._streamHandler.bind(server);
  handling._streamHandler = (interceptors, stream, headers) => {
    const timeout = headers["grpc-timeout"];
    if (timeout !== undefined) {
      const [, amount, unit] = timeoutPattern.exec(String(timeout)) ?? [];
      if (amount === undefined) {
        refuseTimeout(stream, { timeout: String(timeout), method: headers[":path"] ?? "", log });
        return;
      }
      if (Number(amount) * (unitMs[unit!] ?? 0) > timerMsMax) delete headers["grpc-timeout"];
    }
    const encoding = headers["grpc-encoding"];
    if (encoding === "gzip" || encoding === "deflate") blameForBytes(stream);
    original(interceptors, stream, headers);
  };
}

/** gRPC over HTTP/2 § Timeout: at most eight digits and a unit. */
const timeoutPattern = /^(\d{1,8})([HMSmun])$/;
const unitMs: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1_000, m: 1 };
const timerMsMax = 2 ** 31 - 1;

function refuseTimeout(
  stream: ServerHttp2Stream,
  { timeout, method, log }: { timeout: string; method: string; log: Log },
): void {
  if (stream.destroyed) return;
  const description = `is ${quoted(timeout)}; it is one to eight digits and one of H, M, S, m, u, n`;
  const error = new EngineError("ValidationException", `grpc-timeout ${description}`, {
    reason: "TIMEOUT_SYNTAX",
    violations: [{ field: "grpc-timeout", description, reason: "TIMEOUT_SYNTAX" }],
  });
  const { code, details, metadata } = grpcErrorOf(refusalOf(error, { log, method }));
  stream.on("error", () => undefined);
  stream.respond(
    {
      [constants.HTTP2_HEADER_STATUS]: 200,
      [constants.HTTP2_HEADER_CONTENT_TYPE]: "application/grpc+proto",
      "grpc-status": code,
      "grpc-message": encodeURI(details),
      ...metadata.toHttp2Headers(),
    },
    { endStream: true },
  );
  stream.close(constants.NGHTTP2_NO_ERROR);
}

/** Only for calls that announce compression: the status is looked at on its way out. */
function blameForBytes(stream: ServerHttp2Stream): void {
  const corrected = (headers: OutgoingHttpHeaders | undefined): OutgoingHttpHeaders | undefined =>
    headers !== undefined &&
    Number(headers["grpc-status"]) === internal &&
    headers["grpc-message"] === notDecompressed
      ? { ...headers, "grpc-status": invalidArgument }
      : headers;
  const respond = stream.respond.bind(stream);
  stream.respond = (headers, options) =>
    respond(corrected(headers as OutgoingHttpHeaders), options);
  const sendTrailers = stream.sendTrailers.bind(stream);
  stream.sendTrailers = (headers) => sendTrailers(corrected(headers)!);
}

const internal = 13;
const invalidArgument = 3;
const notDecompressed = encodeURI("Failed to decompress message");
