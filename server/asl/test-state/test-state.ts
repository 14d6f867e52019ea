/** TestState: one state, run by the interpreter itself, and what comes between its input and its output. */
import { exitOf } from "../data-flow.ts";
import { fail, troubleOf } from "../fail.ts";
import { leave } from "../leave.ts";
import { Payload } from "../payload.ts";
import { begin } from "../settle.ts";
import { leaveWait } from "../states/wait.ts";
import { beginTestedMap } from "./begin-map.ts";
import { checkMockResult } from "./check-mock-result.ts";
import { checkRequest, checkState } from "./check-test.ts";
import { inspectionOf } from "./inspection.ts";
import { isolate } from "./isolate.ts";
import { newRun } from "./run.ts";
import type { Trouble } from "../error-equals.ts";
import type { Position, Scope } from "../scope.ts";
import type { Failure } from "../states-error.ts";
import type { Turn } from "../turn.ts";
import type { Run } from "./run.ts";
import type { Mock, StateTest, TestedState } from "./state-test.ts";

/** What the work of a state comes to; `result` is JSON text. */
export type WorkOutcome = { readonly result: string } | { readonly failure: Failure };

/** Has a worker do a Task that has no mock. `input` is the JSON text of the state's effective input. */
export type RunTask = (resource: string, input: string) => Promise<WorkOutcome>;

/**
 * Runs the state once. A Wait is over at once; a Parallel or Map does not run what it has inside, its
 * mock stands for that.
 *
 * @throws InvalidTest for what can not be tested.
 */
export async function testState(
  test: StateTest,
  turn: Turn,
  runTask: RunTask,
): Promise<TestedState> {
  checkRequest(test);
  const isolated = isolate(test);
  checkState(test, isolated);
  await checkMockResult(test, isolated);
  const run = newRun(test, isolated, turn);
  const { progress, scope, state } = run;
  await attempt(run, () =>
    state.type === "Map" ? beginTestedMap(run, state, test) : begin(progress, scope, state),
  );
  await attempt(run, () => goOn(run, test.mock, runTask));
  return testedStateOf(run);
}

/** Does a part of the state's work; what that throws is the state's failure. */
async function attempt({ progress, scope }: Run, part: () => Promise<void>): Promise<void> {
  try {
    await part();
  } catch (error) {
    await fail(progress, scope, plainTrouble(scope, error));
  }
}

/** In TestState the cause does not say where in an execution the error occurred. */
function plainTrouble(scope: Scope, error: unknown): Trouble {
  const trouble = troubleOf(scope, error);
  return { ...trouble, failure: { ...trouble.failure, cause: (error as Error).message } };
}

/** Waiting for what a mock stands for. */
const atWork: ReadonlySet<Position["kind"]> = new Set(["Task", "Children", "Message"]);

/** What the state waits for has come, if it waits at all. */
async function goOn(run: Run, mock: Mock | undefined, runTask: RunTask): Promise<void> {
  const { progress, scope, state, observed } = run;
  const { kind } = scope.position;
  if (state.type === "Wait" && kind === "Wait") return await leaveWait(progress, scope, state);
  if (!atWork.has(kind)) return;
  const outcome = mock === undefined ? await workOf(run, runTask) : mockOutcome(mock);
  if ("failure" in outcome) return await fail(progress, scope, outcome);
  const result = Payload.ofText(outcome.result);
  observed.result = result;
  const next = "next" in state ? state.next : undefined;
  leave(progress, scope, await exitOf(progress, scope, state, result), next);
}

function mockOutcome({ result, errorOutput = {} }: Mock): WorkOutcome {
  return result === undefined ? { failure: errorOutput } : { result };
}

async function workOf({ state, observed }: Run, runTask: RunTask): Promise<WorkOutcome> {
  if (state.type !== "Task" || observed.afterParameters === undefined)
    throw new Error(`a ${state.type} state has no work for a worker`);
  return await runTask(state.resource.text, observed.afterParameters.text);
}

function testedStateOf(run: Run): TestedState {
  const { progress, scope, observed } = run;
  const { execution } = progress;
  const failure = execution.failure ?? observed.failure;
  const status = statusOf(run);
  const isLeft = status === "SUCCEEDED" || status === "CAUGHT_ERROR";
  return {
    status,
    ...(isLeft && { output: scope.input.text }),
    ...(isLeft && scope.position.kind === "Turn" && { nextState: scope.stateName }),
    ...(failure !== undefined && { failure }),
    inspection: inspectionOf(run),
  };
}

function statusOf({ progress, scope, observed }: Run): TestedState["status"] {
  if (progress.execution.status === "FAILED") return "FAILED";
  if (scope.position.kind === "Retry") return "RETRIABLE";
  return observed.failure === undefined ? "SUCCEEDED" : "CAUGHT_ERROR";
}
