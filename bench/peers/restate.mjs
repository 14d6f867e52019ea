// Restate: a service with three `ctx.run` steps (executed in the service's own process), called
// through the ingress; the answer is durable when it comes.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Agent, request } from "node:http";
import { createServer as createHttp2 } from "node:http2";
import { closedLoop, options, print } from "./closed-loop.mjs";

// Two log lines an invocation would be measured otherwise; the logger reads its level when it is loaded.
process.env.RESTATE_LOGGING = "ERROR";
process.env.NODE_ENV = "production";
const restate = await import("@restatedev/restate-sdk");
const { loads } = options();
const freePort = async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
};
const [ingress, admin, node, servicePort] = await Promise.all([
  freePort(),
  freePort(),
  freePort(),
  freePort(),
]);
const folder = await mkdtemp(join(tmpdir(), "pawl-bench-restate-"));
const binary = new URL(
  "node_modules/@restatedev/restate-server-linux-x64/bin/restate-server",
  import.meta.url,
).pathname;
const server = spawn(binary, ["--no-logo", "--listen-mode", "tcp", "--base-dir", folder], {
  env: {
    ...process.env,
    RESTATE_INGRESS__BIND_ADDRESS: `127.0.0.1:${ingress}`,
    RESTATE_ADMIN__BIND_ADDRESS: `127.0.0.1:${admin}`,
    RESTATE_BIND_ADDRESS: `127.0.0.1:${node}`,
    RESTATE_DISABLE_TELEMETRY: "true",
    RUST_LOG: "error",
  },
  stdio: "ignore",
});
const stop = async () => {
  server.kill("SIGKILL");
  await once(server, "exit").catch(() => undefined);
  await rm(folder, { recursive: true, force: true });
};
try {
  const step = async (order) => ({ ...order, done: true });
  const service = restate.service({
    name: "Bench",
    handlers: {
      sequential: async (ctx, order) => {
        const one = await ctx.run("step1", () => step(order));
        const two = await ctx.run("step2", () => step(one));
        return ctx.run("step3", () => step(two));
      },
    },
  });
  const handler = restate.createEndpointHandler({ services: [service] });
  createHttp2(handler).listen(servicePort, "127.0.0.1");
  for (let tries = 0; ; tries += 1) {
    const registered = await fetch(`http://127.0.0.1:${admin}/deployments`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ uri: `http://127.0.0.1:${servicePort}` }),
    }).catch(() => undefined);
    if (registered?.ok) break;
    if (tries > 100) throw new Error("restate did not start");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const agent = new Agent({ keepAlive: true, maxSockets: 1024 });
  const run = (index) =>
    new Promise((resolve, reject) => {
      const call = request(
        {
          host: "127.0.0.1",
          port: ingress,
          path: "/Bench/sequential",
          method: "POST",
          agent,
          headers: { "content-type": "application/json" },
        },
        (response) => {
          response.resume();
          response.on("end", () =>
            response.statusCode === 200
              ? resolve()
              : reject(new Error(`status ${response.statusCode}`)),
          );
        },
      );
      call.on("error", reject);
      call.end(JSON.stringify({ order: "A-1", amount: 250, index }));
    });
  await closedLoop({ inFlight: 8, executions: 50, run });
  for (const load of loads) print({ peer: "Restate", ...(await closedLoop({ ...load, run })) });
} finally {
  await stop();
}
process.exit(0);
