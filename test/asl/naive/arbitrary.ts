/** Random valid machines with an input and what workers do, for fast-check to draw and to shrink. */
import fc from "fast-check";
import { jsonataState, jsonPathState, outcome } from "./arbitrary-state.ts";
import type { Language } from "./arbitrary-state.ts";
import type { Body, Json, Machine, State } from "./machine.ts";
import { Builder } from "./plan.ts";
import type { BodyPlan, Script, StatePlan } from "./plan.ts";

export interface Play {
  readonly machine: Machine;
  readonly input: Json;
  readonly script: Script;
}

const depthMax = 2;

function body(language: Language, depth: number): fc.Arbitrary<BodyPlan> {
  const maxLength = depth === depthMax ? 5 : 3;
  return fc.array(statePlan(language, depth), { minLength: 1, maxLength });
}

const flat: readonly State["Type"][] = [
  "Pass",
  "Task",
  "Task",
  "Choice",
  "Wait",
  "Succeed",
  "Fail",
];
const nested: readonly State["Type"][] = ["Parallel", "Map", "Map"];

/** Some states of a JSONPath machine are in JSONata. */
function statePlan(machineLanguage: Language, depth: number): fc.Arbitrary<StatePlan> {
  const types = fc.constantFrom(...flat, ...(depth > 0 ? nested : []));
  const languages = fc.constantFrom<Language>(
    machineLanguage,
    machineLanguage,
    machineLanguage,
    "JSONata",
  );
  return fc.tuple(types, languages).chain(([type, language]) => {
    const { state, rule, catcher } =
      language === "JSONata" ? jsonataState(type) : jsonPathState(type);
    const marked =
      language === machineLanguage
        ? state
        : state.map((fields) => ({ ...fields, QueryLanguage: "JSONata" as const }));
    const canBeCaught = type === "Task" || type === "Map" || type === "Parallel";
    const inner = depth > 0 ? body(machineLanguage, depth - 1) : fc.constant([]);
    return fc.record({
      state: marked,
      jump,
      rules: some(
        fc.record({ rule, jump: fc.constantFrom(0, 1, 1, 2) }),
        type === "Choice" ? [1, 3] : none,
      ),
      hasDefault: fc.constantFrom(true, true, true, false),
      catchers: some(fc.record({ catcher, jump }), canBeCaught ? [0, 2] : none),
      bodies: some(inner, type === "Parallel" ? [1, 3] : type === "Map" ? [1, 1] : none),
      outcomes: some(outcome, type === "Task" ? [1, 3] : none),
    });
  });
}

const jump = fc.constantFrom(0, 0, 0, 0, 0, 1, 2);
const none = [0, 0] as const;

function some<T>(
  item: fc.Arbitrary<T>,
  [minLength, maxLength]: readonly [number, number],
): fc.Arbitrary<T[]> {
  return fc.array(item, { minLength, maxLength });
}

const small = fc.integer({ min: 0, max: 3 });
const input = fc.record({
  n: small,
  s: fc.constantFrom("a", "b,c", "", "A-long.text"),
  b: fc.boolean(),
  z: fc.constant(null),
  o: fc.record({ n: small, s: fc.constantFrom("in", "out") }),
  items: fc.array(
    fc.oneof<fc.Arbitrary<Json>[]>(
      fc.record({ n: small, s: fc.constantFrom("a", "b") }),
      small,
      fc.constant("x"),
    ),
    { maxLength: 4 },
  ),
});

export const play: fc.Arbitrary<Play> = fc
  .constantFrom<Language>("JSONPath", "JSONPath", "JSONata")
  .chain((language) =>
    fc
      .record({
        plan: body(language, depthMax),
        input,
        timeout: fc.constantFrom(
          undefined,
          undefined,
          undefined,
          undefined,
          undefined,
          undefined,
          undefined,
          2,
          5,
          12,
        ),
        hasVariables: fc.constantFrom(true, true, true, false),
      })
      .map(({ plan, timeout, hasVariables, input: given }) => {
        const builder = new Builder();
        const built = builder.body(plan);
        const machine = {
          ...(language === "JSONata" && { QueryLanguage: language }),
          ...(timeout !== undefined && { TimeoutSeconds: timeout }),
          ...(hasVariables ? withVariables(built, language) : built),
        };
        // As it would arrive: what fast-check makes has no prototypes.
        return JSON.parse(
          JSON.stringify({ machine, input: given, script: builder.script }),
        ) as Play;
      }),
  );

/** `$v` and `$w` are set first, so that reading them mostly works. */
function withVariables({ StartAt, States }: Body, language: Language): Body {
  const Assign: State["Assign"] & object =
    language === "JSONata"
      ? { v: "{% $states.input.n %}", w: "{% $states.input.o %}" }
      : { "v.$": "$.n", "w.$": "$.o" };
  return {
    StartAt: "Begin",
    States: { Begin: { Type: "Pass", Assign, Next: StartAt }, ...States },
  };
}
