import { writeFile } from "node:fs/promises";
import { Command, InvalidArgumentError, Option } from "commander";
import { CliError } from "../cli-error.ts";
import { exitCode } from "../exit-code.ts";
import type { GlobalOptions } from "../global-options.ts";
import type { Io } from "../io.ts";
import { collected } from "../option-values.ts";
import { readInput } from "../read-input.ts";
import { Screen } from "../screen.ts";
import { shown } from "../text/plain.ts";
import type { MockedMachine, Suite } from "../testing/load-suites.ts";
import type { CaseResult } from "../testing/run-suites.ts";
import type { TextReport } from "../testing/text-report.ts";

interface TestOptions extends GlobalOptions {
  readonly filter?: string;
  readonly bail?: boolean;
  readonly verbose?: boolean;
  readonly junit?: string;
  readonly coverage?: boolean;
  readonly coverageMin?: number;
  readonly mockConfig?: string;
  readonly machine?: readonly string[];
  readonly input?: string;
  readonly schema?: boolean;
}

/** `pawl test`: cases of definitions, played in this process and in virtual time. */
export function testCommand(io: Io): Command {
  return new Command("test")
    .description("run test cases of state machines; needs no server, and no time goes by")
    .argument("[files...]", "test files, *.test.yaml or .json; - is standard input")
    .option("--filter <text>", "only cases whose name has this in it")
    .option("--bail", "stop at the first case that fails")
    .option("-v, --verbose", "show the history of every execution")
    .option("--junit <file>", "write the results as JUnit XML, too")
    .option("--coverage", "say which states and rules no case came through")
    .addOption(
      new Option("--coverage-min <percent>", "fail when fewer were reached").argParser(percentOf),
    )
    .option(
      "--mock-config <file>",
      "run the test cases of a MockConfigFile of Step Functions Local",
    )
    .addOption(
      new Option(
        "--machine <name=file>",
        "a state machine in it, and its definition; may be repeated",
      ).argParser(collected),
    )
    .option("-i, --input <json>", "input of its executions: JSON, @file, or - (default: {})")
    .option("--schema", "print the JSON Schema of test files, for editors")
    .addHelpText("after", examples)
    .action(async (paths: string[], _options, command: Command) => {
      const options = command.optsWithGlobals<TestOptions>();
      if (options.schema === true) {
        const { testFileSchema } = await import("../../testing/test-file-schema.ts");
        io.payload(testFileSchema);
        return;
      }
      const suites = await selectedSuites(paths, options, io);
      await runAll(suites, options, io);
    });
}

async function selectedSuites(
  paths: readonly string[],
  options: TestOptions,
  io: Io,
): Promise<readonly Suite[]> {
  const { mockConfig, filter } = options;
  if (paths.length === 0 && mockConfig === undefined)
    throw new CliError(exitCode.usage, "no test file is named", {
      next: "pawl test order.test.yaml; `pawl test --help` shows what is in one",
    });
  const { SuiteLoader } = await import("../testing/load-suites.ts");
  const loader = new SuiteLoader(io.streams);
  const loaded: (Suite | undefined)[] = [];
  for (const path of paths) loaded.push(await loader.testFile(path));
  if (mockConfig !== undefined)
    for (const machine of await mockedMachines(options, io))
      loaded.push(await loader.mockConfig(mockConfig, machine));
  for (const warning of loader.warnings) io.note(warning);
  loader.throwProblems();
  const suites = loaded
    .filter((suite) => suite !== undefined)
    .map((suite) => ({
      ...suite,
      cases: suite.cases.filter(({ testCase }) => testCase.name.includes(filter ?? "")),
    }));
  if (suites.every(({ cases }) => cases.length === 0))
    throw new CliError(
      exitCode.usage,
      filter === undefined ? "there is no case" : shown`no case has "${filter}" in its name`,
    );
  return suites;
}

async function mockedMachines(
  { machine = [], input = "{}" }: TestOptions,
  io: Io,
): Promise<MockedMachine[]> {
  if (machine.length === 0)
    throw new CliError(exitCode.usage, "--mock-config needs the definition of a state machine", {
      next: "Name it with --machine NAME=FILE, as often as there are machines",
    });
  const { parseJson } = await import("../../asl/index.ts");
  const parsed = parseJson(await readInput(input, io.streams));
  return machine.map((pair) => {
    const [, name, definitionFile] = /^([^=]+)=(.+)$/s.exec(pair) ?? [];
    if (name === undefined || definitionFile === undefined)
      throw new CliError(exitCode.usage, shown`--machine is NAME=FILE, not "${pair}"`);
    return { name, definitionFile, input: parsed };
  });
}

async function runAll(suites: readonly Suite[], options: TestOptions, io: Io): Promise<void> {
  const { runSuites } = await import("../testing/run-suites.ts");
  const { TextReport } = await import("../testing/text-report.ts");
  const screen = new Screen(io.streams.stdout);
  const report = new TextReport(screen, { isVerbose: options.verbose === true });
  const total = suites.reduce((sum, { cases }) => sum + cases.length, 0);
  const results: CaseResult[] = [];
  if (options.json !== true) screen.keepStatus(() => `${results.length} of ${total} cases`);
  try {
    for await (const result of runSuites(suites)) {
      results.push(result);
      if (options.json !== true) report.add(result);
      if (options.bail === true && result.mismatches.length > 0) break;
    }
  } finally {
    screen.close();
  }
  await conclude(results, suites, { options, io, report });
}

/** Whatever comes after the last case: reports, and the exit code. */
async function conclude(
  results: readonly CaseResult[],
  suites: readonly Suite[],
  { options, io, report }: { options: TestOptions; io: Io; report: Pick<TextReport, "end"> },
): Promise<void> {
  const { coverageReports, percentReached } = await import("../testing/coverage-report.ts");
  const { coverageMin } = options;
  const wantsCoverage = options.coverage === true || coverageMin !== undefined;
  const coverage = wantsCoverage ? coverageReports(suites) : undefined;
  if (options.json === true) {
    const { jsonReport } = await import("../testing/json-report.ts");
    io.json(jsonReport(results, coverage));
  } else report.end(results, coverage);
  if (options.junit !== undefined) {
    const { junitReport } = await import("../testing/junit-report.ts");
    await writeFile(options.junit, junitReport(results));
  }
  const isCovered = coverageMin === undefined || percentReached(coverage ?? []) >= coverageMin;
  if (!isCovered) io.note(`coverage is below ${coverageMin} %`);
  const isOk = results.every(({ mismatches }) => mismatches.length === 0);
  io.exitCode = isOk && isCovered ? exitCode.ok : exitCode.failed;
}

function percentOf(text: string): number {
  const value = Number(text);
  if (/^\d+(?:\.\d+)?$/.test(text) && value <= 100) return value;
  throw new InvalidArgumentError("it must be a number from 0 to 100");
}

const examples = `
A test file names a definition and says what comes of which input:

  definition: order.yaml
  cases:
    - name: a busy card reader is tried again
      input: { orderId: A-1 }
      mocks:
        Charge:
          - { error: Card.Busy, times: 2 }
          - { result: { charged: 12 } }
      expect:
        output: { charged: 12 }
        path: [Charge, Ship]
        durationSeconds: 3

Exit codes: 0 all cases are ok; 1 one failed, or too little was reached; 2 a file is wrong, nothing was run.
Everything a test file can say: docs/testing.md.

Examples:
  $ pawl test order.test.yaml
  $ pawl test tests/*.test.yaml --coverage-min 90 --junit results.xml
  $ pawl test --mock-config MockConfigFile.json --machine Order=order.asl.json --filter Order#HappyPath`;
