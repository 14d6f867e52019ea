import { Command, Option } from "commander";
import { JsonText } from "@pawl/sdk";
import type { InspectionLevel, StateMock, StateTest, TestedState } from "@pawl/sdk";
import { CliError } from "../cli-error.ts";
import { exitCode } from "../exit-code.ts";
import type { GlobalOptions } from "../global-options.ts";
import type { Io } from "../io.ts";
import { timesOf } from "../option-values.ts";
import { readDefinition } from "../read-definition.ts";
import { readInput, readText } from "../read-input.ts";
import { payload } from "../text/json-text.ts";
import { plain, shown } from "../text/plain.ts";
import { statusStyle } from "../text/status-style.ts";
import { withClient } from "../with-client.ts";

interface TestStateOptions extends GlobalOptions {
  readonly state?: string;
  readonly input?: string;
  readonly variables?: string;
  readonly context?: string;
  readonly mock?: string;
  readonly mockError?: string;
  readonly mockCause?: string;
  readonly validation?: "STRICT" | "PRESENT" | "NONE";
  readonly retries?: number;
  readonly causedBy?: string;
  readonly failedIterations?: number;
  readonly readerData?: string;
  readonly inspectionLevel?: InspectionLevel;
}

/** `pawl test-state`: one state on its own, its work done by a mock or by a worker. */
export function testStateCommand(io: Io): Command {
  return new Command("test-state")
    .description("run one state on its own and show what happens to its data")
    .argument(
      "<file>",
      "a state, or with --state a whole definition; JSON or YAML; - is standard input",
    )
    .option("-s, --state <name>", "which state of the definition")
    .option("-i, --input <json>", "JSON, @file, or - for standard input (default: {})")
    .option("--variables <json>", "JSON object of the variables assigned before, or @file")
    .option("--context <json>", "JSON object that takes the place of the context object, or @file")
    .option("-m, --mock <json>", "result of the Task, Parallel or Map, or @file")
    .option("--mock-error <name>", "the Task, Parallel or Map fails with this error")
    .option("--mock-cause <text>", "and this cause")
    .addOption(
      new Option(
        "--validation <mode>",
        "how far --mock must be what the AWS service answers",
      ).choices(["STRICT", "PRESENT", "NONE"]),
    )
    .addOption(new Option("--retries <n>", "retries made before").argParser(timesOf))
    .option("--caused-by <state>", "the state inside that --mock-error comes from")
    .addOption(
      new Option("--failed-iterations <n>", "iterations of the Map that have failed").argParser(
        timesOf,
      ),
    )
    .option("--reader-data <file>", "what the ItemReader of the Map finds")
    .addOption(
      new Option("--inspection-level <level>", "how much to show (default: DEBUG)").choices([
        "INFO",
        "DEBUG",
        "TRACE",
      ]),
    )
    .addHelpText("after", examples)
    .action(async (path: string, _options, command: Command) => {
      const options = command.optsWithGlobals<TestStateOptions>();
      const test = await testOf(path, options, io);
      const tested = await withClient(options, (client) => client.testState(test));
      report(tested, io, options.json ?? false);
      io.exitCode = tested.outputText === "" ? exitCode.failed : exitCode.ok;
    });
}

async function testOf(path: string, options: TestStateOptions, io: Io): Promise<StateTest> {
  const { text: definition, format } = await readDefinition(path, io.streams);
  const json = async (option: "input" | "variables" | "context" | "mock") => {
    const source = options[option];
    return source === undefined
      ? undefined
      : new JsonText(await readInput(source, io.streams, option));
  };
  const mock = mockOf(await json("mock"), options);
  const { readerData } = options;
  return {
    definition,
    ...(format !== undefined && { format }),
    ...(options.state !== undefined && { stateName: options.state }),
    input: await json("input"),
    variables: await json("variables"),
    context: await json("context"),
    ...(mock !== undefined && { mock }),
    ...(options.retries !== undefined && { retrierRetryCount: options.retries }),
    ...(options.causedBy !== undefined && { errorCausedByState: options.causedBy }),
    ...(options.failedIterations !== undefined && {
      mapIterationFailureCount: options.failedIterations,
    }),
    ...(readerData !== undefined && {
      mapItemReaderData: await readText(readerData, io.streams),
    }),
    inspectionLevel: options.inspectionLevel ?? "DEBUG",
  };
}

function mockOf(
  result: JsonText | undefined,
  { mockError, mockCause, validation }: TestStateOptions,
): StateMock | undefined {
  if (result !== undefined && mockError !== undefined)
    throw new CliError(exitCode.usage, "--mock and --mock-error exclude each other");
  if (mockError !== undefined)
    return { error: mockError, ...(mockCause !== undefined && { cause: mockCause }) };
  return result && { result, ...(validation !== undefined && { validation }) };
}

/** The output alone on standard output, the rest on standard error; with `json` everything on standard output. */
function report(tested: TestedState, io: Io, json: boolean): void {
  const { status, outputText, error, nextState, inspection, variablesText } = tested;
  if (json) {
    io.json({
      status,
      output: payload(outputText),
      ...error,
      ...(nextState !== "" && { nextState }),
      inspection: Object.fromEntries(
        Object.entries(inspection).map(([name, text]) => [name, payload(text)]),
      ),
      variables: payload(variablesText),
    });
    return;
  }
  const next = nextState === "" ? "" : shown`, next state "${nextState}"`;
  io.note(io.paintNote(statusStyle(status), plain(status)) + next);
  if (error !== undefined)
    io.note(shown`  error: ${error.error}\n` + shown`  cause: ${error.cause}`);
  for (const [name, text] of Object.entries(inspection)) io.note(shown`  ${name}: ${text}`);
  if (variablesText !== "") io.note(shown`  variables: ${variablesText}`);
  if (outputText !== "") io.payload(payload(outputText));
}

const examples = `
A Task without a mock is done by a connected worker, within five minutes. A Wait is over at once.
Exit codes: 0 it has an output; 1 it failed, or would be retried; 2 wrong usage; 3 no server; 5 refused.

Examples:
  $ pawl test-state order.yaml --state Charge --input @order.json --mock '{"charged": 12}'
  $ pawl test-state order.yaml --state Charge --mock-error Payment.Declined --retries 3
  $ echo '{"Type":"Pass","Parameters":{"id.$":"$.order.id"},"End":true}' | pawl test-state - --input '{"order":{"id":7}}'`;
