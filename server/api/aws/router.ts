import type { IncomingMessage, ServerResponse } from "node:http";
import type { Config } from "../../config.ts";
import { wallClockMs } from "../../engine/clock.ts";
import type { Engine } from "../../engine/engine.ts";
import { newUuid } from "../../engine/ids.ts";
import type { Log } from "../../observe/log.ts";
import type { Draining } from "../call-context.ts";
import { AwsError } from "./aws-error.ts";
import { toAwsError } from "./errors.ts";
import type { Call } from "./operation.ts";
import { operations } from "./operations/index.ts";
import { parseBody, readBody } from "./read-body.ts";
import { createSignIn, type SignIn } from "./sign-in.ts";

export interface AwsDoor {
  readonly engine: Engine;
  readonly config: Config;
  readonly log: Log;
  /** Ends held polls when the server goes away. */
  readonly draining?: Pick<Draining, "onBegin">;
}

/**
 * The AWS door: AWS JSON 1.0 over HTTP, `POST /` with `X-Amz-Target: AWSStepFunctions.<Operation>`.
 * Answers every request itself; the promise resolves when the answer was handed to the socket and
 * never rejects.
 */
export function createAwsHandler(
  door: AwsDoor,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const signIn = createSignIn(door.config, wallClockMs);
  return async (request, response) => {
    const requestId = newUuid();
    const client = new AbortController();
    const poll = new AbortController();
    const onClose = () => {
      client.abort();
      poll.abort();
    };
    response.once("close", onClose);
    const stopListening = door.draining?.onBegin(() => poll.abort());
    try {
      const call: Call = {
        engine: door.engine,
        config: door.config,
        signal: client.signal,
        pollSignal: poll.signal,
        requestId,
        remoteAddress: request.socket.remoteAddress ?? "",
      };
      const result = await perform(request, call, signIn);
      // A poll that the drain ended: its connection is not to be used again.
      if (poll.signal.aborted) response.setHeader("Connection", "close");
      send(response, requestId, 200, result);
    } catch (error) {
      if (!client.signal.aborted) sendError(door.log, request, response, { requestId, error });
    } finally {
      response.off("close", onClose);
      stopListening?.();
    }
  };
}

const targetPrefix = "AWSStepFunctions.";

async function perform(request: IncomingMessage, call: Call, signIn: SignIn): Promise<object> {
  const bytes = await readBody(request);
  await signIn(request, bytes);
  const target = String(request.headers["x-amz-target"] ?? "");
  const name = target.startsWith(targetPrefix) ? target.slice(targetPrefix.length) : "";
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (operation === undefined) {
    const message = `the operation '${target.slice(0, 64)}' is not known`;
    throw new AwsError("UnknownOperationException", message);
  }
  return operation.run(parseBody(bytes, request.headers["content-encoding"]), call);
}

function sendError(
  log: Log,
  request: IncomingMessage,
  response: ServerResponse,
  { requestId, error }: { requestId: string; error: unknown },
): void {
  const refusal = toAwsError(error);
  if (refusal.httpStatus === 500) {
    log.error({ err: error, requestId, target: request.headers["x-amz-target"] }, "request failed");
  }
  if (!request.complete) {
    // The rest of an oversized body is not read: the connection can not be used again.
    response.setHeader("Connection", "close");
    response.once("finish", () => request.destroy());
  }
  response.setHeader("x-amzn-ErrorType", refusal.type);
  send(response, requestId, refusal.httpStatus, {
    __type: refusal.type,
    message: refusal.message,
    ...refusal.fields,
  });
}

function send(response: ServerResponse, requestId: string, httpStatus: number, body: object): void {
  if (response.destroyed || response.headersSent) return;
  const text = Buffer.from(JSON.stringify(body));
  response.writeHead(httpStatus, {
    "Content-Type": "application/x-amz-json-1.0",
    "Content-Length": text.length,
    "x-amzn-RequestId": requestId,
  });
  response.end(text);
}
