/** The driver of the TypeScript SDK: does what the parity suite says (test/parity/README.md), by the SDK's public API. */
import { Client, PawlError, sdkVersion } from "@pawl/sdk";
import { onLines } from "../../support/lines.ts";
import type { Command, Failure } from "../../support/protocol.ts";
import { callClient } from "./client-calls.ts";
import { interop } from "./interop.ts";
import { DriverWorkers } from "./workers.ts";

const clients = new Map<string, Client>();
const workers = new DriverWorkers(say);
const running = new Map<number, AbortController>();

onLines(process.stdin, (line) => void answer(JSON.parse(line) as Command));
process.stdin.on("end", () => process.exit(0));

async function answer(command: Command): Promise<void> {
  const { id } = command;
  const controller = new AbortController();
  running.set(id, controller);
  try {
    const next = (value: object): void => say({ id, next: value });
    say({ id, ok: await carryOut(command, { signal: controller.signal, next }) });
  } catch (error) {
    say({ id, error: failureOf(error) });
  } finally {
    running.delete(id);
  }
}

async function carryOut(
  command: Command,
  call: { readonly signal: AbortSignal; readonly next: (value: object) => void },
): Promise<object> {
  switch (command.op) {
    case "hello":
      return {
        sdk: "@pawl/sdk",
        sdkVersion,
        language: "TypeScript",
        languageVersion: `Node.js ${process.versions.node}`,
      };
    case "worker.open":
      return workers.open(command);
    case "worker.close":
      return workers.close(command);
    case "task.release":
      return workers.release(command);
    case "client.open":
      clients.set(command.client, new Client(command));
      return {};
    case "client.close":
      clientNamed(command.client).close();
      clients.delete(command.client);
      return {};
    case "client.call":
      return callClient(clientNamed(command.client), command, call);
    case "cancel":
      running.get(command.target)?.abort();
      return {};
    case "interop":
      return interop(command);
  }
}

function clientNamed(name: string): Client {
  const client = clients.get(name);
  if (client === undefined) throw new Error(`no client is named ${name}`);
  return client;
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof PawlError)) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { code: "INTERNAL_DRIVER_ERROR", reason: "", message, fieldViolations: [] };
  }
  const { code, reason, message, retryAfterMs, fieldViolations } = error;
  return {
    code,
    reason,
    message,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    fieldViolations: fieldViolations.map(({ field, description }) => ({ field, description })),
  };
}

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
