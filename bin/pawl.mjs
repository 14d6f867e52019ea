#!/usr/bin/env node
// The command `pawl`: checks Node.js, then runs the CLI, built (in the package) or from its sources.

import { existsSync } from "node:fs";

const needed = 24;
const version = process.versions.node;

if (Number(version.split(".")[0]) < needed) {
  console.error(`pawl needs Node.js ${needed} or newer, this is ${version}`);
  process.exit(1);
}

const built = new URL("../server/cli/main.js", import.meta.url);
const source = new URL("../server/cli/main.ts", import.meta.url);
await import((existsSync(built) ? built : source).href);
