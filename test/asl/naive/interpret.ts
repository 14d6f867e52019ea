/**
 * The Amazon States Language read from its specification, as plainly as can be: one recursive function
 * for a body, one for a state, time as a number that each thread adds to. Shares nothing with the server.
 */
import { cut, runChildren } from "./children.ts";
import { holds } from "./choice.ts";
import { AmbiguousError, anyCause, fail, Failure } from "./failure.ts";
import { get, isArray, put } from "./json-path.ts";
import type { Sight } from "./json-path.ts";
import type { Body, Catcher, Json, JsonObject, Machine, Retrier, Rule, State } from "./machine.ts";
import { evaluate, fill, query } from "./template.ts";
import type { QuerySight } from "./template.ts";
import type { Entry, Outcome, Run, Thread } from "./thread.ts";

export interface Result {
  readonly status: "SUCCEEDED" | "FAILED" | "TIMED_OUT";
  readonly output?: Json;
  readonly error?: string;
  readonly cause?: string;
  readonly trace: readonly Entry[];
}

/** @returns `undefined` where the specification leaves open what happens. */
export async function interpret(
  machine: Machine,
  input: Json,
  answer: Run["answer"],
): Promise<Result | undefined> {
  const run = { input, answer, isJsonata: machine.QueryLanguage === "JSONata" };
  const thread: Thread = { path: "/States/", variables: {}, nowMs: 0, trace: [], run };
  const result = await finished(machine, input, thread);
  const timeoutMs = (machine.TimeoutSeconds ?? Infinity) * 1000;
  if (result === undefined || thread.nowMs < timeoutMs) return result;
  return { status: "TIMED_OUT", trace: cut(thread.trace, timeoutMs) };
}

async function finished(
  machine: Machine,
  input: Json,
  thread: Thread,
): Promise<Result | undefined> {
  const { trace } = thread;
  try {
    return { status: "SUCCEEDED", output: await runBody(machine, input, thread), trace };
  } catch (failure) {
    if (failure instanceof AmbiguousError) return undefined;
    if (!(failure instanceof Failure)) throw failure;
    const { error, cause } = failure;
    return {
      status: "FAILED",
      ...(error !== undefined && { error }),
      ...(cause !== undefined && { cause }),
      trace,
    };
  }
}

async function runBody(body: Body, input: Json, thread: Thread): Promise<Json> {
  let [name, data]: [string | undefined, Json] = [body.StartAt, input];
  while (name !== undefined) {
    const state: State | undefined = body.States[name];
    if (state === undefined) throw new Error(`there is no state ${name}`);
    thread.trace.push({ branch: thread.path, what: name, input: data, atMs: thread.nowMs });
    const visit = new Visit(name, state, data, thread);
    const exit: Exit = await visit.run();
    thread.variables = { ...thread.variables, ...exit.assigned };
    data = exit.output;
    name = exit.next;
  }
  return data;
}

interface Exit {
  readonly output: Json;
  readonly assigned?: JsonObject;
  readonly next?: string | undefined;
}

type NumberField =
  | "Seconds"
  | "TimeoutSeconds"
  | "HeartbeatSeconds"
  | "MaxConcurrency"
  | "ToleratedFailureCount"
  | "ToleratedFailurePercentage";

/** What an Assign, and in JSONata an Output, belongs to. */
type Leaving = Pick<State, "Assign" | "Output">;

/** A state from its entry to its exit, retries included. */
class Visit {
  readonly #name: string;
  readonly #state: State;
  readonly #input: Json;
  readonly #thread: Thread;
  readonly #isJsonata: boolean;
  #attempt = 1;

  constructor(name: string, state: State, input: Json, thread: Thread) {
    this.#name = name;
    this.#state = state;
    this.#input = input;
    this.#thread = thread;
    this.#isJsonata = thread.run.isJsonata || state.QueryLanguage === "JSONata";
  }

  async run(): Promise<Exit> {
    const made = new Map<Retrier, number>();
    for (;;) {
      try {
        return await this.#work();
      } catch (failure) {
        if (!(failure instanceof Failure)) throw failure;
        const retrier = this.#state.Retry?.find(({ ErrorEquals }) => matches(ErrorEquals, failure));
        const retries = retrier === undefined ? 0 : (made.get(retrier) ?? 0);
        if (retrier === undefined || failure.isOfData || retries >= (retrier.MaxAttempts ?? 3))
          return await this.#catch(failure);
        made.set(retrier, retries + 1);
        this.#thread.nowMs += delayMs(retrier, retries);
        this.#attempt += 1;
      }
    }
  }

  async #work(): Promise<Exit> {
    const state = this.#state;
    switch (state.Type) {
      case "Pass":
        return await this.#leave(state.Result ?? (await this.#effectiveInput()));
      case "Succeed":
        return await this.#leave(this.#selected());
      case "Choice":
        return await this.#choose();
      case "Wait":
        return await this.#wait();
      case "Fail":
        throw new Failure(await this.#text("Error"), await this.#text("Cause"));
      case "Task":
        return await this.#leave(await this.#task());
      case "Parallel":
        return await this.#leave(await this.#parallel());
      case "Map":
        return await this.#leave(await this.#map());
    }
  }

  async #choose(): Promise<Exit> {
    const input = this.#selected();
    const { Choices = [], Default } = this.#state;
    for (const rule of Choices) {
      if (!(await this.#holds(rule, input))) continue;
      if (this.#isJsonata) return { ...(await this.#queried(rule, input)), next: rule.Next };
      const assigned = this.#assigned(rule, input);
      return { output: this.#out(input), ...assigned, next: rule.Next };
    }
    const exit = await this.#leave(input);
    if (Default === undefined)
      throw new Failure("States.NoChoiceMatched", anyCause, { isOfData: true });
    return { ...exit, next: Default };
  }

  async #holds(rule: Rule, input: Json): Promise<boolean> {
    if (!this.#isJsonata) return holds(rule, this.#sight(input));
    const value = await query(rule.Condition ?? null, this.#querySight());
    return typeof value === "boolean" ? value : fail("States.QueryEvaluationError");
  }

  async #wait(): Promise<Exit> {
    const input = this.#selected();
    this.#thread.nowMs += ((await this.#number("Seconds", 0)) ?? 0) * 1000;
    return await this.#leave(input);
  }

  async #task(): Promise<Json> {
    const { path, run, trace } = this.#thread;
    const timeoutMs = ((await this.#number("TimeoutSeconds", 1)) ?? Infinity) * 1000;
    const heartbeatMs = ((await this.#number("HeartbeatSeconds", 1)) ?? Infinity) * 1000;
    const input = await this.#effectiveInput();
    const atMs = this.#thread.nowMs;
    trace.push({ branch: path, what: `task ${this.#name} attempt ${this.#attempt}`, input, atMs });
    const outcome: Outcome = run.answer(path + this.#name, this.#attempt, atMs);
    const isLate = outcome.afterMs > Math.min(timeoutMs, heartbeatMs);
    this.#thread.nowMs += Math.min(outcome.afterMs, timeoutMs, heartbeatMs);
    if (isLate)
      throw new Failure("States.Timeout", undefined, { isHeartbeat: heartbeatMs < timeoutMs });
    if ("failed" in outcome) throw new Failure(outcome.error, outcome.cause);
    return outcome.output;
  }

  async #parallel(): Promise<Json> {
    const input = await this.#effectiveInput();
    const children = (this.#state.Branches ?? []).map((branch) => ({
      select: async () => await Promise.resolve(input),
      run: async (_: Json, thread: Thread) => await runBody(branch, input, thread),
    }));
    return await runChildren(this.#thread, this.#name, children, { concurrency: Infinity });
  }

  async #map(): Promise<Json> {
    const { ItemProcessor, ItemSelector } = this.#state;
    if (ItemProcessor === undefined) throw new Error("the Map has no ItemProcessor");
    const concurrency = (await this.#number("MaxConcurrency", 0)) || Infinity;
    const items = await this.#items();
    const tolerated = await this.#tolerated(items.length);
    const children = items.map((value, Index) => {
      const item = { Index, Value: value };
      return {
        item,
        select: async () =>
          ItemSelector === undefined ? value : await this.#filled(ItemSelector, item),
        run: async (selected: Json, thread: Thread) =>
          await runBody(ItemProcessor, selected, thread),
      };
    });
    return await runChildren(this.#thread, this.#name, children, { concurrency, tolerated });
  }

  async #items(): Promise<readonly Json[]> {
    const { Items, ItemsPath } = this.#state;
    const input = this.#selected();
    const queried = Items === undefined ? input : await query(Items, this.#querySight());
    const value = ItemsPath === undefined ? queried : get(ItemsPath, this.#sight(input));
    return isArray(value)
      ? value
      : fail(this.#isJsonata ? "States.QueryEvaluationError" : "States.Runtime");
  }

  async #tolerated(items: number): Promise<number | undefined> {
    const count = await this.#number("ToleratedFailureCount", 0);
    const percentage = await this.#number("ToleratedFailurePercentage", 0);
    if (percentage === undefined) return count;
    return Math.min(count ?? items, Math.floor((items * percentage) / 100));
  }

  async #catch(failure: Failure): Promise<Exit> {
    const catcher = this.#state.Catch?.find(({ ErrorEquals }) => matches(ErrorEquals, failure));
    if (catcher === undefined) throw failure;
    const { error, cause } = failure;
    const errorOutput = { Error: error ?? null, Cause: cause ?? (error === undefined ? null : "") };
    const exit = this.#isJsonata
      ? await this.#queried(catcher, errorOutput, { errorOutput })
      : { ...this.#assigned(catcher, errorOutput), output: this.#combined(catcher, errorOutput) };
    return { ...exit, next: catcher.Next };
  }

  /** From the result to what leaves the state. */
  async #leave(result: Json): Promise<Exit> {
    const { Next: next, ResultSelector, Type } = this.#state;
    if (this.#isJsonata) {
      const hasResult = Type === "Task" || Type === "Map" || Type === "Parallel";
      return { ...(await this.#queried(this.#state, result, hasResult ? { result } : {})), next };
    }
    const selection =
      ResultSelector === undefined ? result : fill(ResultSelector, this.#sight(result));
    const assigned = this.#assigned(this.#state, selection);
    return { output: this.#out(this.#combined(this.#state, selection)), ...assigned, next };
  }

  #assigned({ Assign }: Leaving, seen: Json): Pick<Exit, "assigned"> {
    return Assign === undefined ? {} : { assigned: fill(Assign, this.#sight(seen)) as JsonObject };
  }

  async #queried(
    { Assign, Output }: Leaving,
    otherwise: Json,
    states: QuerySight["states"] = {},
  ): Promise<Exit> {
    const sight = this.#querySight(states);
    const assigned = Assign === undefined ? {} : ((await query(Assign, sight)) as JsonObject);
    return { assigned, output: Output === undefined ? otherwise : await query(Output, sight) };
  }

  #combined({ ResultPath: path }: Pick<Catcher, "ResultPath">, result: Json): Json {
    if (path === undefined) return result;
    return path === null ? this.#input : put(path, this.#input, result);
  }

  #selected(): Json {
    const { InputPath } = this.#state;
    if (InputPath === null) return {};
    return InputPath === undefined ? this.#input : get(InputPath, this.#sight(this.#input));
  }

  #out(value: Json): Json {
    const { OutputPath } = this.#state;
    if (OutputPath === null) return {};
    return OutputPath === undefined ? value : get(OutputPath, this.#sight(value));
  }

  async #effectiveInput(): Promise<Json> {
    const template = this.#isJsonata ? this.#state.Arguments : this.#state.Parameters;
    return template === undefined ? this.#selected() : await this.#filled(template);
  }

  async #filled(template: Json, item?: Json): Promise<Json> {
    return this.#isJsonata
      ? await query(template, this.#querySight({}, item))
      : fill(template, this.#sight(this.#selected(), item));
  }

  /** A field that is a number, an expression that gives one, or has one at `<field>Path`. */
  async #number(field: NumberField, least: number): Promise<number | undefined> {
    const path = this.#state[`${field}Path` as "SecondsPath"];
    const value =
      path === undefined ? this.#state[field] : get(path, this.#sight(this.#selected()));
    if (value === undefined) return undefined;
    const found = this.#isJsonata ? await query(value, this.#querySight()) : value;
    if (typeof found === "number" && Number.isInteger(found) && found >= least) return found;
    return fail(this.#isJsonata ? "States.QueryEvaluationError" : "States.Runtime");
  }

  async #text(field: "Error" | "Cause"): Promise<string | undefined> {
    const path = this.#state[`${field}Path`];
    const value =
      path === undefined ? this.#state[field] : evaluate(path, this.#sight(this.#input));
    if (value === undefined) return undefined;
    const found = this.#isJsonata ? await query(value, this.#querySight()) : value;
    if (typeof found === "string") return found;
    return fail(this.#isJsonata ? "States.QueryEvaluationError" : "States.Runtime");
  }

  #sight(input: Json, item?: Json): Sight {
    return { input, context: this.#context(item), variables: this.#thread.variables };
  }

  #querySight(states: QuerySight["states"] = {}, item?: Json): QuerySight {
    return {
      states: { input: this.#input, context: this.#context(item), ...states },
      variables: this.#thread.variables,
    };
  }

  #context(item = this.#thread.item): Json {
    return {
      Execution: { Name: "run", Input: this.#thread.run.input },
      State: {
        Name: this.#name,
        ...(this.#state.Type === "Task" && { RetryCount: this.#attempt - 1 }),
      },
      ...(item !== undefined && { Map: { Item: item } }),
    };
  }
}

function matches(errorEquals: readonly string[], { error, isHeartbeat }: Failure): boolean {
  if (error === "States.Runtime") return false;
  return errorEquals.some(
    (name) =>
      name === "States.ALL" ||
      name === error ||
      (name === "States.TaskFailed" && error !== "States.Timeout") ||
      (name === "States.HeartbeatTimeout" && isHeartbeat),
  );
}

function delayMs(retrier: Retrier, retriesMade: number): number {
  const {
    IntervalSeconds = 1,
    BackoffRate = 2,
    MaxDelaySeconds = Infinity,
    JitterStrategy,
  } = retrier;
  const seconds = Math.min(IntervalSeconds * BackoffRate ** retriesMade, MaxDelaySeconds);
  // The chance that the turn is given is always a half.
  return Math.round((JitterStrategy === "FULL" ? seconds / 2 : seconds) * 1000);
}
