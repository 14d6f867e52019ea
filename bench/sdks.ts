import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "@pawl/sdk";
import { Driver } from "../test/parity/support/driver.ts";
import {
  buildDriver,
  languageOf,
  sdks,
  type UsableDriver,
} from "../test/parity/support/drivers.ts";
import type { HandlerName, TaskStart } from "../test/parity/support/protocol.ts";
import { cpuMsOf } from "./cpu.ts";
import { runScript, startServer, stop } from "./processes.ts";
import type { Load } from "./scenarios.ts";

/** What the SDKs are measured with. */
export interface SdkBench {
  readonly runs: number;
  readonly isQuick: boolean;
  /** @returns its URL */
  readonly freshDatabase: (name: string) => Promise<string>;
  readonly report: (figure: SdkFigure) => void;
}

export interface SdkFigure {
  readonly what: string;
  readonly inFlight: number;
  readonly perSecond: number;
  readonly cpu?: Readonly<Record<string, number>>;
  readonly note?: string;
}

const slots = 200;
const items = 500;
const heldTasks = 50;
const heartbeatSeconds = 3;

const task = { Type: "Task", Resource: "bench:step", End: true };
const each = {
  StartAt: "Each",
  States: {
    Each: {
      Type: "Map",
      ItemsPath: "$.items",
      ItemProcessor: { StartAt: "One", States: { One: task } },
      ResultPath: null,
      End: true,
    },
  },
};
const held = {
  StartAt: "A",
  States: {
    A: {
      ...task,
      HeartbeatSeconds: heartbeatSeconds,
      Retry: [{ ErrorEquals: ["States.Timeout"], IntervalSeconds: 1, MaxAttempts: 1 }],
    },
  },
};

/** The worker of each SDK alone in a process: tasks that do nothing, and how soon others have its tasks when it is killed. */
export async function measureSdks(bench: SdkBench): Promise<void> {
  let base: number | undefined;
  for (const name of sdks) {
    const found = buildDriver(name);
    if ("missing" in found) {
      process.stderr.write(`NOT MEASURED: the ${languageOf[name]} SDK: ${found.missing}\n`);
      continue;
    }
    const measured: SdkFigure[] = [];
    for (let run = 0; run < bench.runs; run += 1) measured.push(await throughput(found, bench));
    const sorted = measured.toSorted((a, b) => a.perSecond - b.perSecond);
    const median = sorted[sorted.length >> 1]!;
    base ??= median.perSecond;
    const note = `${(median.perSecond / base).toFixed(2)} of TypeScript, ${cpuText(median)}`;
    bench.report({ ...median, note });
    bench.report(await redelivery(found, bench));
  }
}

/** Tasks a second of one worker process with 200 slots. */
async function throughput(found: UsableDriver, bench: SdkBench): Promise<SdkFigure> {
  const server = await startServer(await bench.freshDatabase(`sdk_${found.name}`), {
    PAWL_HISTORY_EVENTS_MAX: "1000000",
  });
  const driver = new Driver(found);
  try {
    await openWorker(driver, server.address, { handler: "noop", concurrency: slots });
    await createMachine(server.address, each);
    // The JVM compiles what runs often.
    await load(server.address, "warm", 20);
    const executions = bench.isQuick ? 20 : 100;
    const cpuMs = cpuMsOf(driver.pid);
    const [{ perSecond }] = await load(server.address, "measured", executions);
    const worker = (cpuMsOf(driver.pid) - cpuMs) / (executions * items);
    const what = `sdk ${languageOf[found.name]} tasks`;
    return { what, inFlight: slots, perSecond: perSecond * items, cpu: { worker } };
  } finally {
    await driver.close();
    await stop(server.child);
  }
}

/** From kill -9 of a worker that holds tasks to the moment another one has begun the last of them. */
async function redelivery(found: UsableDriver, bench: SdkBench): Promise<SdkFigure> {
  const server = await startServer(await bench.freshDatabase(`lost_${found.name}`));
  const [lost, other] = [new Driver(found), new Driver(found)];
  try {
    await openWorker(lost, server.address, { handler: "hold", concurrency: heldTasks });
    await createMachine(server.address, held);
    using client = new Client({ address: server.address });
    for (let index = 0; index < heldTasks; index += 1)
      await client.startExecution({ stateMachine: "bench" });
    await begun(lost);
    await sleep(heartbeatSeconds * 1_000);
    await openWorker(other, server.address, { handler: "hold", concurrency: heldTasks });
    const killedAt = performance.now();
    lost.kill();
    await begun(other);
    const seconds = (performance.now() - killedAt) / 1_000;
    const what = `sdk ${languageOf[found.name]} lost`;
    const limit = heartbeatSeconds + 2;
    const note = `all ${heldTasks} tasks begun anew after ${seconds.toFixed(2)} s; at most ${limit} s`;
    return { what, inFlight: heldTasks, perSecond: 0, note };
  } finally {
    other.kill();
    await stop(server.child);
  }
}

async function openWorker(
  driver: Driver,
  address: string,
  work: { readonly handler: HandlerName; readonly concurrency: number },
): Promise<void> {
  const tasks = [{ resource: "bench:step", ...work }];
  const quiet = work.handler === "noop";
  await driver.send({ op: "worker.open", worker: "bench", address, tasks, quiet });
}

async function createMachine(address: string, definition: object): Promise<void> {
  using client = new Client({ address });
  await client.createStateMachine({ name: "bench", definition });
}

function load(
  address: string,
  prefix: string,
  executions: number,
): Promise<readonly [{ readonly perSecond: number }]> {
  const maps: Load = { inFlight: 4, executions, items };
  const argument = { address, stateMachine: "bench", load: maps, follow: true, prefix };
  return runScript("bench/client.ts", argument) as never;
}

/** Resolves when a worker has begun all tasks. */
async function begun(driver: Driver): Promise<void> {
  await driver.event(
    (event): event is TaskStart =>
      event.event === "task.start" &&
      driver.events.filter((other) => other.event === "task.start").length === heldTasks,
  );
}

function cpuText({ cpu }: SdkFigure): string {
  return `worker ${((cpu?.["worker"] ?? 0) * 1_000).toFixed(0)} µs of CPU a task`;
}
