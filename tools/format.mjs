// Formats TypeScript, JSON, YAML and proto files in place.

import "./require-node.mjs";
import { installTools, run } from "./run.mjs";

installTools();
const areOk = [run("oxfmt", process.argv.slice(2)), run("buf", ["format", "--write"])].every(
  ({ isOk }) => isOk,
);
process.exitCode = areOk ? 0 : 1;
