import { Server } from "@grpc/grpc-js";
import type { ServerOptions } from "node:http2";
import type { Log } from "../../observe/log.ts";
import {
  concurrentStreamsMax,
  flowControlWindowBytes,
  keepaliveTimeMs,
  keepaliveTimeoutMs,
  receiveMessageBytesMax,
  sendMessageBytesMax,
  streamResetBurst,
  streamResetRate,
} from "../limits.ts";
import type { Service } from "../service.ts";
import { answerCallersFaults } from "./callers-faults.ts";
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
  allowResets(server);
  for (const service of services) {
    server.addService(serviceDefinitionOf(service.desc), grpcImplementationOf(service, log));
  }
  answerCallersFaults(server, log);
  return server;
}

/** grpc-js 1.14 has no option of its own for it: this reaches into what it creates the HTTP/2 server with. */
function allowResets(server: Server): void {
  const { commonServerOptions } = server as unknown as { commonServerOptions: ServerOptions };
  Object.assign(commonServerOptions, { streamResetBurst, streamResetRate });
}
