import { basename, dirname, isAbsolute, join } from "node:path";
import { compileDefinition, parseJson, pointerSegment } from "../../asl/index.ts";
import type { Definition, Json } from "../../asl/index.ts";
import { checkNames, checkCallNames } from "../../testing/check-names.ts";
import { Coverage } from "../../testing/coverage.ts";
import { isMissing, mocksOf, readMockConfig, testCasesOf } from "../../testing/mock-config.ts";
import type { MockConfig } from "../../testing/mock-config.ts";
import type { Located } from "../../testing/problem.ts";
import { readTestFile } from "../../testing/read-test-file.ts";
import type { Read } from "../../testing/read-test-file.ts";
import type { ReadyCase } from "../../testing/run-case.ts";
import { statePlaces } from "../../testing/state-places.ts";
import type {
  MockConfigReference,
  MockTable,
  TestCase,
  TestFile,
} from "../../testing/test-file.ts";
import { CliError } from "../cli-error.ts";
import { exitCode } from "../exit-code.ts";
import type { Streams } from "../io.ts";
import { readDefinition } from "../read-definition.ts";
import { readText } from "../read-input.ts";
import { diagnosticLine, diagnosticPlace, diagnosticText } from "../text/diagnostic-line.ts";
import { shown } from "../text/plain.ts";

/** The cases of one file against one definition. */
export interface Suite {
  /** The test file or MockConfigFile. */
  readonly file: string;
  readonly definitionFile: string;
  /** The same for all suites of a definition. */
  readonly coverage: Coverage;
  readonly cases: readonly ReadyCase[];
}

/** A state machine in a MockConfigFile, and the definition that goes with it. */
export interface MockedMachine {
  readonly name: string;
  readonly definitionFile: string;
  readonly input: Json;
}

interface Machine {
  readonly definition: Definition;
  readonly coverage: Coverage;
}

/** When executions start whose file does not say it. The same every time. */
const startTime = "2000-01-01T00:00:00Z";

/** Reads test files and what they name, and collects everything that is wrong with them. */
export class SuiteLoader {
  /** Findings that keep no case from running, a line each. */
  readonly warnings: string[] = [];
  readonly #streams: Pick<Streams, "stdin">;
  readonly #violations: { readonly field: string; readonly description: string }[] = [];
  readonly #machines = new Map<string, Machine | undefined>();
  readonly #mockConfigs = new Map<string, Read<MockConfig>>();

  constructor(streams: Pick<Streams, "stdin">) {
    this.#streams = streams;
  }

  /**
   * @returns undefined when the file, or one that it names, is wrong.
   * @throws CliError usage when a file can not be read.
   */
  async testFile(path: string): Promise<Suite | undefined> {
    const { text, format } = await readDefinition(path, this.#streams);
    const read = readTestFile(text, format);
    this.#note(path, read.problems);
    if (read.value === undefined) return undefined;
    const { definition, type = "STANDARD" } = read.value;
    const definitionFile = beside(path, definition);
    const machine = await this.#machine(definitionFile, type);
    if (machine === undefined) return undefined;
    this.#note(path, checkNames(read.value, machine.definition).map(read.locate));
    const cases: ReadyCase[] = [];
    for (const testCase of read.value.cases)
      cases.push(await this.#case({ path, file: read.value, machine, definitionFile }, testCase));
    return { file: path, definitionFile, coverage: machine.coverage, cases };
  }

  /**
   * Every test case of a state machine in a MockConfigFile. The file says nothing about what should come
   * of them: one is in order when each task finds its mock.
   */
  async mockConfig(path: string, machine: MockedMachine): Promise<Suite | undefined> {
    const { name, definitionFile, input } = machine;
    const config = await this.#mockConfig(path);
    const compiled = await this.#machine(definitionFile, "STANDARD");
    if (config.value === undefined || compiled === undefined) return undefined;
    const names = testCasesOf(config.value, name);
    if (isMissing(names)) {
      this.#note(path, [config.locate({ ...unknownName, ...names })]);
      return undefined;
    }
    const cases = names.map((testCase): ReadyCase => ({
      definition: compiled.definition,
      machineName: name,
      type: "STANDARD",
      startMs: Date.parse(startTime),
      input,
      mocks: this.#mocksIn(config, compiled, { file: path, stateMachine: name, testCase }),
      testCase: { name: `${name}#${testCase}`, expect: { status: "ANY" } },
    }));
    return { file: path, definitionFile, coverage: compiled.coverage, cases };
  }

  /** @throws CliError usage, with everything that is wrong. */
  throwProblems(): void {
    const count = this.#violations.length;
    if (count === 0) return;
    const message = `the files have ${count === 1 ? "an error" : `${count} errors`}; no case was run`;
    throw new CliError(exitCode.usage, message, {
      reason: "TEST_FILES",
      violations: this.#violations,
    });
  }

  async #case(from: LoadedFile, testCase: TestCase): Promise<ReadyCase> {
    const { path, file, machine, definitionFile } = from;
    const mocks: (MockTable | undefined)[] = [testCase.mocks];
    if (testCase.mockConfig !== undefined) {
      const reference = {
        ...testCase.mockConfig,
        file: beside(path, testCase.mockConfig.file),
      };
      const config = await this.#mockConfig(reference.file);
      mocks.push(...this.#mocksIn(config, machine, reference));
    }
    mocks.push(file.mocks);
    const { inputFile, input = {} } = testCase;
    return {
      definition: machine.definition,
      machineName: basename(definitionFile).replace(/\..*$/, ""),
      type: file.type ?? "STANDARD",
      startMs: Date.parse(testCase.startTime ?? file.startTime ?? startTime),
      input: inputFile === undefined ? input : await this.#json(beside(path, inputFile)),
      mocks: mocks.filter((table) => table !== undefined),
      testCase,
    };
  }

  /** Compiled once, whoever names it. */
  async #machine(path: string, type: "STANDARD" | "EXPRESS"): Promise<Machine | undefined> {
    const key = `${type} ${path}`;
    if (!this.#machines.has(key)) {
      const { text, format } = await readDefinition(path, this.#streams);
      const { definition, diagnostics } = compileDefinition(text, {
        type,
        ...(format !== undefined && { format }),
      });
      this.#note(path, diagnostics);
      const machine = definition && { definition, coverage: new Coverage(definition) };
      this.#machines.set(key, machine);
    }
    return this.#machines.get(key);
  }

  async #mockConfig(path: string): Promise<Read<MockConfig>> {
    const known = this.#mockConfigs.get(path);
    if (known !== undefined) return known;
    const { text, format } = await readDefinition(path, this.#streams);
    const read = readMockConfig(text, format);
    this.#note(path, read.problems);
    this.#mockConfigs.set(path, read);
    return read;
  }

  #mocksIn(
    { value, locate }: Read<MockConfig>,
    { definition }: Machine,
    { file, stateMachine, testCase }: MockConfigReference,
  ): readonly MockTable[] {
    if (value === undefined) return [];
    const found = mocksOf(value, { stateMachine, testCase });
    if (isMissing(found)) {
      this.#note(file, [locate({ ...unknownName, ...found })]);
      return [];
    }
    const segments = ["StateMachines", stateMachine, "TestCases", testCase];
    const pointer = segments.map((segment) => `/${pointerSegment(segment)}`).join("");
    this.#note(file, checkCallNames(found, pointer, statePlaces(definition)).map(locate));
    return [found];
  }

  async #json(path: string): Promise<Json> {
    const text = await readText(path, this.#streams);
    try {
      return parseJson(text);
    } catch (error) {
      throw new CliError(exitCode.usage, shown`${path} is not JSON: ${(error as Error).message}`, {
        reason: "INPUT_SYNTAX",
      });
    }
  }

  #note(path: string, problems: readonly Located[]): void {
    for (const problem of problems) {
      if (problem.severity === "WARNING") this.warnings.push(diagnosticLine(path, problem));
      else
        this.#violations.push({
          field: diagnosticPlace(path, problem),
          description: diagnosticText(problem),
        });
    }
  }
}

const unknownName = { code: "UNKNOWN_NAME", pointer: "/StateMachines", at: "Key" } as const;

interface LoadedFile {
  readonly path: string;
  readonly file: TestFile;
  readonly machine: Machine;
  readonly definitionFile: string;
}

/** What a file calls `path`. */
function beside(file: string, path: string): string {
  return isAbsolute(path) ? path : join(dirname(file), path);
}
