/** What the outside answers, tasks and waits for messages, by the names that a test file has for them. */
import { stringifyJson } from "../asl/index.ts";
import type { AwaitMessage, ScheduleTask, State } from "../asl/index.ts";
import { didYouMean } from "./check-shape.ts";
import { anyIndex, shortPath } from "./state-places.ts";
import type { StatePlace } from "./state-places.ts";

/** The most particular first: `Each[3]/Charge`, `Each[*]/Charge`, `Charge`, and a task's resource. */
export function namesOf(call: ScheduleTask | AwaitMessage): readonly string[] {
  const path = shortPath(call.statePath);
  const stateName = path.split("]/").at(-1) ?? path;
  const resource = call.type === "ScheduleTask" ? [call.queue, call.resource] : [];
  return [path, anyIndex(path), stateName, ...resource];
}

/** JSON text of what is asked: a task's input, or the value that a message must have. */
export function inputOf(call: ScheduleTask | AwaitMessage): string {
  return call.type === "ScheduleTask" ? call.input : stringifyJson(call.correlationValue);
}

/** Why a name stands for nothing that is answered; undefined when it does. */
export function callNameProblem(
  name: string,
  places: readonly StatePlace[],
): { readonly message: string; readonly suggestion?: string } | undefined {
  const answered = places.flatMap(({ state, path }) =>
    isAnswered(state) ? [{ state, path }] : [],
  );
  // Which function lambda:invoke calls is only known when it does.
  if (answered.some(({ state }) => state.type === "Task" && state.resource.queue === undefined))
    return undefined;
  const isKnown = answered.some(
    ({ state, path }) =>
      fixedNames(state, path).includes(name) || anyIndex(path) === anyIndex(name),
  );
  if (isKnown) return undefined;
  const other = places.find(({ state, path }) => state.name === name || path === name);
  if (other !== undefined) {
    const message = `${name} is a ${other.state.type} state; only Task and Message states can be mocked and counted`;
    return { message };
  }
  const known = new Set(answered.flatMap(({ state, path }) => fixedNames(state, path)));
  return {
    message: `no Task state and no resource is named ${name}`,
    ...didYouMean(name, [...known]),
  };
}

type Answered = Extract<State, { readonly type: "Task" | "Message" }>;

function isAnswered(state: State): state is Answered {
  return state.type === "Task" || state.type === "Message";
}

function fixedNames(state: Answered, path: string): readonly string[] {
  if (state.type === "Message") return [state.name, path];
  const { queue, text } = state.resource;
  return [state.name, path, ...(queue === undefined ? [] : [queue]), text];
}
