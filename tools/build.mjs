// Makes the publishable packages: dist/sdk (@pawl/sdk) and dist/pawl (pawl), plain JavaScript each.

import "./require-node.mjs";
import { cpSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, run } from "./run.mjs";

const dist = join(root, "dist");
const shared = ["LICENSE", "CHANGELOG.md", "proto"];

rmSync(dist, { recursive: true, force: true });
// The server's types come from the built SDK, so that its sources are not built twice.
buildSdk();
buildServer();
console.log("built dist/sdk and dist/pawl");

function buildSdk() {
  const folder = join(root, "sdk/typescript");
  compile(join(folder, "tsconfig.build.json"));
  pointDeclarationsAtJavaScript(join(dist, "sdk/lib"));
  copy(folder, ["README.md", "examples"], "sdk");
  copy(root, shared, "sdk");
  const { exports, private: _, ...kept } = readJson(join(folder, "package.json"));
  writeJson("sdk/package.json", {
    ...kept,
    exports: builtExports(exports),
    files: ["lib", "examples", ...shared],
  });
}

function buildServer() {
  compile(join(root, "tsconfig.build.json"));
  copy(root, ["README.md", "bin", ...shared], "pawl");
  const { name, version, description, license, type, bin, engines, dependencies } = readJson(
    join(root, "package.json"),
  );
  writeJson("pawl/package.json", {
    name,
    version,
    description,
    license,
    type,
    bin,
    engines,
    // A program, not a library: what is inside may change at any time.
    exports: { "./package.json": "./package.json" },
    files: ["bin", "server", ...shared],
    dependencies,
  });
}

function compile(project) {
  if (!run("tsc", ["--project", project]).isOk) process.exit(1);
}

/** "./src/index.ts" becomes the pair of its declarations and its JavaScript. */
function builtExports(exports) {
  const built = Object.entries(exports).map(([door, source]) => {
    const stem = source.replace(/^\.\/src\//, "./lib/").replace(/\.ts$/, "");
    return [door, { types: `${stem}.d.ts`, default: `${stem}.js` }];
  });
  return { ...Object.fromEntries(built), "./package.json": "./package.json" };
}

/** The compiler rewrites the extensions of imports in JavaScript, and leaves those in declarations. */
function pointDeclarationsAtJavaScript(folder) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.name.endsWith(".d.ts")) continue;
    const file = join(entry.parentPath, entry.name);
    const text = readFileSync(file, "utf8");
    writeFileSync(
      file,
      text.replaceAll(/(\bfrom |\bimport\()"(\.{1,2}\/[^"]*)\.ts"/g, '$1"$2.js"'),
    );
  }
}

function copy(from, names, to) {
  for (const name of names) {
    if (existsSync(join(from, name)))
      cpSync(join(from, name), join(dist, to, name), { recursive: true });
  }
}

function readJson(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}

function writeJson(file, value) {
  writeFileSync(join(dist, file), `${JSON.stringify(value, undefined, 2)}\n`);
}
