import { Client, type Execution } from "@pawl/sdk";
import { FakeServer } from "../../support/fake-worker-service.ts";
import { startTcpProxy, type TcpProxy } from "../../support/tcp-proxy.ts";
import type { Driver, Sent } from "./driver.ts";
import type { OpenClient, OpenWorker, RegisteredTask } from "./protocol.ts";
import { StagedClient } from "./staged-client.ts";
import { StagedWorker } from "./staged-worker.ts";
import { startParityServer, type ParityServer } from "./server.ts";

/** One rule that every SDK keeps, and how that is seen. */
export interface Scenario {
  /** The row of the table. */
  readonly name: string;
  readonly run: (stage: Stage) => Promise<void>;
}

/** What all scenarios of one SDK share. */
export interface Cast {
  readonly driver: Driver;
  /** An SDK of another language, or this one again where no other is installed. */
  readonly partner: Driver;
  readonly server: ParityServer;
  /** How tests see what the driver has done. */
  readonly observer: Client;
}

let stages = 0;

/** Where one scenario plays: its names are its own, and what it opens is closed after it. */
export class Stage implements AsyncDisposable {
  readonly driver: Driver;
  readonly partner: Driver;
  readonly server: ParityServer;
  readonly observer: Client;
  /** No other scenario's names begin so. */
  readonly prefix: string;
  readonly #cleanUps: (() => Promise<unknown> | void)[] = [];
  #names = 0;

  constructor(cast: Cast) {
    this.driver = cast.driver;
    this.partner = cast.partner;
    this.server = cast.server;
    this.observer = cast.observer;
    stages += 1;
    this.prefix = `s${stages}`;
  }

  /** A name that nobody has. */
  name(what: string): string {
    this.#names += 1;
    return `${this.prefix}-${what}-${this.#names}`;
  }

  /** A worker of the SDK, or of the partner, connected to the server unless an address is given. */
  async worker(
    tasks: readonly RegisteredTask[],
    { driver = this.driver, ...options }: WorkerOptions = {},
  ): Promise<StagedWorker> {
    const name = this.name("worker");
    const { address } = this.server;
    await driver.send({ op: "worker.open", worker: name, address, tasks, ...options });
    const worker = new StagedWorker(driver, name);
    this.onEnd(() => worker.close(0));
    return worker;
  }

  async client(options: Partial<Omit<OpenClient, "op" | "client">> = {}): Promise<StagedClient> {
    const client = this.name("client");
    const { address } = this.server;
    await this.driver.send({ op: "client.open", client, address, ...options });
    this.onEnd(() => this.driver.send({ op: "client.close", client }));
    return new StagedClient(this.driver, client);
  }

  cancel({ id }: Sent): Promise<object> {
    return this.driver.send({ op: "cancel", target: id });
  }

  /** @param states of a machine that begins with the first of them. @returns its name */
  async apply(states: Readonly<Record<string, object>>, observer = this.observer): Promise<string> {
    const name = this.name("machine");
    const [StartAt] = Object.keys(states);
    await observer.applyStateMachine({ name, definition: { StartAt, States: states } });
    return name;
  }

  /** A machine of one Task state. @returns its name, which is its resource, too */
  async applyTask(fields: object = {}, observer = this.observer): Promise<string> {
    const name = this.name("task");
    const task = { Type: "Task", Resource: name, End: true, ...fields };
    await observer.applyStateMachine({ name, definition: { StartAt: "A", States: { A: task } } });
    return name;
  }

  /** A machine of one Parallel, a Task for each resource. @returns its name */
  applyParallel(resources: readonly string[]): Promise<string> {
    const Branches = resources.map((Resource, index) => ({
      StartAt: `T${index}`,
      States: { [`T${index}`]: { Type: "Task", Resource, End: true } },
    }));
    return this.apply({ All: { Type: "Parallel", Branches, End: true } });
  }

  /** @param input a JSON value. */
  async start(
    stateMachine: string,
    input: unknown = {},
    observer = this.observer,
  ): Promise<string> {
    return (await observer.startExecution({ stateMachine, input })).execution.id;
  }

  /** Resolves with the closed execution. */
  end(execution: string): Promise<Execution> {
    return this.observer.waitForExecution(execution, { timeoutMs: endTimeoutMs });
  }

  async run(stateMachine: string, input: unknown = {}): Promise<Execution> {
    return this.end(await this.start(stateMachine, input));
  }

  /** Speaks the protocol and does what the scenario says. */
  async fakeServer(): Promise<FakeServer> {
    const fake = await FakeServer.start();
    this.onEnd(() => fake.crash());
    return fake;
  }

  /** Stands before a server; by default the real one. */
  async proxy(
    address: string = this.server.address,
  ): Promise<TcpProxy & { readonly address: string }> {
    const [host, port] = address.split(":");
    const proxy = await startTcpProxy({ host: host!, port: Number(port) });
    this.onEnd(() => proxy.close());
    return Object.assign(proxy, { address: `127.0.0.1:${proxy.port}` });
  }

  /** A server of this scenario's own. */
  async ownServer(): Promise<ParityServer & { readonly observer: Client }> {
    const server = await startParityServer();
    const observer = new Client({ address: server.address });
    this.onEnd(async () => {
      observer.close();
      await server.stop();
    });
    return Object.assign(server, { observer });
  }

  /** Done after the scenario, the last one first. */
  onEnd(cleanUp: () => Promise<unknown> | void): void {
    this.#cleanUps.push(cleanUp);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const cleanUp of this.#cleanUps.toReversed()) await cleanUp();
  }
}

const endTimeoutMs = 30_000;

type WorkerOptions = Partial<Omit<OpenWorker, "op" | "worker" | "tasks">> & {
  readonly driver?: Driver;
};
