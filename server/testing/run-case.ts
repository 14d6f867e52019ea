import { newExecution, parseJson, stringifyJson, utf8Length } from "../asl/index.ts";
import type {
  AwaitMessage,
  Definition,
  ExecutionFacts,
  ExecutionState,
  HistoryEvent,
  Json,
  JsonObject,
  ScheduleTask,
  Turn,
} from "../asl/index.ts";
import { Mocks, MockProblem } from "./mocks.ts";
import { play } from "./play.ts";
import type { Stage } from "./play.ts";
import type { MockTable, TestCase } from "./test-file.ts";

/** A case with everything that its file and the files it names say about it. */
export interface ReadyCase {
  readonly definition: Definition;
  readonly machineName: string;
  readonly type: "STANDARD" | "EXPRESS";
  /** Milliseconds since the epoch. */
  readonly startMs: number;
  readonly input: Json;
  /** The first that has a mock for a task gives it. */
  readonly mocks: readonly MockTable[];
  readonly testCase: TestCase;
}

/** What an execution did. */
export interface CaseRun {
  readonly execution: ExecutionState;
  readonly history: readonly HistoryEvent[];
  /** Tasks offered, every try of them, and messages waited for, in order. */
  readonly calls: readonly (ScheduleTask | AwaitMessage)[];
  /** Variables of the whole execution at its end. */
  readonly variables: JsonObject;
  /** Virtual time. */
  readonly durationMs: number;
  /** Why it was not played to its end. */
  readonly problem?: string;
}

/** Told of the states and rules that executions come through. */
export type Visited = NonNullable<Turn["visited"]>;

/** Plays the case's execution. The same case gives the same run, ids and chance included. */
export async function runCase(ready: ReadyCase, visited: Visited): Promise<CaseRun> {
  const { definition, testCase, startMs } = ready;
  const mocks = new Mocks(ready.mocks, definition.timeoutSeconds !== undefined);
  const execution = newExecution(factsOf(ready));
  const history: HistoryEvent[] = [];
  const calls: (ScheduleTask | AwaitMessage)[] = [];
  const newUuid = uuids();
  let nowMs = startMs;
  const stage: Stage = {
    answer: (task) => {
      calls.push(task);
      return mocks.answer(task);
    },
    message: (wait) => {
      calls.push(wait);
      return mocks.message(wait);
    },
    turnAt: (ms) => {
      nowMs = ms;
      // Before variables are there, no state is entered.
      const isEarly = testCase.variables !== undefined && history.length === 0;
      return { ...turn, nowMs: ms, newUuid, visited, limits: isEarly ? noTransitions : limits };
    },
    onStep: (step) => {
      if (history.length === 0) setVariables(execution, testCase.variables);
      history.push(...step.history);
      return execution;
    },
  };
  let problem: string | undefined;
  try {
    await play(startingAt(definition, testCase.startAt), execution, stage);
    if (execution.status === "RUNNING") problem = "nothing would ever move the execution on";
  } catch (error) {
    if (!(error instanceof MockProblem)) throw error;
    problem = error.message;
  }
  return {
    execution,
    history,
    calls,
    variables: { ...testCase.variables, ...assignedIn(history) },
    durationMs: nowMs - startMs,
    ...(problem !== undefined && { problem }),
  };
}

const limits: Turn["limits"] = {
  payloadBytesMax: 262_144,
  historyEventsMax: 25_000,
  transitionsPerTurnMax: 1_000,
};
const noTransitions = { ...limits, transitionsPerTurnMax: 0 };

const aws = { region: "us-east-1", accountId: "000000000000" } as const;

/** Chance is a half: jitter halves a delay. */
const turn = { random: () => 0.5, taskToken: (taskId: number) => `token-${taskId}`, aws } as const;

function uuids(): () => string {
  let made = 0;
  return () => `00000000-0000-4000-8000-${String((made += 1)).padStart(12, "0")}`;
}

function factsOf({ machineName, type, startMs, input, testCase }: ReadyCase): ExecutionFacts {
  const { Execution = {}, StateMachine = {} } = testCase.context ?? {};
  const name = Execution.Name ?? "test";
  const stateMachineName = StateMachine.Name ?? machineName;
  const prefix = `arn:aws:states:${aws.region}:${aws.accountId}`;
  return {
    executionArn: Execution.Id ?? `${prefix}:execution:${stateMachineName}:${name}`,
    name,
    roleArn: Execution.RoleArn ?? `arn:aws:iam::${aws.accountId}:role/test`,
    startTimeMs: startMs,
    stateMachineArn: StateMachine.Id ?? `${prefix}:stateMachine:${stateMachineName}`,
    stateMachineName,
    type,
    isSync: false,
    input: stringifyJson(input),
  };
}

function startingAt(definition: Definition, startAt: string | undefined): Definition {
  return startAt === undefined ? definition : { ...definition, startAt };
}

function setVariables({ scopes }: ExecutionState, variables: JsonObject | undefined): void {
  const root = scopes.get(0);
  if (root === undefined || variables === undefined) return;
  root.variables = variables;
  root.variablesBytes = Object.values(variables).reduce<number>(
    (sum, value) => sum + utf8Length(stringifyJson(value)),
    0,
  );
}

/** What the states at the top have assigned; events show values as JSON texts. */
function assignedIn(history: readonly HistoryEvent[]): JsonObject {
  const texts = history
    .filter(({ within }) => within === undefined)
    .flatMap(({ details }) => Object.entries(details?.["assignedVariables"] ?? {}));
  return Object.fromEntries(texts.map(([name, text]) => [name, parseJson(text as string)]));
}
