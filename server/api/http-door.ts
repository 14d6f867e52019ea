import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Log } from "../observe/log.ts";
import type { ConnectHandler } from "./connect/connect-handler.ts";
import {
  headerBytesMax,
  httpHeadersTimeoutMs,
  httpKeepAliveTimeoutMs,
  httpRequestTimeoutMs,
} from "./limits.ts";

export interface HttpDoor {
  readonly connect: ConnectHandler;
  readonly aws: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** Whether this server takes work now. */
  readonly isServing: () => boolean;
  readonly log: Log;
}

/** HTTP/1.1: Connect, gRPC-Web and JSON calls, the AWS door, health. Connections are given to it. */
export function createHttpServer(door: HttpDoor): Server {
  const server = createServer(
    {
      maxHeaderSize: headerBytesMax,
      headersTimeout: httpHeadersTimeoutMs,
      requestTimeout: httpRequestTimeoutMs,
      keepAliveTimeout: httpKeepAliveTimeoutMs,
      connectionsCheckingInterval: 5_000,
      noDelay: true,
    },
    (request, response) => {
      if (!door.isServing()) response.setHeader("connection", "close");
      response.setHeader("x-content-type-options", "nosniff");
      route(door, request, response);
    },
  );
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    if (error.code === "ECONNRESET" || !socket.writable) {
      socket.destroy();
      return;
    }
    const status =
      error.code === "HPE_HEADER_OVERFLOW"
        ? "431 Request Header Fields Too Large"
        : error.code === "ERR_HTTP_REQUEST_TIMEOUT"
          ? "408 Request Timeout"
          : "400 Bad Request";
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  });
  // Node arms the timeouts above when a server starts to listen; this one never does.
  server.emit("listening");
  return server;
}

function route(door: HttpDoor, request: IncomingMessage, response: ServerResponse): void {
  const path = request.url?.split("?", 1)[0] ?? "";
  if (isAwsCall(request, path)) {
    door.aws(request, response).catch((error: unknown) => {
      door.log.error({ err: error, target: request.headers["x-amz-target"] }, "aws call failed");
      if (!response.headersSent)
        sendJson(response, 500, { __type: "InternalFailure", message: "internal error" });
      else response.destroy();
    });
    return;
  }
  if (path === "/healthz") {
    sendJson(response, 200, { status: "ok" });
  } else if (path === "/readyz") {
    const isServing = door.isServing();
    sendJson(response, isServing ? 200 : 503, { status: isServing ? "ready" : "not ready" });
  } else if (!door.connect(request, response)) {
    request.resume();
    sendJson(response, 404, notFoundBody(path));
  }
}

function isAwsCall(request: IncomingMessage, path: string): boolean {
  if (request.method !== "POST" || path !== "/") return false;
  const contentType = request.headers["content-type"] ?? "";
  return (
    request.headers["x-amz-target"] !== undefined ||
    contentType.startsWith("application/x-amz-json-1.0")
  );
}

/** As connect words an unknown RPC, so that its clients see UNIMPLEMENTED; for people it says what there is. */
function notFoundBody(path: string): object {
  return {
    code: "unimplemented",
    message: `nothing is served at ${JSON.stringify(path.slice(0, 128))}`,
    served: {
      "POST /pawl.v1.<Service>/<Method>":
        "Connect, gRPC-Web and JSON, for example /pawl.v1.SystemService/GetServerInfo",
      "POST / with X-Amz-Target": "AWS Step Functions JSON 1.0",
      "gRPC over HTTP/2": "all services, health and reflection",
      "GET /healthz, GET /readyz": "the process is up, the server takes work",
    },
  };
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    "cache-control": "no-store",
  });
  response.end(text);
}
