/**
 * npm run bench -- [interpret | messages | records | library | sdks] [--scenario NAME,...] [--floor] [--peers] [--quick] [--runs N] [--json FILE]
 *
 * Measures Pawl as its users meet it: a real PostgreSQL (fsync on), the server, the workers and the
 * client as processes of their own, all on this machine. With --floor the group commit alone, with
 * --peers other engines at the same work, in the same run: quote ratios, machines differ. `interpret`
 * measures the interpreter alone, with --peers beside another one; `messages` how soon a message wakes an
 * execution when few and when 100,000 wait; `records` lists, counts and statistics over a million executions;
 * `library` what the README of state-machine-amz-go tells the times of;
 * `sdks` one worker of each SDK whose language is installed, and how soon others have its tasks when it is killed.
 */
import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { Client } from "@pawl/sdk";
import pg from "pg";
import { startEmbeddedPostgres } from "../server/store/embedded-postgres.ts";
import { silentLog } from "../server/observe/log.ts";
import { cpuMsOf } from "./cpu.ts";
import { runScript, startServer, startWorker, stop } from "./processes.ts";
import { measureSdks } from "./sdks.ts";
import { scenarios, type Load, type Scenario } from "./scenarios.ts";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    scenario: { type: "string", default: "sequential,batch,map,pass,start,idle" },
    floor: { type: "boolean", default: false },
    peers: { type: "boolean", default: false },
    quick: { type: "boolean", default: false },
    runs: { type: "string", default: "3" },
    json: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (options.help) {
  process.stdout.write(
    "npm run bench -- [interpret | messages | records | library | sdks] [--scenario sequential,batch,map,pass,start,idle] [--floor] [--peers] [--quick] [--runs N] [--json FILE]\n",
  );
  process.exit(0);
}

interface Figures {
  readonly what: string;
  readonly inFlight: number;
  readonly perSecond: number;
  readonly p50Ms?: number;
  readonly p99Ms?: number;
  /** Milliseconds of CPU an execution, by process group. */
  readonly cpu?: Readonly<Record<string, number>>;
  readonly note?: string;
}

/** Of the longest question of `records`. */
const whatWidth = 46;
const runs = options.quick ? 1 : Number(options.runs);
const figures: Figures[] = [];
if (positionals.includes("interpret")) {
  await measureInterpreter();
  finish();
  process.exit(0);
}
const wanted = options.scenario.split(",");
const postgres = await startEmbeddedPostgres({ isEphemeral: true }, silentLog);
try {
  if (positionals.includes("messages")) await measureMessages();
  else if (positionals.includes("records")) await measureRecords();
  else if (positionals.includes("library")) await measureLibrary();
  else if (positionals.includes("sdks"))
    await measureSdks({ runs, isQuick: options.quick, freshDatabase, report });
  else
    for (const scenario of scenarios.filter(({ name }) => wanted.includes(name)))
      await measure(scenario);
  if (options.floor) await measureFloor();
  if (options.peers) await measurePeers();
} finally {
  await postgres.stop();
}
finish();

function finish(): void {
  printTable(figures);
  printRatios(figures);
  if (options.json === undefined) return;
  const document = { at: new Date().toISOString(), node: process.version, runs, figures };
  writeFileSync(options.json, `${JSON.stringify(document, undefined, 2)}\n`);
}

async function measure(scenario: Scenario): Promise<void> {
  const databaseUrl = await freshDatabase(scenario.name);
  const server = await startServer(databaseUrl, { PAWL_HISTORY_EVENTS_MAX: "1000000" });
  const workers = [startWorker(server.address)];
  try {
    const client = new Client({ address: server.address });
    await client.createStateMachine({ name: "bench", definition: scenario.definition });
    client.close();
    const warmUp: Load = {
      ...scenario.loads[0]!,
      inFlight: 8,
      executions: scenario.name === "map" ? 10 : 200,
    };
    await runLoad(scenario, warmUp, server, workers);
    for (const load of options.quick ? scenario.quickLoads : scenario.loads) {
      const measured: Figures[] = [];
      for (let run = 0; run < runs; run += 1)
        measured.push(await runLoad(scenario, load, server, workers));
      report(median(measured));
    }
    if (scenario.name === "idle") report(await idleCost(databaseUrl, server));
  } finally {
    for (const worker of workers) await stop(worker);
    await stop(server.child);
  }
}

async function measureMessages(): Promise<void> {
  const server = await startServer(await freshDatabase("messages"));
  const argument = { address: server.address, rounds: options.quick ? 100 : 1_000 };
  try {
    const measured = await runScript<Figures & { readonly waits: number }>(
      "bench/messages.ts",
      argument,
    );
    for (const { waits, ...figure } of measured)
      report({ ...figure, what: `message, ${waits.toLocaleString("en")} wait`, inFlight: 1 });
  } finally {
    await stop(server.child);
  }
}

async function measureRecords(): Promise<void> {
  const executions = options.quick ? 20_000 : 1_000_000;
  await measureAnswers("records", { executions, rounds: options.quick ? 10 : 60 });
}

async function measureLibrary(): Promise<void> {
  const { definition } = scenarios[0]!;
  const [executions, rounds] = options.quick ? [500, 200] : [10_000, 2_000];
  await measureAnswers("library", { definition, executions, rounds });
}

/** Runs a script that asks a server with a worker and a database of its own. */
async function measureAnswers(name: string, argument: object): Promise<void> {
  const databaseUrl = await freshDatabase(name);
  const server = await startServer(databaseUrl);
  const { address } = server;
  const worker = startWorker(address);
  try {
    const measured = await runScript<Pick<Figures, "what" | "p50Ms" | "note">>(`bench/${name}.ts`, {
      address,
      databaseUrl,
      ...argument,
    });
    for (const figure of measured) report({ ...figure, inFlight: 1, perSecond: 0 });
  } finally {
    await stop(worker);
    await stop(server.child);
  }
}

async function runLoad(
  scenario: Scenario,
  load: Load,
  server: { readonly child: { readonly pid?: number | undefined }; readonly address: string },
  workers: readonly { readonly pid?: number | undefined }[],
): Promise<Figures> {
  const meters = { server: server.child.pid!, worker: workers[0]!.pid!, postgres: postgres.pid };
  const before = Object.entries(meters).map(([group, pid]) => [group, cpuMsOf(pid)] as const);
  const follow = scenario.name !== "start" && scenario.name !== "idle";
  const prefix = `${load.inFlight}-${load.items ?? 0}-${Date.now()}`;
  const [result] = await runScript<{
    perSecond: number;
    p50Ms?: number;
    p99Ms?: number;
    cpuMs: number;
  }>(scenario.name === "batch" ? "bench/batch-client.ts" : "bench/client.ts", {
    address: server.address,
    stateMachine: "bench",
    load,
    follow,
    prefix,
  });
  const cpu = Object.fromEntries(
    before.map(([group, ms]) => [
      group,
      (cpuMsOf(meters[group as keyof typeof meters]) - ms) / load.executions,
    ]),
  );
  const what = load.items === undefined ? scenario.name : `${scenario.name} ${load.items}`;
  const { perSecond, p50Ms, p99Ms, cpuMs } = result!;
  return {
    what,
    inFlight: load.inFlight,
    perSecond,
    ...(p50Ms !== undefined && { p50Ms }),
    ...(p99Ms !== undefined && { p99Ms }),
    cpu: { ...cpu, client: cpuMs / load.executions },
  };
}

/** CPU and statements of a server whose 10,000 executions wait. */
async function idleCost(
  databaseUrl: string,
  server: { readonly child: { readonly pid?: number | undefined } },
): Promise<Figures> {
  const seconds = 10;
  // PostgreSQL vacuums what was just loaded; that is not the waiting's cost.
  await new Promise((resolve) => setTimeout(resolve, 20_000));
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const transactions = async (): Promise<number> => {
    const { rows } = await client.query<{ n: string }>(
      "select xact_commit + xact_rollback as n from pg_stat_database where datname = current_database()",
    );
    return Number(rows[0]!.n);
  };
  const before = {
    queries: await transactions(),
    server: cpuMsOf(server.child.pid!),
    postgres: cpuMsOf(postgres.pid),
  };
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const queries = ((await transactions()) - before.queries) / seconds;
  const share = (ms: number): string => `${((ms / (seconds * 1000)) * 100).toFixed(1)} %`;
  const note = `${queries.toFixed(1)} queries/s, server ${share(cpuMsOf(server.child.pid!) - before.server)} and postgres ${share(cpuMsOf(postgres.pid) - before.postgres)} of a core`;
  await client.end();
  return { what: "idle 10,000 waiting", inFlight: 10_000, perSecond: 0, note };
}

async function measureFloor(): Promise<void> {
  const loads = options.quick ? scenarios[0]!.quickLoads : scenarios[0]!.loads;
  const databaseUrl = await freshDatabase("floor");
  const all: Figures[][] = loads.map(() => []);
  for (let run = 0; run < runs; run += 1) {
    const lines = await runScript<Omit<Figures, "what">>("bench/floor.ts", { databaseUrl, loads });
    for (const [index, line] of lines.entries()) all[index]!.push({ ...line, what: "floor" });
  }
  for (const measured of all) report(median(measured));
}

async function measurePeers(): Promise<void> {
  const folder = installedPeers();
  const loads = [
    { inFlight: 1, executions: options.quick ? 50 : 200 },
    { inFlight: 128, executions: options.quick ? 1_000 : 4_000 },
  ];
  for (const peer of ["pg-boss", "dbos", "restate"]) {
    const databaseUrl = await freshDatabase(peer.replace("-", "_"));
    const all: Figures[][] = loads.map(() => []);
    for (let run = 0; run < runs; run += 1) {
      const lines = await runScript<Omit<Figures, "what"> & { peer: string }>(
        `${peer}.mjs`,
        { databaseUrl, loads },
        { cwd: folder },
      );
      for (const [index, line] of lines.entries()) all[index]!.push({ ...line, what: line.peer });
    }
    for (const measured of all) report(median(measured));
  }
}

/** @returns the folder of the peers. */
function installedPeers(): string {
  const folder = new URL("peers/", import.meta.url).pathname;
  if (!existsSync(`${folder}node_modules`)) {
    process.stderr.write("installing the peers\n");
    execFileSync(
      "npm",
      ["install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"],
      { cwd: folder, stdio: "inherit" },
    );
  }
  return folder;
}

/** The interpreter without store and network, and another one that has neither. */
async function measureInterpreter(): Promise<void> {
  const argument = { seconds: options.quick ? 0.5 : 2 };
  const scripts: Parameters<typeof runScript>[] = [["bench/interpret.ts", argument]];
  if (options.peers)
    scripts.push(["aws-local-stepfunctions.mjs", argument, { cwd: installedPeers() }]);
  const measured = new Map<string, Figures[]>();
  for (let run = 0; run < runs; run += 1)
    for (const script of scripts)
      for (const line of await runScript<{ what: string; perSecond: number }>(...script))
        measured.set(line.what, [...(measured.get(line.what) ?? []), { ...line, inFlight: 1 }]);
  for (const lines of measured.values()) report(median(lines));
}

async function freshDatabase(name: string): Promise<string> {
  const client = new pg.Client({ connectionString: postgres.connectionString });
  await client.connect();
  const database = `bench_${name}_${Date.now()}`;
  await client.query(`create database ${database}`);
  await client.query("checkpoint");
  await client.end();
  const url = new URL(postgres.connectionString);
  url.pathname = `/${database}`;
  return url.href;
}

function median(measured: readonly Figures[]): Figures {
  const sorted = measured.toSorted((a, b) => a.perSecond - b.perSecond);
  return sorted[sorted.length >> 1]!;
}

function report(line: Figures): void {
  figures.push(line);
  process.stderr.write(`${rowOf(line).join("  ")}\n`);
}

function rowOf({ what, inFlight, perSecond, p50Ms, p99Ms, cpu, note }: Figures): readonly string[] {
  const groups = Object.entries(cpu ?? {}).map(([group, ms]) => `${group} ${ms.toFixed(2)}`);
  return [
    what.padEnd(whatWidth),
    String(inFlight).padStart(8),
    (perSecond === 0 ? "" : perSecond.toFixed(perSecond < 10 ? 2 : 0)).padStart(9),
    (p50Ms?.toFixed(1) ?? "").padStart(9),
    (p99Ms?.toFixed(1) ?? "").padStart(9),
    note ?? groups.join(", "),
  ];
}

function printTable(lines: readonly Figures[]): void {
  const header = [
    "what".padEnd(whatWidth),
    "inflight",
    "   exec/s",
    "   p50 ms",
    "   p99 ms",
    "CPU ms an execution",
  ];
  process.stdout.write(
    `${[header, ...lines.map(rowOf)].map((row) => row.join("  ")).join("\n")}\n`,
  );
}

function printRatios(lines: readonly Figures[]): void {
  const at = (what: string, inFlight: number): number | undefined =>
    lines.find((line) => line.what === what && line.inFlight === inFlight)?.perSecond;
  for (const { what, perSecond } of lines) {
    const peer = at(what.replace("interpret ", "aws-local "), 1);
    if (what.startsWith("interpret ") && peer !== undefined)
      process.stdout.write(
        `${what} is ${(perSecond / peer).toFixed(2)} x aws-local-stepfunctions\n`,
      );
  }
  const batch = at("batch", 200);
  const sequential = at("sequential", 200);
  if (batch !== undefined && sequential !== undefined)
    process.stdout.write(`batch at 200 is ${(batch / sequential).toFixed(2)} of sequential\n`);
  const mine = at("sequential", 128);
  if (mine === undefined) return;
  const floor = at("floor", 128);
  if (floor !== undefined)
    process.stdout.write(`sequential at 128 is ${(mine / floor).toFixed(2)} of the floor\n`);
  const peers = lines.filter(
    ({ what, inFlight }) => ["pg-boss", "DBOS", "Restate"].includes(what) && inFlight === 128,
  );
  const best = peers.toSorted((a, b) => b.perSecond - a.perSecond)[0];
  if (best !== undefined)
    process.stdout.write(
      `sequential at 128 is ${(mine / best.perSecond).toFixed(2)} x the best peer (${best.what})\n`,
    );
}
