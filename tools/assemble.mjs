// Assembles an installation of Pawl in a folder, for the image: the built server beside the packages
// that `npm ci --omit=dev` has put into node_modules, so that the image holds exactly the lock's versions.
//
//   npm ci && npm run build && npm ci --omit=dev && node tools/assemble.mjs FOLDER

import "./require-node.mjs";
import { cpSync, existsSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { root } from "./run.mjs";

const [folder] = process.argv.slice(2);
if (folder === undefined || existsSync(folder) || !existsSync(join(root, "dist/pawl"))) {
  console.error("usage: node tools/assemble.mjs FOLDER, a new folder, after npm run build");
  process.exit(2);
}

const target = resolve(folder);
const sdk = join(target, "node_modules/@pawl/sdk");
cpSync(join(root, "dist/pawl"), target, { recursive: true });
// Links inside node_modules stay relative; the one to the SDK's sources is replaced by the built SDK.
cpSync(join(root, "node_modules"), join(target, "node_modules"), {
  recursive: true,
  verbatimSymlinks: true,
});
rmSync(sdk, { recursive: true, force: true });
cpSync(join(root, "dist/sdk"), sdk, { recursive: true });
