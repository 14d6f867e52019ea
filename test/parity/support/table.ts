import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { languageOf, sdks, type Sdk } from "./drivers.ts";

const file = join(import.meta.dirname, "../../../docs/parity.md");

const intro = `# Parity

What an SDK promises does not depend on its language: one list of scenarios, run for each of them
([test/parity](../test/parity/README.md)). \`npm run parity\` makes this page, and CI holds it to its run.
`;

type Verdict = "passes" | "fails" | "";

/** Which SDK passes which scenario. An SDK that is not tested here keeps what the page says. */
export class ParityTable {
  readonly #committed: ReadonlyMap<string, readonly string[]>;
  readonly #told = new Map<string, Verdict>();
  readonly #tested = new Set<Sdk>();

  /** @param page docs/parity.md as it is. */
  constructor(page: string) {
    const rows = page.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
    this.#committed = new Map(rows.map(([, name = "", ...cells]) => [name, cells]));
  }

  tell(scenario: string, sdk: Sdk, passes: boolean): void {
    this.#tested.add(sdk);
    this.#told.set(`${sdk} ${scenario}`, passes ? "passes" : "fails");
  }

  /** The page that this run makes. */
  page(scenarios: readonly string[]): string {
    const rows = scenarios.map((name) => [name, ...sdks.map((sdk) => this.#cell(name, sdk))]);
    const table = [
      ["scenario", ...sdks.map((sdk) => languageOf[sdk])],
      ["---", "---", "---", "---", "---"],
    ];
    return `${intro}\n${[...table, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n")}\n`;
  }

  #cell(scenario: string, sdk: Sdk): string {
    if (this.#tested.has(sdk)) return this.#told.get(`${sdk} ${scenario}`) ?? "";
    return this.#committed.get(scenario)?.[sdks.indexOf(sdk)] ?? "";
  }
}

export function readPage(): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

export function writePage(page: string): void {
  writeFileSync(file, page);
}
