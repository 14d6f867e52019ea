/** npm run chaos -- [--rounds N] [--servers N] [--seed N] [--round-ms N] [--failover | --rolling] */
import { parseArgs } from "node:util";
import { runFailover } from "./failover.ts";
import { runRollingRestart } from "./rolling-restart.ts";
import { runChaos } from "./run-chaos.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string" },
    servers: { type: "string" },
    seed: { type: "string" },
    "round-ms": { type: "string", default: "3000" },
    failover: { type: "boolean", default: false },
    rolling: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
const print = (line: string): void => void process.stdout.write(`${line}\n`);
/** What the death of a server may add to what it had under way, in 99 of 100 cases. */
const addedMsMax = 3_000;

if (values.help) {
  print("npm run chaos -- [--rounds 30] [--servers 1] [--seed N] [--round-ms 3000]");
  print("npm run chaos -- --failover [--rounds 10] [--servers 2]");
  print("npm run chaos -- --rolling [--rounds 3] [--servers 3]");
} else if (values.failover) process.exitCode = await failover();
else if (values.rolling) process.exitCode = await rollingRestart();
else process.exitCode = await chaos();

async function failover(): Promise<number> {
  const rounds = Number(values.rounds ?? 10);
  const servers = Number(values.servers ?? 2);
  const { added, errors } = await runFailover({ rounds, servers, onProgress: print });
  print(`added to what a dead server had under way, ms (${rounds} deaths, ${servers} servers):`);
  for (const [kind, { count, p50, p99, max }] of added)
    print(`${kind.padEnd(18)} p50 ${p50}  p99 ${p99}  max ${max}  (${count})`);
  for (const error of errors) print(`BROKEN ${error}`);
  const isQuick = [...added.values()].every(({ p99 }) => p99 <= addedMsMax);
  return isQuick && errors.length === 0 ? 0 : 1;
}

async function rollingRestart(): Promise<number> {
  const rounds = Number(values.rounds ?? 3);
  const servers = Number(values.servers ?? 3);
  const result = await runRollingRestart({ rounds, servers, onProgress: print });
  const { problems, ...figures } = result;
  print(JSON.stringify(figures));
  for (const problem of problems.slice(0, 50)) print(`BROKEN ${problem}`);
  return problems.length === 0 ? 0 : 1;
}

async function chaos(): Promise<number> {
  const rounds = Number(values.rounds ?? 30);
  const servers = Number(values.servers ?? 1);
  const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
  print(`chaos: ${rounds} rounds, ${servers} server(s), seed ${seed}`);
  const roundMs = Number(values["round-ms"]);
  const result = await runChaos({
    rounds,
    servers,
    seed,
    roundMs,
    settleMs: 90_000,
    onProgress: print,
  });
  const { problems, ...figures } = result;
  print(JSON.stringify({ seed, ...figures }));
  for (const problem of problems.slice(0, 50)) print(`BROKEN ${problem}`);
  print(
    problems.length === 0
      ? "nothing lost, nothing recorded twice, nothing stuck"
      : `${problems.length} promises broken`,
  );
  return problems.length === 0 ? 0 : 1;
}
