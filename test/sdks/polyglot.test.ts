import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { findToolchain, languageOf, sdks, type Sdk } from "../parity/support/drivers.ts";

const root = join(import.meta.dirname, "../..");
/** What each language finds, by the lines of the page. */
const linesOf = {
  typescript: ["Author"],
  python: ["Words", "Longest"],
  go: ["Seal"],
  java: ["Prime"],
} as const;

test("the polyglot demo plays one execution in every language that is installed, and names the others", async () => {
  const missing = sdks.filter((name) => "missing" in findToolchain(name));
  expect(await play(process.env)).toEqual({
    code: 0,
    isRetried: true,
    missing,
    linesBy: expectedLines(missing),
  });
});

test("TypeScript serves the tasks of the languages that are not installed", async () => {
  const missing: readonly Sdk[] = ["python", "go", "java"];
  const played = await play({ ...process.env, PATH: join(root, "node_modules/.bin") });
  expect(played).toEqual({ code: 0, isRetried: true, missing, linesBy: expectedLines(missing) });
});

function expectedLines(missing: readonly Sdk[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    sdks.flatMap((name) => {
      const language = languageOf[missing.includes(name) ? "typescript" : name];
      return linesOf[name].map((line) => [line, language]);
    }),
  );
}

interface Played {
  readonly code: number | null;
  readonly isRetried: boolean;
  /** The languages that it says are not installed. */
  readonly missing: readonly Sdk[];
  /** Which language found what a line of the page says. */
  readonly linesBy: Readonly<Record<string, string>>;
}

async function play(env: NodeJS.ProcessEnv): Promise<Played> {
  const program = join(root, "examples/polyglot/run.ts");
  const child = spawn(process.execPath, [program], {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, "close")]);
  const signed = output.matchAll(/^(\w+) .*\[(\w+) [^\]]+\]$/gm);
  return {
    code: code as number | null,
    isRetried: /✘ Seal .*Seal\.NotFound[^]*▶ Seal .*attempt 2[^]*✔ Seal /.test(output),
    missing: sdks.filter((name) => output.includes(`${languageOf[name]} is not installed: `)),
    linesBy: Object.fromEntries([...signed].map(([, line, language]) => [line, language])),
  };
}
