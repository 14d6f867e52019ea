// Everything that can be checked without a database, in seconds. `npm run check -- types lint` runs only these.

import "./require-node.mjs";
import { styleText } from "node:util";
import { installTools, run } from "./run.mjs";

const steps = {
  format: ["oxfmt", "--check"],
  lint: ["oxlint", "--type-aware", "--deny-warnings"],
  types: ["tsc"],
  "proto lint": ["buf", "lint"],
  "proto format": ["buf", "format", "--diff", "--exit-code"],
  "generated code": ["node", "tools/generate.mjs", "--check"],
  "dead code": ["knip", "--no-progress"],
  tests: ["vitest", "run", "--project", "pure", "--reporter", "dot"],
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in steps));
if (unknown.length > 0) {
  console.error(`no step named ${unknown.join(", ")}; there are: ${Object.keys(steps).join(", ")}`);
  process.exit(2);
}

installTools();
const failed = Object.entries(steps)
  .filter(([name]) => wanted.length === 0 || wanted.includes(name))
  .filter(([name, command]) => !passes(name, command))
  .map(([name]) => name);
console.log(failed.length === 0 ? "check passed" : `check failed: ${failed.join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;

function passes(name, [program, ...args]) {
  const startedAt = performance.now();
  const { isOk, output } = run(program, args, { isQuiet: true });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(
    `${isOk ? styleText("green", "ok    ") : styleText("red", "FAILED")} ${name} (${seconds} s)`,
  );
  if (!isOk) console.log(`${output.trimEnd()}\n`);
  return isOk;
}
