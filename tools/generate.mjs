// Writes the code generated from proto/: server/gen, sdk/typescript/src/gen, and those of the other SDKs whose
// language is installed. `--check` writes nothing and fails when the TypeScript ones differ, `--check --sdks`
// when any of the other ones do.

import "./require-node.mjs";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installTools, root, run } from "./run.mjs";

const folders = ["server/gen", "sdk/typescript/src/gen"];

const languages = ["python", "go", "java"];

installTools();
process.exitCode = process.argv.includes("--check") ? check() : write();

function write() {
  return run("buf", ["generate"]).isOk && generateSdks([]) ? 0 : 1;
}

/** Each SDK has a script for it, because each needs tools of its own language. */
function generateSdks(args) {
  return languages.filter(hasToolchain).every((language) => {
    console.log(`sdk/${language}`);
    return run("bash", [`sdk/${language}/tools/generate.sh`, ...args]).isOk;
  });
}

function hasToolchain(language) {
  const file = join(root, "test/parity/drivers", language, "driver.json");
  if (!existsSync(file)) return false;
  const [program, ...args] = JSON.parse(readFileSync(file, "utf8")).toolchain;
  if (spawnSync(program, args).status === 0) return true;
  console.warn(`sdk/${language} is left out: ${program} is not installed`);
  return false;
}

function check() {
  if (process.argv.includes("--sdks")) return generateSdks(["--check"]) ? 0 : 1;
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
