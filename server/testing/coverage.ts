import type { Definition, State, StateBase } from "../asl/index.ts";
import { statePlaces } from "./state-places.ts";

/** A state, or a rule of a state, and whether any execution came through it. */
export interface Covered {
  /** JSON pointer into the definition: `/States/Charge`, `/States/Charge/Retry/0`. */
  readonly pointer: string;
  readonly isReached: boolean;
}

/** Which states, Choice Rules, Retriers and Catchers of a definition were reached. */
export class Coverage {
  readonly #definition: Definition;
  readonly #visited = new Map<StateBase, Set<string>>();

  constructor(definition: Definition) {
    this.#definition = definition;
  }

  /** @param rule `Choices/0`; absent: the state itself was entered. */
  readonly visited = (state: StateBase, rule = ""): void => {
    const rules = this.#visited.get(state);
    if (rules === undefined) this.#visited.set(state, new Set([rule]));
    else rules.add(rule);
  };

  /** Everything there is to reach, in the order of the definition. */
  items(): readonly Covered[] {
    return statePlaces(this.#definition).flatMap(({ state, pointer }) =>
      ["", ...rulesOf(state)].map((rule) => ({
        pointer: rule === "" ? pointer : `${pointer}/${rule}`,
        isReached: this.#visited.get(state)?.has(rule) === true,
      })),
    );
  }
}

function rulesOf(state: State): readonly string[] {
  if (state.type === "Choice") {
    return [
      ...state.rules.map((_, index) => `Choices/${index}`),
      ...(state.defaultNext === undefined ? [] : ["Default"]),
    ];
  }
  if (!("retry" in state)) return [];
  return [
    ...state.retry.map((_, index) => `Retry/${index}`),
    ...state.catch.map((_, index) => `Catch/${index}`),
  ];
}
