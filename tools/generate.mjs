// Writes server/gen and sdk/typescript/src/gen from proto/. `--check` writes nothing and fails when they differ.

import "./require-node.mjs";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installTools, root, run } from "./run.mjs";

const folders = ["server/gen", "sdk/typescript/src/gen"];

installTools();
process.exitCode = process.argv.includes("--check") ? check() : write();

function write() {
  return run("buf", ["generate"]).isOk ? 0 : 1;
}

function check() {
  const fresh = mkdtempSync(join(tmpdir(), "pawl-generated-"));
  try {
    if (!run("buf", ["generate", "--output", fresh]).isOk) return 1;
    const stale = folders.flatMap((folder) =>
      differences(folder, join(root, folder), join(fresh, folder)),
    );
    for (const file of stale)
      console.error(`${file} differs from what proto/ generates; run npm run generate`);
    return stale.length === 0 ? 0 : 1;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** Files that are in only one of both, or not the same. */
function differences(label, committed, generated) {
  const [ours, theirs] = [filesOf(committed), filesOf(generated)];
  return [...new Set([...ours.keys(), ...theirs.keys()])]
    .filter((file) => ours.get(file) !== theirs.get(file))
    .map((file) => `${label}/${file}`);
}

function filesOf(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return new Map(
    entries.map((entry) => {
      const file = join(entry.parentPath, entry.name);
      return [file.slice(folder.length + 1).replaceAll("\\", "/"), readFileSync(file, "utf8")];
    }),
  );
}
