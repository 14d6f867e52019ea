/**
 * From a state's input to what it works on, and from its result to its output and its variables.
 *
 * ASL § Input and Output Processing: InputPath, Parameters, ResultSelector, ResultPath, OutputPath;
 * in JSONata Arguments and Output.
 */
import { contextOf } from "./context-of.ts";
import { emptyPayload, Payload } from "./payload.ts";
import { StatesError } from "./states-error.ts";
import { variablesOf } from "./variables.ts";
import type {
  Evaluation,
  Expression,
  ReferencePath,
  ResultFields,
  State,
  StateBase,
} from "./definition/definition.ts";
import type { MapItem } from "./context-of.ts";
import type { Json } from "./json.ts";
import type { Progress } from "./progress.ts";
import type { Scope } from "./scope.ts";
import type { Turn } from "./turn.ts";

/** What an expression of the scope's state sees, with `input` as its `$`. */
export function evaluationOf(
  progress: Progress,
  scope: Scope,
  input: Payload,
  more: MoreToSee = {},
): Evaluation {
  return new Sight(progress, scope, input, more);
}

/** A class, because an object literal with a getter in it costs a hidden class each time. */
class Sight implements Evaluation {
  readonly turn: Turn;
  readonly errorOutput: Json | undefined;
  readonly #progress: Progress;
  readonly #scope: Scope;
  readonly #input: Payload;
  readonly #more: MoreToSee;
  #variables: ReadonlyMap<string, Json> | undefined;

  constructor(progress: Progress, scope: Scope, input: Payload, more: MoreToSee) {
    this.turn = progress.turn;
    this.errorOutput = more.errorOutput;
    this.#progress = progress;
    this.#scope = scope;
    this.#input = input;
    this.#more = more;
  }

  get input(): Json {
    return this.#input.value;
  }

  get variables(): ReadonlyMap<string, Json> {
    return (this.#variables ??= variablesOf(this.#progress, this.#scope));
  }

  get result(): (() => Json) | undefined {
    const { result } = this.#more;
    return result && (() => result.value);
  }

  context(): Json {
    return contextOf(this.#progress, this.#scope, this.#more.mapItem);
  }
}

/** What only some expressions see. */
export interface MoreToSee {
  readonly mapItem?: MapItem | undefined;
  readonly result?: Payload | undefined;
  readonly errorOutput?: Json | undefined;
}

/** ASL § InputPath. */
export async function selectedInput(
  progress: Progress,
  scope: Scope,
  state: StateBase,
): Promise<Payload> {
  const input = await selected(progress, scope, state.inputPath, scope.input);
  progress.turn.probe?.see({ afterInputPath: input });
  return input;
}

/** ASL § InputPath and Parameters: what the state works on. @throws StatesError States.DataLimitExceeded */
export async function effectiveInput(
  progress: Progress,
  scope: Scope,
  state: StateBase & { readonly parameters?: Expression },
): Promise<Payload> {
  const input = await selectedInput(progress, scope, state);
  const effective =
    state.parameters === undefined
      ? input
      : withinLimit(
          progress,
          Payload.of(await state.parameters.evaluate(evaluationOf(progress, scope, input))),
          scope.stateName,
        );
  progress.turn.probe?.see({ afterParameters: effective, afterArguments: effective });
  return effective;
}

/** What a state leaves behind. */
export interface Exit {
  readonly output: Payload;
  /** Assign's object. */
  readonly assigned?: Json | undefined;
}

/**
 * What leaves the state. ASL § ResultSelector, ResultPath, OutputPath, Assign, Output.
 *
 * @param result of a state without one: what it passes on.
 * @throws StatesError also States.DataLimitExceeded when the output is too large.
 */
export async function exitOf(
  progress: Progress,
  scope: Scope,
  state: State & Partial<ResultFields>,
  result: Payload,
): Promise<Exit> {
  if (state.queryLanguage === "JSONata")
    return await queriedExit(progress, scope, state, {
      otherwise: result,
      ...(hasResult(state) && { result }),
    });
  const selection =
    state.resultSelector === undefined
      ? result
      : Payload.of(await state.resultSelector.evaluate(evaluationOf(progress, scope, result)));
  progress.turn.probe?.see({ afterResultSelector: selection });
  const assigned = await state.assign?.evaluate(evaluationOf(progress, scope, selection));
  const combined = combine(scope.input, selection, state.resultPath);
  progress.turn.probe?.see({ afterResultPath: combined });
  const output = await selected(progress, scope, state.outputPath, combined);
  return { output: withinLimit(progress, output.compact(), scope.stateName), assigned };
}

function hasResult({ type }: State): boolean {
  return type === "Task" || type === "Map" || type === "Parallel" || type === "Message";
}

/** What Assign and Output, of a state, a Choice Rule or a Catcher, see and give. */
export interface QueriedExit {
  /** The output where there is no Output. */
  readonly otherwise: Payload;
  readonly result?: Payload;
  readonly errorOutput?: Json;
}

/** In JSONata Assign and Output see the same: the state's input and its result or error. */
export async function queriedExit(
  progress: Progress,
  scope: Scope,
  fields: { readonly assign?: Expression; readonly output?: Expression },
  { otherwise, ...seen }: QueriedExit,
): Promise<Exit> {
  const evaluation = evaluationOf(progress, scope, scope.input, seen);
  const assigned = await fields.assign?.evaluate(evaluation);
  const output =
    fields.output === undefined ? otherwise : Payload.of(await fields.output.evaluate(evaluation));
  return { output: withinLimit(progress, output.compact(), scope.stateName), assigned };
}

/** ASL § ResultPath: the state's input with the result put in, the result alone, or the input alone. */
export function combine(
  input: Payload,
  result: Payload,
  resultPath: ReferencePath | "discard" | undefined,
): Payload {
  if (resultPath === undefined) return result;
  if (resultPath === "discard") return input;
  return Payload.of(resultPath.put(input.value, result.value));
}

/**
 * The payload, if it is not too large.
 *
 * @param name the state or the task's resource, as AWS names it.
 * @throws StatesError States.DataLimitExceeded
 */
export function withinLimit(progress: Progress, payload: Payload, name: string): Payload {
  if (payload.exceeds(progress.turn.limits.payloadBytesMax)) {
    throw new StatesError(
      "States.DataLimitExceeded",
      `The state/task '${name}' returned a result with a size exceeding the maximum number of bytes service limit.`,
    );
  }
  return payload;
}

async function selected(
  progress: Progress,
  scope: Scope,
  path: Expression | "discard" | undefined,
  input: Payload,
): Promise<Payload> {
  if (path === undefined) return input;
  if (path === "discard") return emptyPayload;
  return Payload.of(await path.evaluate(evaluationOf(progress, scope, input)));
}
