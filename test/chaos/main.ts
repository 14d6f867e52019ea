/** npm run chaos -- [--rounds N] [--servers N] [--seed N] [--round-ms N] */
import { parseArgs } from "node:util";
import { runChaos } from "./run-chaos.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "30" },
    servers: { type: "string", default: "1" },
    seed: { type: "string" },
    "round-ms": { type: "string", default: "3000" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  process.stdout.write(
    "npm run chaos -- [--rounds 30] [--servers 1] [--seed N] [--round-ms 3000]\n",
  );
  process.exit(0);
}
const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
process.stdout.write(`chaos: ${values.rounds} rounds, ${values.servers} server(s), seed ${seed}\n`);
const result = await runChaos({
  rounds: Number(values.rounds),
  servers: Number(values.servers),
  seed,
  roundMs: Number(values["round-ms"]),
  settleMs: 90_000,
  onProgress: (line) => process.stdout.write(`${line}\n`),
});
const { problems, ...figures } = result;
process.stdout.write(`${JSON.stringify({ seed, ...figures })}\n`);
for (const problem of problems.slice(0, 50)) process.stdout.write(`BROKEN ${problem}\n`);
process.stdout.write(
  problems.length === 0
    ? "nothing lost, nothing recorded twice, nothing stuck\n"
    : `${problems.length} promises broken\n`,
);
process.exit(problems.length === 0 ? 0 : 1);
