/**
 * A machine without names, as it is drawn at random: states in a row, each with jumps forward. Whatever is
 * left of a plan when it is shrunk, there is a valid machine to it.
 */
import type { Body, Catcher, Rule, State } from "./machine.ts";
import type { Outcome } from "./thread.ts";

export type BodyPlan = readonly StatePlan[];

export interface StatePlan {
  readonly state: Omit<State, "Next" | "End" | "Choices" | "Default" | "Catch">;
  /** How many states after the next one it goes on; beyond the last one it ends. */
  readonly jump: number;
  readonly rules: readonly (Jump & { readonly rule: Omit<Rule, "Next"> })[];
  readonly hasDefault: boolean;
  readonly catchers: readonly (Jump & { readonly catcher: Omit<Catcher, "Next"> })[];
  readonly bodies: readonly BodyPlan[];
  readonly outcomes: readonly PlannedOutcome[];
}

interface Jump {
  readonly jump: number;
}

/** `afterMs` comes from where and when the task is offered, so that hardly two things happen at once. */
export type PlannedOutcome =
  | { readonly output: Extract<Outcome, { output: unknown }>["output"]; readonly isSlow: boolean }
  | {
      readonly failed: true;
      readonly error?: string;
      readonly cause?: string;
      readonly isSlow: boolean;
    };

/** What workers do with the tasks of a state, now the one, now the other. */
export type Script = { readonly [stateName: string]: readonly PlannedOutcome[] };

/** Names the states, links them, and leaves out what can not be reached. */
export class Builder {
  readonly script: { [stateName: string]: readonly PlannedOutcome[] } = {};
  #names = 0;

  body(plan: BodyPlan): Body {
    const names = plan.map(() => `S${(this.#names += 1)}`);
    const states = plan.map((each, i) => this.#state(each, names.slice(i)));
    const reached = new Set([0]);
    for (const [i, state] of states.entries())
      if (reached.has(i)) for (const name of targetsOf(state)) reached.add(names.indexOf(name));
    const kept = states.flatMap((state, i) =>
      reached.has(i) ? [[names[i] ?? "", state] as const] : [],
    );
    return { StartAt: names[0] ?? "", States: Object.fromEntries(kept) };
  }

  /** @param names its own, and those of the states after it. */
  #state(plan: StatePlan, [name = "", ...later]: readonly string[]): State {
    const { state, bodies, outcomes } = plan;
    if (outcomes.length > 0) this.script[name] = outcomes;
    switch (state.Type) {
      case "Succeed":
      case "Fail":
        return state;
      case "Choice":
        return choiceOf(plan, later);
      case "Parallel":
        return { ...linked(plan, later), Branches: bodies.map((inner) => this.body(inner)) };
      case "Map":
        return { ...linked(plan, later), ItemProcessor: this.body(bodies[0] ?? []) };
      default:
        return linked(plan, later);
    }
  }
}

function linked({ state, jump, catchers }: StatePlan, later: readonly string[]): State {
  const Catch = catchers.flatMap(({ catcher, jump: catchJump }) => {
    const Next = target(later, catchJump);
    return Next === undefined ? [] : [{ ...catcher, Next }];
  });
  const Next = later[jump];
  return {
    ...state,
    ...(Catch.length > 0 && { Catch: upToStatesAll(Catch) }),
    ...(Next === undefined ? { End: true } : { Next }),
  };
}

/** The last state of a row can not be a Choice, for it would have nowhere to go. */
function choiceOf({ state, jump, rules, hasDefault }: StatePlan, later: readonly string[]): State {
  const Default = target(later, jump);
  if (Default === undefined) return { Type: "Succeed" };
  const Choices = rules.map(({ rule, jump: ruleJump }) => ({
    ...rule,
    Next: target(later, ruleJump) ?? Default,
  }));
  return { ...state, Choices, ...(hasDefault && { Default }) };
}

/** The last one if the jump is too far. */
function target(later: readonly string[], jump: number): string | undefined {
  return later[Math.min(jump, later.length - 1)];
}

/** `States.ALL` must be in the last entry. */
export function upToStatesAll<T extends { readonly ErrorEquals: readonly string[] }>(
  rules: readonly T[],
): readonly T[] {
  const all = rules.findIndex(({ ErrorEquals }) => ErrorEquals.includes("States.ALL"));
  return all === -1 ? rules : rules.slice(0, all + 1);
}

function targetsOf({ Next, Default, Choices = [], Catch = [] }: State): readonly string[] {
  const rules = [...Choices, ...Catch].map((rule) => rule.Next);
  return [Next, Default, ...rules].filter((name) => name !== undefined);
}
