import { once } from "node:events";
import type { AddressInfo, Server, Socket } from "node:net";
import { ServerCredentials } from "@grpc/grpc-js";
import type { Config } from "../config.ts";
import { Clock } from "../engine/clock.ts";
import type { Engine } from "../engine/engine.ts";
import type { Log } from "../observe/log.ts";
import { createAwsHandler } from "./aws/router.ts";
import { Draining } from "./call-context.ts";
import { createConnectHandler } from "./connect/connect-handler.ts";
import { createGrpcServer } from "./grpc/grpc-server.ts";
import { addHealth } from "./grpc/health.ts";
import { addReflection } from "./grpc/reflection.ts";
import { createHttpServer } from "./http-door.ts";
import { createOnePort } from "./one-port.ts";
import type { ServiceDeps } from "./service.ts";
import { servicesOf } from "./services.ts";

export interface ListenOptions {
  readonly engine: Engine;
  readonly config: Config;
  readonly log: Log;
  /** Whether the engine takes work. Default: always. */
  readonly isReady?: () => boolean;
  /** What GetServerInfo and Welcome tell. */
  readonly version?: string;
}

export interface ApiServer {
  readonly port: number;
  /** `http://host:port`: every protocol answers there. */
  readonly url: string;
  /**
   * Stops taking connections and new work, lets calls under way finish, and ends what is left after
   * `graceMs`. Idempotent.
   */
  close(graceMs: number): Promise<void>;
}

/** Opens the one port: gRPC over HTTP/2; Connect, gRPC-Web, JSON, AWS JSON and health over HTTP/1.1. */
export async function listen(options: ListenOptions): Promise<ApiServer> {
  const { engine, config, log } = options;
  const draining = new Draining();
  const isServing = (): boolean => !draining.isDraining && (options.isReady?.() ?? true);
  const deps: ServiceDeps = {
    engine,
    config,
    log,
    draining,
    clock: new Clock(),
    serverVersion: options.version ?? "0.1.0",
  };
  const services = servicesOf(deps);

  const grpc = createGrpcServer(services, log);
  const health = addHealth(grpc, services, isServing);
  addReflection(grpc, services);
  const injector = grpc.createConnectionInjector(ServerCredentials.createInsecure());
  const http = createHttpServer({
    connect: createConnectHandler(services, log),
    aws: createAwsHandler({ engine, config, log, draining }),
    isServing,
    log,
  });

  const sockets = new Set<Socket>();
  const server = createOnePort(
    {
      http2: (socket) => injector.injectConnection(socket),
      http1: (socket) => http.emit("connection", socket),
    },
    {
      draining,
      onConnection: (socket) => {
        sockets.add(socket);
        socket.once("close", () => sockets.delete(socket));
      },
    },
  );
  server.on("drop", () =>
    log.warn({ connections: sockets.size }, "connection refused: too many are open"),
  );
  const port = await bind(server, config);
  if (config.awsSignIn === "off" && !isLoopback(config.host)) {
    log.warn(
      { host: config.host },
      "anybody who reaches this address can use this server; PAWL_AWS_SIGN_IN=static asks for signatures at the AWS door",
    );
  }

  const close = async (graceMs: number): Promise<void> => {
    draining.begin();
    health.refresh();
    server.close();
    injector.drain(graceMs);
    http.closeIdleConnections();
    await allClosed(sockets, graceMs);
    for (const socket of sockets) socket.destroy();
    health.stop();
    http.close();
    grpc.forceShutdown();
  };
  let closing: Promise<void> | undefined;
  return {
    port,
    url: `http://${hostInUrl(config.host)}:${port}`,
    close: (graceMs) => (closing ??= close(graceMs)),
  };
}

async function bind(server: Server, config: Config): Promise<number> {
  server.listen({ host: config.host, port: config.port });
  await once(server, "listening");
  server.on("error", () => undefined);
  return (server.address() as AddressInfo).port;
}

const isLoopback = (host: string) => /^(localhost|127(\.\d+){3}|\[?::1\]?)$/.test(host);

/** An address that clients on this machine can use, also when the server listens on all of them. */
function hostInUrl(host: string): string {
  if (host === "0.0.0.0" || host === "::" || host === "") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}

/** Resolves when the last connection has closed, or after `graceMs`. */
async function allClosed(sockets: ReadonlySet<Socket>, graceMs: number): Promise<void> {
  const closed = Promise.all(
    [...sockets].map((socket) => once(socket, "close").catch(() => undefined)),
  );
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([
    closed,
    new Promise<void>((resolve) => (timer = setTimeout(resolve, graceMs))),
  ]);
  clearTimeout(timer);
}
