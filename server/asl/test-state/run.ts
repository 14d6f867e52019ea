/** An execution of which nothing exists but the state under test. */
import { contextObject } from "../data/context-object.ts";
import { newExecution } from "../execution-state.ts";
import { parseJson, stringifyJson } from "../json.ts";
import { Payload } from "../payload.ts";
import { Progress } from "../progress.ts";
import { utf8Length } from "../utf8-length.ts";
import { contextOfTest, waitsForToken } from "./check-context.ts";
import { objectIn } from "./check-test.ts";
import { testedName } from "./isolate.ts";
import type { State } from "../definition/definition.ts";
import type { ExecutionFacts } from "../execution-state.ts";
import type { JsonObject } from "../json.ts";
import type { Scope } from "../scope.ts";
import type { Turn } from "../turn.ts";
import type { Isolated } from "./isolate.ts";
import type { Observed } from "./probe.ts";
import type { StateTest } from "./state-test.ts";

/** A test at work. */
export interface Run extends Isolated {
  readonly progress: Progress;
  readonly scope: Scope;
  readonly input: Payload;
  /** What the probe has been told so far. */
  readonly observed: { -readonly [Name in keyof Observed]?: Observed[Name] };
}

/** @throws InvalidTest when the context or the variables are not what they should be. */
export function newRun(test: StateTest, isolated: Isolated, turn: Turn): Run {
  const input = Payload.ofText(test.input ?? "{}");
  const facts = factsOf(input, test, turn);
  const observed: Run["observed"] = {};
  const probe = {
    context: contextOfTest(test, isolated.state) ?? madeUpContext(facts, isolated, test, turn),
    see: (part: Partial<Observed>) => void Object.assign(observed, part),
  };
  const progress = new Progress(isolated.definition, newExecution(facts), [], { ...turn, probe });
  const scope = scopeOf(input, isolated.state, test);
  progress.addScope(scope);
  return { ...isolated, progress, scope, input, observed };
}

/** As AWS has it: a synchronous execution of an Express machine with a random name. */
function factsOf(input: Payload, test: StateTest, { newUuid, nowMs, aws }: Turn): ExecutionFacts {
  const prefix = `arn:aws:states:${aws.region}:${aws.accountId}`;
  const [machine, name] = [newUuid(), newUuid()];
  return {
    executionArn: `${prefix}:express:${machine}:${name}`,
    name,
    roleArn: test.roleArn ?? "",
    startTimeMs: nowMs,
    stateMachineArn: `${prefix}:stateMachine:${machine}`,
    stateMachineName: machine,
    type: "EXPRESS",
    isSync: true,
    input: input.text,
  };
}

function madeUpContext(
  facts: ExecutionFacts,
  { state }: Isolated,
  test: StateTest,
  { nowMs, newUuid }: Turn,
): JsonObject {
  const retryCount = "retry" in state ? retriesMade(test) : undefined;
  return contextObject({
    execution: { ...facts, roleArn: test.roleArn ?? null },
    input: parseJson(facts.input),
    state: {
      name: testedName,
      enteredMs: nowMs,
      ...(retryCount !== undefined && { retryCount }),
    },
    ...(waitsForToken(state) && { taskToken: newUuid() }),
  });
}

function scopeOf(input: Payload, state: State, test: StateTest): Scope {
  const variables = objectIn(test.variables ?? "{}", "variables must be a JSON object");
  const retries = retriesMade(test);
  return {
    id: 0,
    path: "/States/",
    stateName: testedName,
    input,
    enteredEventId: 0,
    enteredTimeMs: 0,
    lastEventId: 0,
    attempt: retries + 1,
    ...("retry" in state && { retries: state.retry.map(() => retries) }),
    variables,
    variablesBytes: bytesOf(variables),
    position: { kind: "Turn" },
  };
}

function retriesMade({ configuration }: StateTest): number {
  return configuration?.retrierRetryCount ?? 0;
}

function bytesOf(variables: JsonObject): number {
  return Object.values(variables).reduce<number>(
    (bytes, value) => bytes + utf8Length(stringifyJson(value)),
    0,
  );
}
