import { Server } from "@grpc/grpc-js";
import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import type { Log } from "../../observe/log.ts";
import {
  concurrentStreamsMax,
  flowControlWindowBytes,
  keepaliveTimeMs,
  keepaliveTimeoutMs,
  receiveMessageBytesMax,
  sendMessageBytesMax,
} from "../limits.ts";
import type { Service } from "../service.ts";
import { grpcImplementationOf } from "./grpc-adapter.ts";
import { serviceDefinitionOf } from "./service-definition.ts";

/** The gRPC server with its limits and the given services, not bound to a port: connections are injected. */
export function createGrpcServer(services: readonly Service[], log: Log): Server {
  const server = new Server({
    "grpc.max_receive_message_length": receiveMessageBytesMax,
    "grpc.max_send_message_length": sendMessageBytesMax,
    "grpc.max_concurrent_streams": concurrentStreamsMax,
    "grpc.keepalive_time_ms": keepaliveTimeMs,
    "grpc.keepalive_timeout_ms": keepaliveTimeoutMs,
    "grpc-node.flow_control_window": flowControlWindowBytes,
    // Costs a timestamp and two counters per message, and nothing here reads it.
    "grpc.enable_channelz": 0,
  });
  for (const service of services) {
    server.addService(serviceDefinitionOf(service.desc), grpcImplementationOf(service, log));
  }
  forgetFarDeadlines(server);
  return server;
}

interface StreamHandling {
  _streamHandler(
    interceptors: unknown,
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
  ): void;
}

/**
 * grpc-js 1.14 computes deadlines in 32 bits: one of more than 24 days overflows, and the call is
 * refused at once as too late. Such a deadline is as good as none.
 */
function forgetFarDeadlines(server: Server): void {
  const handling = server as unknown as StreamHandling;
  const original = handling._streamHandler.bind(server);
  handling._streamHandler = (interceptors, stream, headers) => {
    const timeout = headers["grpc-timeout"];
    if (typeof timeout === "string" && isFar(timeout)) delete headers["grpc-timeout"];
    original(interceptors, stream, headers);
  };
}

function isFar(timeout: string): boolean {
  const [, amount, unit] = /^(\d{1,8})([HMS])$/.exec(timeout) ?? [];
  if (amount === undefined) return false;
  return Number(amount) * (unit === "H" ? 3_600_000 : unit === "M" ? 60_000 : 1_000) > 2 ** 31 - 1;
}
