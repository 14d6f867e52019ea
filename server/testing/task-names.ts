import type { ScheduleTask, State } from "../asl/index.ts";
import { didYouMean } from "./check-shape.ts";
import { anyIndex, shortPath } from "./state-places.ts";
import type { StatePlace } from "./state-places.ts";

/** What a test file may call a task, the most particular first: `Each[3]/Charge`, `Each[*]/Charge`, `Charge`, its resource. */
export function namesOfTask(task: ScheduleTask): readonly string[] {
  const path = shortPath(task.statePath);
  return [path, anyIndex(path), task.stateName, task.queue, task.resource];
}

/** Why a name that stands for tasks stands for none; undefined when it does. */
export function taskNameProblem(
  name: string,
  places: readonly StatePlace[],
): { readonly message: string; readonly suggestion?: string } | undefined {
  const tasks = places.flatMap(({ state, path }) =>
    state.type === "Task" ? [{ state, path }] : [],
  );
  // Which function lambda:invoke calls is only known when it does.
  if (tasks.some(({ state }) => state.resource.queue === undefined)) return undefined;
  const isKnown = tasks.some(
    ({ state, path }) => namesOf(state, path).includes(name) || anyIndex(path) === anyIndex(name),
  );
  if (isKnown) return undefined;
  const other = places.find(({ state, path }) => state.name === name || path === name);
  if (other !== undefined)
    return {
      message: `${name} is a ${other.state.type} state; only tasks can be mocked and counted`,
    };
  const known = new Set(tasks.flatMap(({ state, path }) => namesOf(state, path)));
  return {
    message: `no Task state and no resource is named ${name}`,
    ...didYouMean(name, [...known]),
  };
}

function namesOf(state: Extract<State, { type: "Task" }>, path: string): readonly string[] {
  const { queue, text } = state.resource;
  return [state.name, path, ...(queue === undefined ? [] : [queue]), text];
}
