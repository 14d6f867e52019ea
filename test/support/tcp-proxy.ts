import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

/** Stands between a client and a server and breaks what passes. */
export interface TcpProxy {
  readonly port: number;
  /** Connections are refused and the present ones are cut until `heal`. */
  down(): void;
  /** Nothing passes and nobody is told, until `heal`. What was held then goes on. */
  blackhole(): void;
  heal(): void;
  /** The present connections are half-open for ever; new ones pass. */
  silence(): void;
  /** Cuts the connection whose client sends `text` next: the request reaches the server, its answer nobody. */
  cutAfterRequest(text: string): Promise<void>;
  /** Cuts the connection whose client sends `text` next, before the server sees any of it. */
  cutBeforeRequest(text: string): Promise<void>;
  /** Milliseconds that everything the server says is late. */
  delayAnswersMs: number;
  close(): Promise<void>;
}

interface Cut {
  readonly text: string;
  readonly isRequestSent: boolean;
  readonly done: () => void;
}

export async function startTcpProxy(target: {
  readonly host: string;
  readonly port: number;
}): Promise<TcpProxy> {
  const pairs = new Set<{ readonly client: Socket; readonly server: Socket }>();
  const held: (() => void)[] = [];
  const silent = new Set<Socket>();
  let mode: "Pass" | "Down" | "Blackhole" = "Pass";
  let cut: Cut | undefined;
  const proxy = { delayAnswersMs: 0 };

  const pass = (to: Socket, data: Buffer): void => {
    if (silent.has(to)) return;
    if (mode === "Blackhole") held.push(() => to.write(data));
    else to.write(data);
  };
  const listener = createServer((client) => {
    if (mode === "Down") {
      client.destroy();
      return;
    }
    const server = connect(target);
    const pair = { client, server };
    pairs.add(pair);
    let isDeaf = false;
    const drop = (): void => {
      pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    client.on("data", (data) => {
      const now = cut;
      if (now !== undefined && data.includes(now.text)) {
        cut = undefined;
        if (now.isRequestSent) {
          isDeaf = true;
          server.write(data);
          server.once("data", () => (drop(), now.done())); // it has answered: the request was carried out
        } else {
          drop();
          now.done();
        }
        return;
      }
      pass(server, data);
    });
    server.on("data", (data) => {
      if (isDeaf) return;
      if (proxy.delayAnswersMs === 0) pass(client, data);
      else setTimeout(() => pass(client, data), proxy.delayAnswersMs);
    });
    for (const socket of [client, server])
      socket.on("error", drop).on("close", () => mode !== "Blackhole" && drop());
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const cutOnce = (text: string, isRequestSent: boolean): Promise<void> =>
    new Promise((done) => (cut = { text, isRequestSent, done }));
  const cutAll = (): void => {
    for (const { client, server } of pairs) {
      client.destroy();
      server.destroy();
    }
    pairs.clear();
  };
  return Object.assign(proxy, {
    port: (listener.address() as AddressInfo).port,
    down: () => {
      mode = "Down";
      cutAll();
    },
    blackhole: () => (mode = "Blackhole"),
    heal: () => {
      mode = "Pass";
      for (const write of held.splice(0)) write();
    },
    silence: () => {
      for (const { client, server } of pairs) silent.add(client).add(server);
    },
    cutAfterRequest: (text: string) => cutOnce(text, true),
    cutBeforeRequest: (text: string) => cutOnce(text, false),
    close: async () => {
      cutAll();
      await new Promise<void>((resolve) => listener.close(() => resolve()));
    },
  }) as TcpProxy;
}

/** A proxy before the database of `url`, and the URL that leads through it. */
export async function proxyDatabase(url: string): Promise<TcpProxy & { readonly url: string }> {
  const through = new URL(url);
  const proxy = await startTcpProxy({ host: through.hostname, port: Number(through.port || 5432) });
  through.hostname = "127.0.0.1";
  through.port = String(proxy.port);
  return Object.assign(proxy, { url: through.href });
}
