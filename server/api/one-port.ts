import { createServer, type Server, type Socket } from "node:net";
import type { Draining } from "./call-context.ts";
import { connectionsMax, firstByteTimeoutMs } from "./limits.ts";

interface Doors {
  /** Takes a connection that speaks HTTP/2. */
  readonly http2: (socket: Socket) => void;
  /** Takes any other; its parser refuses what is not HTTP/1.1. */
  readonly http1: (socket: Socket) => void;
}

interface OnePortOptions {
  readonly onConnection: (socket: Socket) => void;
  /** A connection that has not said what it wants by then is closed. */
  readonly draining: Draining;
  /** Default {@link firstByteTimeoutMs}. */
  readonly firstByteTimeoutMs?: number;
}

/**
 * One listening port for both protocols: the first bytes of a connection tell which it speaks. The
 * bytes are put back before the connection is handed on.
 */
export function createOnePort(doors: Doors, options: OnePortOptions): Server {
  const server = createServer(
    { noDelay: true, allowHalfOpen: true, keepAlive: true, keepAliveInitialDelay: 30_000 },
    (socket) => {
      // Before anything is read: a reset during the peek must not be an unhandled error.
      socket.on("error", () => socket.destroy());
      options.onConnection(socket);
      peek(socket, doors, options);
    },
  );
  server.maxConnections = connectionsMax;
  return server;
}

/** RFC 9113 § 3.4. */
const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");

function peek(socket: Socket, doors: Doors, options: OnePortOptions): void {
  let seen: Buffer = Buffer.alloc(0);
  const timer = setTimeout(
    () => socket.destroy(),
    options.firstByteTimeoutMs ?? firstByteTimeoutMs,
  );
  const stopListening = options.draining.onBegin(() => socket.destroy());
  const leave = (): void => {
    clearTimeout(timer);
    stopListening();
    socket.off("data", look);
    socket.off("end", giveUp);
    socket.off("close", leave);
  };
  const giveUp = (): void => {
    leave();
    socket.destroy();
  };
  const look = (chunk: Buffer): void => {
    seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk]);
    const length = Math.min(seen.length, preface.length);
    const isPreface = seen.subarray(0, length).equals(preface.subarray(0, length));
    if (isPreface && length < preface.length) return;
    leave();
    // node:http2 takes what a paused socket holds, then its handle; node:http goes on with the flow.
    if (isPreface) {
      socket.pause();
      // Who ends its half has said its last word, and hears nothing either: a process that was killed.
      socket.allowHalfOpen = false;
    }
    socket.unshift(seen);
    (isPreface ? doors.http2 : doors.http1)(socket);
  };
  socket.on("data", look);
  socket.once("end", giveUp);
  socket.once("close", leave);
}
