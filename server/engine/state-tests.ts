import { checkPayload, InvalidTest, testState } from "../asl/index.ts";
import type { AwsNames, Limits, StateTest, Turn, WorkOutcome } from "../asl/index.ts";
import { invalidDefinition } from "./check-definition.ts";
import type { Clock } from "./clock.ts";
import type { Control, Execution, Executions, StateTests } from "./engine.ts";
import { EngineError } from "./errors.ts";
import { newRandom, newUuid } from "./ids.ts";
import { nextTick } from "./next-tick.ts";

export interface StateTestOptions {
  readonly clock: Pick<Clock, "nowMs">;
  readonly limits: Limits;
  readonly aws: AwsNames;
  readonly control: Pick<Control, "createStateMachine" | "deleteStateMachine">;
  readonly executions: Pick<Executions, "startExecution" | "waitForExecution" | "stopExecution">;
}

/** How long a test may take; AWS's limit. */
const testSecondsMax = 300;

/** Tests of single states: the pure core does them; only the work of a Task without a mock is real. */
export function stateTests(options: StateTestOptions): StateTests {
  const random = newRandom();
  return {
    testState: async (test, signal) => {
      checkTexts(test, options.limits);
      const { clock, limits, aws } = options;
      const turn: Turn = {
        nowMs: clock.nowMs(),
        random,
        newUuid,
        limits,
        aws,
        pause: nextTick,
      };
      try {
        return await testState(test, turn, (resource, input) =>
          workOf(options, { resource, input, signal }),
        );
      } catch (error) {
        throw error instanceof InvalidTest ? refusalOf(error) : error;
      }
    },
  };
}

function checkTexts(test: StateTest, { payloadBytesMax: bytesMax }: Limits): void {
  const texts = {
    input: test.input,
    variables: test.variables,
    context: test.context,
    "mock.result": test.mock?.result,
  };
  for (const [field, text] of Object.entries(texts)) {
    const problem = text === undefined ? undefined : checkPayload(text, { bytesMax });
    // For the others AWS has its own sentences about texts that are not JSON.
    if (problem === undefined || (problem.reason === "INPUT_SYNTAX" && field !== "input")) continue;
    const { reason } = problem;
    const message = problem.message.replace(/^input/, field);
    const code = field === "input" ? "InvalidExecutionInput" : "ValidationException";
    const violations = [{ field, description: message, reason }];
    throw new EngineError(code, message, { reason, violations });
  }
}

function refusalOf({ code, message, diagnostics }: InvalidTest): EngineError {
  const [first] = diagnostics;
  return first === undefined
    ? new EngineError(code, message)
    : invalidDefinition(first, diagnostics);
}

interface Work {
  readonly resource: string;
  readonly input: string;
  readonly signal: AbortSignal;
}

/**
 * Has a worker do the Task: as the only state of a machine of its own, which is in deletion as soon as
 * its execution runs, so that nothing is left of it, whatever happens to this server.
 */
async function workOf(
  { control, executions }: StateTestOptions,
  { resource, input, signal }: Work,
): Promise<WorkOutcome> {
  const stateMachine = `test-state-${newUuid()}`;
  const task = { Type: "Task", Resource: resource, End: true };
  const definition = JSON.stringify({
    TimeoutSeconds: testSecondsMax,
    StartAt: "StateName",
    States: { StateName: task },
  });
  await control.createStateMachine({ name: stateMachine, definition, format: "JSON" });
  const started = await executions
    .startExecution({ stateMachine, input })
    .finally(() => control.deleteStateMachine(stateMachine));
  const { id } = started.execution;
  const execution = await executions.waitForExecution(id, signal);
  if (execution.status !== "RUNNING") return outcomeOf(execution);
  const failure = { error: "TestState", cause: "nobody waits for the result any more" };
  await executions.stopExecution(id, failure);
  return { failure };
}

function outcomeOf({ status, output, failure = {} }: Execution): WorkOutcome {
  if (status === "SUCCEEDED") return { result: output ?? "{}" };
  return { failure: status === "TIMED_OUT" ? { error: "States.Timeout" } : failure };
}
